"""The chips of the workbench and the query parameters of its lists.

A chip is a named filter for the people it concerns; every filter can be
written as a query string and read back, so that any list has an address.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints
from urllib.parse import urlencode

from app.accounts.rules import Actor, Permission
from app.cases.kinds import Status
from app.cases.queries.lists import Filter, LampState
from app.kernel.errors import InvalidError
from app.kernel.messages import mark


@dataclass(frozen=True, slots=True)
class Chip:
    """A list somebody works through; shown to whoever holds one of the rights."""

    key: str
    label: str
    needs: tuple[Permission, ...]
    wanted: Filter
    is_mine: bool = False


_P = Permission
CHIPS: Final = (
    Chip("mine", mark("Mine"), (_P.CASE_HANDLE,), Filter(), is_mine=True),
    Chip("accept", mark("To accept"), (_P.CASE_ACCEPT,), Filter(states=(Status.SUBMITTED,))),
    Chip("dispatch", mark("To dispatch"), (_P.CASE_DISPATCH,), Filter(states=(Status.ACCEPTED,))),
    Chip("sign", mark("To sign for"), (_P.CASE_SIGN,), Filter(states=(Status.DISPATCHED,))),
    Chip(
        "handle",
        mark("In hand"),
        (_P.CASE_HANDLE,),
        Filter(states=(Status.HANDLING, Status.WAITING_CITIZEN, Status.SUSPENDED)),
    ),
    Chip("returns", mark("Returns"), (_P.CASE_DISPATCH,), Filter(states=(Status.RETURNING,))),
    Chip(
        "decide",
        mark("To decide"),
        (_P.CASE_APPROVE,),
        Filter(is_pending=True, states=(Status.HANDLING, Status.WAITING_CITIZEN)),
    ),
    Chip("rule", mark("To rule"), (_P.CASE_RULE,), Filter(states=(Status.ADJUDICATING,))),
    Chip("review", mark("To review"), (_P.CASE_REVIEW,), Filter(states=(Status.REPLIED,))),
    Chip(
        "callback", mark("To call back"), (_P.CASE_CALLBACK,), Filter(states=(Status.CALLING_BACK,))
    ),
    Chip("soon", mark("Due soon"), (_P.CASE_READ,), Filter(step_lamp=LampState.WARN)),
    Chip("late", mark("Overdue"), (_P.CASE_READ,), Filter(step_lamp=LampState.BAD)),
    Chip("open", mark("All open"), (_P.CASE_READ,), Filter()),
    Chip("ended", mark("Ended"), (_P.CASE_READ,), Filter(is_open=False)),
)
_BY_KEY: Final = {chip.key: chip for chip in CHIPS}


def chips_for(actor: Actor) -> tuple[Chip, ...]:
    """The chips that concern this person."""
    return tuple(chip for chip in CHIPS if any(map(actor.may, chip.needs)))


def chip_for(actor: Actor, key: str) -> Chip | None:
    """The chip with this key; without a key the first that concerns the person.

    None for an unknown key, and for one that is not theirs.
    """
    own = chips_for(actor)
    if not key:
        return own[0] if own else None
    chip = _BY_KEY.get(key)
    return chip if chip in own else None


def filter_of(chip: Chip, actor: Actor) -> Filter:
    """The chip's filter, for this person."""
    return replace(chip.wanted, handler_id=actor.id) if chip.is_mine else chip.wanted


def to_query(wanted: Filter) -> str:
    """The filter as a query string; only what differs from the plain list of open matters."""
    plain = Filter()
    pairs: list[tuple[str, str]] = []
    for part in fields(Filter):
        value = getattr(wanted, part.name)
        if value != getattr(plain, part.name) and part.name != "citizen_ids":
            pairs += [(part.name, text) for text in _written(value)]
    return urlencode(pairs)


def _written(value: object) -> list[str]:
    if isinstance(value, tuple):
        return [str(one) for one in value]
    if isinstance(value, datetime):
        return [value.isoformat()]
    if value is None:
        return ["any"]
    return ["yes" if value else "no"] if isinstance(value, bool) else [str(value)]


def from_query(given: Mapping[str, list[str]]) -> Filter:
    """The filter a query string means; names that are no part of it are left alone.

    Raises:
        InvalidError: a value cannot be what its name asks for.
    """
    hints = get_type_hints(Filter)
    found: dict[str, Any] = {}
    for part in fields(Filter):
        values = [value for value in given.get(part.name, []) if value]
        if values and part.name != "citizen_ids":
            found[part.name] = _read(values, hints[part.name])
    return Filter(**found)


def _read(values: list[str], hint: object) -> object:
    try:
        if get_origin(hint) is tuple:
            return tuple(_one(value, get_args(hint)[0]) for value in values)
        return _one(values[0], _core(hint))
    except (ValueError, KeyError) as error:
        raise InvalidError(mark("This link is damaged. Please open the list again.")) from error


def _core(hint: object) -> object:
    if get_origin(hint) in (Union, UnionType):
        return next(one for one in get_args(hint) if one is not type(None))
    return hint


def _one(value: str, hint: object) -> object:
    if hint is bool:
        return {"yes": True, "no": False, "any": None}[value]
    if hint is int:
        return int(value)
    if hint is datetime:
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError(value)
        return at
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(value)
    return value
