"""The people of a segment as a file: masked, or in clear for who may look behind the mask."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.accounts.rules import Permission
from app.departments import queries as departments
from app.exports.rules import Cell
from app.exports.sources import Ask, Batch, Params, Source
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.segments import labels, queries, service
from app.segments.queries import MemberRow
from app.segments.queries.conditions import Reader
from app.segments.rules import UseKind
from app.segments.service import Member
from app.web.ui import local, written_date

NAME: Final = "segment"
COLUMNS: Final = (
    mark("Number"),
    mark("Name"),
    mark("Kind"),
    mark("Birth year"),
    mark("Language"),
    mark("Phone number"),
    mark("E-mail"),
    mark("District or street"),
    mark("Wishes to be reached by"),
    mark("Times"),
    mark("Special care"),
    mark("Open matters"),
    mark("All matters"),
    mark("Last matter on"),
    mark("Does not wish to be contacted"),
)


def _read(_given: Mapping[str, list[str]]) -> Params:
    # Ordered from the segment's own page alone, which knows the version.
    raise NotFoundError(mark("There is nothing like this to export."))


def _statement(session: Session, ask: Ask) -> Select[*tuple[Any, ...]]:
    version = queries.get_version(session, ask.params["version"])
    return queries.members(service.rule_for(version, UseKind.EXPORT), _reader(ask))


def _reader(ask: Ask) -> Reader:
    return Reader(ask.actor, ask.now, local(ask.now, ask.zone).date())


def _cells(session: Session, ask: Ask, batch: Batch) -> Iterator[Sequence[Cell]]:
    found = [MemberRow(*row) for row in batch]
    for member in service.described(session, _reader(ask), found, is_clear=ask.is_clear):
        yield _line(session, ask, member)


def _line(session: Session, ask: Ask, member: Member) -> tuple[Cell, ...]:
    return (
        member.number,
        member.name,
        ask.say(labels.PARTIES[member.kind]),
        member.birth_year,
        ask.say(labels.LANGUAGES.get(member.language, member.language)),
        member.phone,
        member.email,
        departments.region_name(session, member.region_code) if member.region_code else "",
        ask.say(labels.CONTACTS[member.prefers]) if member.prefers else "",
        member.times,
        "、".join(ask.say(labels.MARKS[kind]) for kind in member.marks),
        member.open_matters,
        member.matters,
        written_date(local(member.last_at, ask.zone)) if member.last_at else "",
        ask.say(mark("yes")) if member.do_not_contact else "",
    )


SOURCE: Final = Source(
    name=NAME,
    title=mark("People of a segment"),
    needs=Permission.SEGMENT_USE,
    columns=COLUMNS,
    read=_read,
    statement=_statement,
    cells=_cells,
    has_clear=True,
    is_ordered_elsewhere=True,
)
