"""Reads of whole matters for the check, in batches: everybody's, and whatever their state.

For commands and jobs only; nothing here asks who may see them.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Attachment, Case, CaseEvent, CaseText
from app.sla.models import OPEN, Clock
from app.sla.rules import ClockKind

_BATCH: Final = 500
_CASE: Final = "case"


def files_known(session: Session, names: Sequence[str]) -> set[str]:
    """Which of these files some row knows."""
    return set(session.scalars(select(Attachment.sha256).where(Attachment.sha256.in_(names))))


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
