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
from app.calendars.rules import LimitUnit
from app.cases.models import Approval, Case
from app.cases.rules import CaseClock, ClockDoes, given_fact
from app.catalogue import queries as catalogue
from app.catalogue.rules import ChosenLimit
from app.sla import queries as sla_queries
from app.sla import service as sla
from app.sla.models import Clock
from app.sla.rules import ClockKind, PauseKind, Subject

FAR: Final = datetime(9000, 1, 1, tzinfo=UTC)  # sorts what has no running clock to the end
_SECONDS_PER_DAY: Final = 86400


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a pause or an extension rests on, and when a deed is taken as done."""

    now: datetime
    done_at: datetime
    approval: Approval | None = None
    approver_id: int | None = None

    def as_approval(self) -> sla.Approval:
        """The decision in the words of `sla`."""
        asked = given_fact(self.approval)
        return sla.Approval(asked.document_no, given_fact(self.approver_id), asked.reason[:500])


def limit_for(session: Session, case: Case, kind: CaseClock, *, now: datetime) -> ChosenLimit:
    """The limit that holds for this clock of this case on this day."""
    return catalogue.choose_limit(
        session,
        clock_kind=kind,
        case_kind=case.kind,
        category_id=case.category_id,
        urgency=case.urgency,
        region_code=case.region_code,
        on=calendars.load(session).statutory.local_date(now),
    )


def start(session: Session, case: Case, kind: CaseClock, *, now: datetime) -> Clock:
    """Start one clock with the limit that holds today; the limit is copied on to it."""
    return sla.start(
        session,
        Subject.case(case.id),
        ClockKind(kind),
        limit_for(session, case, kind, now=now),
        now=now,
        region_code=case.region_code,
        unit_id=case.unit_id,
    )


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
    # Signed again after a refused return: the clock that runs already goes on.
    if sla_queries.find_open(session, Subject.case(case.id), ClockKind(kind)) is None:
        start(session, case, kind, now=grounds.now)


def _meet(session: Session, case: Case, kind: CaseClock, grounds: Grounds) -> None:
    # The resolve clock is met at the time of the approved reply (architecture §5).
    at = grounds.done_at if kind is CaseClock.RESOLVE else grounds.now
    met = sla.meet(session, Subject.case(case.id), ClockKind(kind), now=grounds.now, at=at)
    if met is not None and kind is CaseClock.RESOLVE:
        case.on_time = met.on_time


def _cancel(session: Session, case: Case, kind: CaseClock, grounds: Grounds) -> None:
    sla.cancel(session, Subject.case(case.id), ClockKind(kind), now=grounds.now)


def _pause(session: Session, case: Case, kind: CaseClock, grounds: Grounds) -> None:
    sla.pause(
        session,
        _open_clock(session, case, kind),
        PauseKind.SUSPENSION,
        grounds.as_approval(),
        now=grounds.now,
    )


def _resume(session: Session, case: Case, kind: CaseClock, grounds: Grounds) -> None:
    sla.resume(session, _open_clock(session, case, kind), now=grounds.now)


def _extend(session: Session, case: Case, kind: CaseClock, grounds: Grounds) -> None:
    clock = _open_clock(session, case, kind)
    days = given_fact(grounds.approval).amount or 0
    counts_days = clock.unit in (LimitUnit.DAY, LimitUnit.WORK_DAY)
    amount = days if counts_days else days * _SECONDS_PER_DAY
    sla.extend(session, clock, amount, grounds.as_approval(), now=grounds.now)


def _new_round(session: Session, case: Case, kind: CaseClock, grounds: Grounds) -> None:
    case.round += 1
    case.on_time = None
    sla.new_round(
        session,
        Subject.case(case.id),
        ClockKind(kind),
        limit_for(session, case, kind, now=grounds.now),
        now=grounds.now,
        region_code=case.region_code,
        unit_id=case.unit_id,
    )


def _rebase(session: Session, case: Case, kind: CaseClock, grounds: Grounds) -> None:
    limit = limit_for(session, case, kind, now=case.opened_at)
    sla.rebase(session, _open_clock(session, case, kind), limit, now=grounds.now)


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


def _open_clock(session: Session, case: Case, kind: CaseClock) -> Clock:
    return given_fact(sla_queries.find_open(session, Subject.case(case.id), ClockKind(kind)))


def mirror(session: Session, case: Case) -> None:
    """Copy what lists need from the clocks on to the case: one indexed place to look.

    The citizen's date stays on the case when its clock has ended.
    """
    session.flush()
    clocks = sla_queries.open_clocks(session, Subject.case(case.id))
    resolve = clocks.get(ClockKind.RESOLVE)
    if resolve is not None:
        case.due_at, case.warn_at = resolve.due_at, resolve.warn_at
        case.is_paused = resolve.is_paused
        case.is_provisional = resolve.provisional
    else:
        case.is_paused = case.is_provisional = False
    dated = [(clock.due_at, clock) for clock in clocks.values() if clock.due_at is not None]
    due_at, pressing = min(dated, key=lambda pair: pair[0], default=(None, None))
    case.next_clock = str(pressing.kind) if pressing else ""
    case.next_due_at, case.next_warn_at = due_at, pressing.warn_at if pressing else None
    case.sort_at = due_at or FAR
