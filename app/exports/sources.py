"""What can be taken out: the interface a feature fills in, and the table of those there are.

A source says its columns, one statement, and how rows become cells; it writes no file.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row, Select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.exports.rules import Cell
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark

Params = dict[str, Any]
Batch = Sequence[Row[*tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Ask:
    """Who asks for what: the actor with the rights of this moment, and how to say things.

    `say` translates a marked sentence for the reader; `is_clear` allows unmasked columns.
    """

    actor: Actor
    params: Params
    is_clear: bool
    now: datetime
    zone: ZoneInfo
    say: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Source:
    """One thing that can be exported.

    `read` makes parameters without personal data of an address, or raises `InvalidError`;
    `cells` turns some hundred rows of the statement into cells, with a constant number
    of further statements. `columns` are marked headings; `clear` says whether unmasked
    values can be asked for.
    """

    name: str
    title: str
    needs: Permission
    columns: tuple[str, ...]
    read: Callable[[Mapping[str, list[str]]], Params]
    statement: Callable[[Session, Ask], Select[*tuple[Any, ...]]]
    cells: Callable[[Session, Ask, Batch], Iterable[Sequence[Cell]]]
    has_clear: bool = False
    is_ordered_elsewhere: bool = False  # by a page of its own, which asks for more than a reason


_wired: Final[dict[str, Source]] = {}


def wire(sources: Sequence[Source]) -> None:
    """Say what can be exported; called once at start by the wiring."""
    _wired.clear()
    _wired.update({source.name: source for source in sources})


def get_source(name: str) -> Source:
    """The source of this name.

    Raises:
        NotFoundError: there is none.
    """
    found = _wired.get(name)
    if found is None:
        raise NotFoundError(mark("There is nothing like this to export."))
    return found
