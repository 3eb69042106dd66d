"""Starts, meets, pauses and extends the clocks of a case as its workflow says.

Chooses the limit from the catalogue and mirrors the clocks on to the case;
the counting is `sla`'s and the calendar's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.cases.models import Approval, Case
from app.cases.rules import CaseClock, ClockDoes
from app.catalogue import queries as catalogue
from app.sla import queries as sla_queries
from app.sla import service as sla
from app.sla.models import Clock
from app.sla.rules import ClockKind, Subject

SUBJECT: Final = "case"
FAR: Final = datetime(9000, 1, 1, tzinfo=UTC)  # sorts what has no running clock to the end


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a pause or an extension rests on, and when a deed is taken as done."""

    now: datetime
    done_at: datetime
    approval: Approval | None = None
    approver_id: int | None = None


def subject_of(case: Case) -> Subject:
    """The case as `sla` names it."""
    return Subject(SUBJECT, case.id, region_code=case.region_code, unit_id=case.unit_id)


def start(session: Session, case: Case, kind: CaseClock, *, now: datetime) -> Clock:
    """Start one clock with the limit that holds on this day; the limit is copied."""
    local_day = calendars.local_date(session, now)
    limit = catalogue.choose_limit(
        session,
        clock_kind=kind,
        case_kind=case.kind,
        category_id=case.category_id,
        urgency=case.urgency,
        region_code=case.region_code,
        on=local_day,
    )
    return sla.start(session, subject_of(case), ClockKind(kind), limit, now=now, round_=case.round)


def run(
    session: Session,
    case: Case,
    deeds: Sequence[tuple[CaseClock, ClockDoes]],
    grounds: Grounds,
) -> None:
    """Do to the case's clocks what a step says, then mirror them on to the case."""
    for kind, does in deeds:
        _DEEDS[does](session, case, kind, grounds)
    mirror(session, case)


def _start(session: Session, case: Case, kind: CaseClock, grounds: Grounds) -> None:
    start(session, case, kind, now=grounds.now)


def _meet(session: Session, case: Case, kind: CaseClock, grounds: Grounds) -> None:
    # The resolve clock is met at the time of the approved reply (architecture §5).
    at = grounds.done_at if kind is CaseClock.RESOLVE else grounds.now
    met = sla.meet(session, subject_of(case), ClockKind(kind), now=grounds.now, at=at)
    if met is not None and kind is CaseClock.RESOLVE:
        case.on_time = met.was_on_time


def _cancel(session: Session, case: Case, kind: CaseClock, grounds: Grounds) -> None:
    sla.cancel(session, subject_of(case), ClockKind(kind), now=grounds.now)


def _resume(session: Session, case: Case, kind: CaseClock, grounds: Grounds) -> None:
    sla.resume(session, subject_of(case), ClockKind(kind), now=grounds.now)


def _new_round(session: Session, case: Case, kind: CaseClock, grounds: Grounds) -> None:
    case.round += 1
    case.on_time = None
    start(session, case, kind, now=grounds.now)


def _rebase(session: Session, case: Case, kind: CaseClock, grounds: Grounds) -> None:
    _cancel(session, case, kind, grounds)
    start(session, case, kind, now=case.opened_at)


def _pause(session: Session, case: Case, kind: CaseClock, grounds: Grounds) -> None:
    approval = _needed(grounds)
    sla.pause(
        session,
        subject_of(case),
        ClockKind(kind),
        legal_type=str(approval.ground),
        document_no=approval.document_no,
        approver_id=grounds.approver_id,
        reason=approval.reason,
        now=grounds.now,
    )


def _extend(session: Session, case: Case, kind: CaseClock, grounds: Grounds) -> None:
    approval = _needed(grounds)
    sla.extend(
        session,
        subject_of(case),
        ClockKind(kind),
        days=approval.amount or 0,
        approver_id=grounds.approver_id,
        reason=approval.reason,
        now=grounds.now,
    )


def _needed(grounds: Grounds) -> Approval:
    if grounds.approval is None:
        msg = "a clock is paused or extended only on an approved request"
        raise ValueError(msg)
    return grounds.approval


_DEEDS: Final[Mapping[ClockDoes, Callable[[Session, Case, CaseClock, Grounds], None]]] = {
    ClockDoes.START: _start,
    ClockDoes.MEET: _meet,
    ClockDoes.CANCEL: _cancel,
    ClockDoes.PAUSE: _pause,
    ClockDoes.RESUME: _resume,
    ClockDoes.EXTEND: _extend,
    ClockDoes.NEW_ROUND: _new_round,
    ClockDoes.REBASE: _rebase,
}


def mirror(session: Session, case: Case) -> None:
    """Copy what lists need from the clocks on to the case: one indexed place to look."""
    clocks = sla_queries.open_clocks(session, subject_of(case))
    resolve = next((c for c in clocks if c.kind is ClockKind.RESOLVE), None)
    running = [c for c in clocks if c.due_at is not None]
    most_pressing = min(running, key=_due, default=None)
    case.due_at = resolve.due_at if resolve else case.due_at
    case.warn_at = resolve.warn_at if resolve else case.warn_at
    case.is_paused = resolve is not None and resolve.due_at is None
    case.is_provisional = any(c.provisional for c in running)
    case.next_clock = str(most_pressing.kind) if most_pressing else ""
    case.next_due_at = most_pressing.due_at if most_pressing else None
    case.next_warn_at = most_pressing.warn_at if most_pressing else None
    case.sort_at = _due(most_pressing) if most_pressing else FAR
    session.flush()


def _due(clock: Clock) -> datetime:
    return clock.due_at or FAR
