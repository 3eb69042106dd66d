"""A list of matters as a file: the rows and the filter of the workbench, no names of citizens."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qs

from sqlalchemy import Row, Select
from sqlalchemy.orm import Session

from app.accounts.rules import Permission
from app.cases.kinds import Status
from app.cases.labels import LABELS, TITLE_ERASED
from app.cases.queries import lists
from app.cases.queries.addresses import from_query, to_query
from app.catalogue.rules import CaseKind, Urgency
from app.departments import queries as departments
from app.exports.rules import Cell
from app.exports.sources import Ask, Batch, Params, Source
from app.kernel.messages import mark
from app.kernel.text import mask_free_text
from app.web.ui import written_time

NAME: Final = "cases"
HEADINGS: Final = (
    mark("Number"),
    mark("Title"),
    mark("Kind"),
    mark("State"),
    mark("Urgency"),
    mark("Category"),
    mark("District or street"),
    mark("Unit"),
    mark("Received"),
    mark("Due"),
    mark("Ended"),
    mark("Ended in time"),
    mark("Asked for speed"),
)
_ON_TIME: Final = {True: mark("yes"), False: mark("no"), None: ""}


def _read(given: Mapping[str, list[str]]) -> Params:
    """The filter as the workbench writes it; nothing in it says who a list is about."""
    return {"query": to_query(from_query(given))}


def _statement(_session: Session, ask: Ask) -> Select[*tuple[Any, ...]]:
    return lists.whole(ask.actor, from_query(parse_qs(ask.params["query"])), now=ask.now)


def _cells(session: Session, ask: Ask, batch: Batch) -> Iterator[Sequence[Cell]]:
    places = {row.region_code: "" for row in batch if row.region_code}
    places = {code: departments.region_name(session, code) for code in places}
    for row in batch:
        yield _line(ask, row, places.get(row.region_code, ""))


def _line(ask: Ask, row: Row[*tuple[Any, ...]], place: str) -> tuple[Cell, ...]:
    return (
        row.number,
        mask_free_text(row.title) or ask.say(TITLE_ERASED),
        ask.say(LABELS[CaseKind][row.kind]),
        ask.say(LABELS[Status][row.status]),
        ask.say(LABELS[Urgency][row.urgency]),
        row.category_name,
        place,
        row.unit_name,
        written_time(row.opened_at, ask.zone),
        _at(ask, row.due_at),
        _at(ask, row.closed_at),
        ask.say(_ON_TIME[row.on_time]),
        row.urge_count,
    )


def _at(ask: Ask, at: datetime | None) -> str:
    return written_time(at, ask.zone) if at else ""


SOURCE: Final = Source(
    name=NAME,
    title=mark("Matters of a list"),
    needs=Permission.CASE_READ,
    columns=HEADINGS,
    read=_read,
    statement=_statement,
    cells=_cells,
)
