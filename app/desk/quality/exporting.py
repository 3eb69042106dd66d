"""A work list of data quality as a file: masked, or in clear for who may look behind the mask.

Whoever is restricted is in no file (个人信息保护法 art. 47); what is wrong with whom is one
kind of trouble at a time, as the list shows it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Row, Select
from sqlalchemy.orm import Session

from app.accounts.rules import Permission
from app.citizens.queries import quality as trouble
from app.citizens.rules import ContactKind, PartyKind, number_of
from app.citizens.rules.quality import IssueKind
from app.citizens.sealing import PHONES
from app.citizens.service import duplicates, parties
from app.citizens.service.duplicates import Somebody
from app.desk.quality.labels import TROUBLES
from app.exports.rules import Cell
from app.exports.sources import Ask, Batch, Params, Source
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.web.ui import local, written_date

NAME: Final = "people"
COLUMNS: Final = (
    mark("Number"),
    mark("Name"),
    mark("Kind"),
    mark("Birth year"),
    mark("Phone number"),
    mark("E-mail"),
    mark("Address"),
    mark("What is wrong"),
    mark("Since"),
)
_KINDS: Final = {
    PartyKind.PERSON: mark("Person"),
    PartyKind.ORGANISATION: mark("Organisation"),
}
_MAIL, _ADDRESS = frozenset({ContactKind.EMAIL}), frozenset({ContactKind.ADDRESS})


def _read(given: Mapping[str, list[str]]) -> Params:
    """Which list; nothing in it says who is on it."""
    kind = next(iter(given.get("kind", [])), "")
    if kind not in set(IssueKind):
        raise NotFoundError(mark("There is nothing like this to export."))
    return {"kind": kind}


def _statement(_session: Session, ask: Ask) -> Select[*tuple[Any, ...]]:
    return trouble.whole_issue(IssueKind(ask.params["kind"]))


def _cells(session: Session, ask: Ask, batch: Batch) -> Iterator[Sequence[Cell]]:
    people = duplicates.read_many(session, [row.citizen_id for row in batch])
    for row in batch:
        yield _line(ask, row, people[row.citizen_id])


def _line(ask: Ask, row: Row[*tuple[Any, ...]], one: Somebody) -> tuple[Cell, ...]:
    return (
        number_of(row.citizen_id),
        one.name if ask.is_clear else parties.masked_name(one.name, one.kind),
        ask.say(_KINDS[one.kind]),
        one.birth_year,
        _ways(ask, one, PHONES),
        _ways(ask, one, _MAIL),
        _ways(ask, one, _ADDRESS),
        ask.say(TROUBLES[IssueKind(ask.params["kind"])].label),
        written_date(local(row.since, ask.zone)),
    )


def _ways(ask: Ask, one: Somebody, kinds: frozenset[ContactKind]) -> str:
    found = ((kind, value) for kind, value in one.reaches if kind in kinds)
    return "、".join(
        value if ask.is_clear else parties.masked_contact(kind, value) for kind, value in found
    )


SOURCE: Final = Source(
    name=NAME,
    title=mark("People of a list of data quality"),
    needs=Permission.CITIZEN_READ,
    columns=COLUMNS,
    read=_read,
    statement=_statement,
    cells=_cells,
    has_clear=True,
)
