"""The right of each who followed a complaint to have it checked by the unit above, too (复核).

What was found goes with the answer; the time in which one can ask, and whether one has, is one's
own (信访工作条例 art. 35).
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.cases.complaint_models import CaseComplaint
from app.cases.models import Case
from app.cases.queries.inquiring import complaints_of
from app.cases.service import clocks
from app.catalogue.rules import CaseKind


def give_each(session: Session, master: Case, followers: Sequence[Case], *, now: datetime) -> None:
    """Let every complaint that ended with its master be checked on its own, from now on."""
    complaints = [case for case in followers if case.kind is CaseKind.COMPLAINT]
    if not complaints:
        return
    kept = complaints_of(session, [master.id, *(case.id for case in complaints)])
    found = kept.get(master.id)
    until = _windows(session, now)
    for case in complaints:
        row = kept.get(case.id)
        if row is None:
            row = CaseComplaint(case_id=case.id)
            session.add(row)
        if found is not None:
            row.finding, row.proposed_by = found.finding, found.proposed_by
            row.confirmed_by, row.confirmed_at = found.confirmed_by, found.confirmed_at
        row.recheck_until = until(case)


def _windows(session: Session, now: datetime) -> Callable[[Case], datetime | None]:
    """Looks each window up once: many who follow one matter have the same."""
    known: dict[tuple[object, ...], datetime | None] = {}

    def until(case: Case) -> datetime | None:
        key = (case.category_id, case.urgency, case.region_code, case.unit_id)
        if key not in known:
            known[key] = clocks.recheck_window(session, case, now=now)
        return known[key]

    return until
