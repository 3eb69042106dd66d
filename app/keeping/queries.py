"""Reads for the checks and for keys that change: everybody's rows, whatever their state.

For commands and jobs only; nothing here asks who may see them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final

from sqlalchemy import ColumnElement, LargeBinary, Select, Table, func, literal, or_, select
from sqlalchemy.orm import Session

from app.cases.models import Attachment, Case, CaseEvent, CaseText
from app.documents import queries as documents
from app.facilities import queries as facilities
from app.keeping.sealed import SEALED
from app.kernel.secrets import HEADER_BYTES
from app.kernel.vault import vault_of
from app.publishing import queries as publishing
from app.service_items import queries as service_items
from app.sla.models import OPEN, Clock
from app.sla.rules import ClockKind
from app.tables import metadata

_BATCH: Final = 500
_CASE: Final = "case"


def files_known(session: Session, names: Sequence[str]) -> set[str]:
    """Which of these files some row knows."""
    sent = select(Attachment.sha256).where(Attachment.sha256.in_(names))
    return (
        set(session.scalars(sent))
        | documents.files_known(session, names)
        | publishing.files_known(session, names)
        | facilities.files_known(session, names)
        | service_items.files_known(session, names)
    )


def batches(session: Session) -> Iterator[Sequence[Case]]:
    """Every matter, in the order of the keys, some hundred at a time."""
    last = 0
    while True:
        wanted = select(Case).where(Case.id > last).order_by(Case.id).limit(_BATCH)
        batch = session.scalars(wanted).all()
        if not batch:
            return
        last = batch[-1].id
        yield batch


def events_of(session: Session, ids: Sequence[int]) -> Mapping[int, list[CaseEvent]]:
    """The histories of these matters, in order."""
    wanted = select(CaseEvent).where(CaseEvent.case_id.in_(ids))
    rows = session.scalars(wanted.order_by(CaseEvent.case_id, CaseEvent.seq))
    return {case_id: list(own) for case_id, own in groupby(rows, lambda event: event.case_id)}


def texts_of(session: Session, ids: Sequence[int]) -> Mapping[int, CaseText]:
    """The words that are still kept of these matters, by the line they belong to."""
    wanted = select(CaseText).join(CaseEvent, CaseEvent.id == CaseText.event_id)
    return {
        text.event_id: text for text in session.scalars(wanted.where(CaseEvent.case_id.in_(ids)))
    }


def open_clocks_of(session: Session, ids: Sequence[int]) -> Mapping[int, dict[ClockKind, Clock]]:
    """The clocks of these matters that have not ended."""
    found: dict[int, dict[ClockKind, Clock]] = {}
    wanted = select(Clock).where(Clock.subject_type == _CASE, Clock.subject_id.in_(ids), OPEN)
    for clock in session.scalars(wanted):
        found.setdefault(clock.subject_id, {})[clock.kind] = clock
    return found


@dataclass(frozen=True, slots=True)
class SealedTable:
    """A table with its sealed columns and what each is bound to."""

    table: Table
    bound: Mapping[str, str]

    @property
    def key(self) -> ColumnElement[int]:
        (key,) = self.table.primary_key.columns
        return key

    def waiting(self, header: bytes) -> ColumnElement[bool]:
        """Rows with a value that does not begin as values do that are sealed now."""
        now = literal(header, LargeBinary)
        return or_(
            *(func.substr(self.table.c[name], 1, HEADER_BYTES) != now for name in self.bound)
        )

    def next_rows(self, after: int, header: bytes, limit: int) -> Select[*tuple[Any, ...]]:
        """The rows that wait behind this key, locked, so that nobody's edit is overwritten."""
        return (
            select(self.table)
            .where(self.key > after, self.waiting(header))
            .order_by(self.key)
            .limit(limit)
            .with_for_update()
        )


def sealed_tables() -> list[SealedTable]:
    """Every table with sealed values, those others are found through first."""
    found: dict[str, dict[str, str]] = {}
    for name, bound_to in SEALED.items():
        table, _, column = name.partition(".")
        found.setdefault(table, {})[column] = bound_to
    return [SealedTable(metadata.tables[name], bound) for name, bound in found.items()]


def waiting(session: Session) -> dict[str, int]:
    """How many rows of each table are not sealed under the newest key yet; empty ones left out."""
    header = vault_of(session).cipher.header
    counts = {
        each.table.name: session.execute(
            select(func.count()).select_from(each.table).where(each.waiting(header))
        ).scalar_one()
        for each in sealed_tables()
    }
    return {name: count for name, count in counts.items() if count}
