"""Starts, meets, pauses and extends the clocks of a case as its workflow says.

Chooses the limit from the catalogue and mirrors the clocks on to the case;
the counting is `sla`'s and the calendar's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.calendars.rules import LimitUnit
from app.cases.models import Approval, Case
from app.cases.queries.applying import own_limit
from app.cases.rules import CaseClock, ClockDoes, given_fact
from app.catalogue import queries as catalogue
from app.catalogue.rules import RECHECK_WINDOW, RETURN_WINDOW, ChosenLimit
from app.kernel.errors import ConflictError
from app.kernel.messages import mark
from app.sla import queries as sla_queries
from app.sla import service as sla
from app.sla.models import Clock
from app.sla.rules import ClockKind, PauseKind, Subject

FAR: Final = datetime(9000, 1, 1, tzinfo=UTC)  # sorts what has no running clock to the end
_SECONDS_PER_DAY: Final = 86400
_SUSPENSION: Final = PauseKind.SUSPENSION


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a pause or an extension rests on, and when a deed is taken as done."""

    now: datetime
    done_at: datetime
    approval: Approval | None = None
    approver_id: int | None = None
    accepted_at: datetime | None = None

    def as_approval(self) -> sla.Approval:
        """The decision in the words of `sla`."""
        asked = given_fact(self.approval)
        return sla.Approval(asked.document_no, given_fact(self.approver_id), asked.reason[:500])


def limit_for(session: Session, case: Case, kind: CaseClock, *, now: datetime) -> ChosenLimit:
    """The limit that holds for this clock of this case on this day; its own before any other."""
    return own_limit(session, case, kind) or catalogue.choose_limit(
        session,
        clock_kind=kind,
        case_kind=case.kind,
        category_id=case.category_id,
        urgency=case.urgency,
        region_code=case.region_code,
        on=calendars.load(session).statutory.local_date(now),
    )


def return_window(session: Session, case: Case, *, now: datetime) -> datetime | None:
    """Until when the unit the matter was just sent to may send it back (rulebook §2.4)."""
    return _window(session, case, RETURN_WINDOW, now=now)


def recheck_window(session: Session, case: Case, *, now: datetime) -> datetime | None:
    """Until when the complainant may ask the unit above to check it (rulebook §4)."""
    return _window(session, case, RECHECK_WINDOW, now=now)


def _window(session: Session, case: Case, window: str, *, now: datetime) -> datetime | None:
    limit = catalogue.choose_limit(
        session,
        clock_kind=window,
        case_kind=case.kind,
        category_id=case.category_id,
        urgency=case.urgency,
        region_code=case.region_code,
        on=calendars.load(session).statutory.local_date(now),
    )
    return sla.due_under(
        session, limit, now=now, region_code=case.region_code, unit_id=case.unit_id
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


def begin(session: Session, case: Case, kinds: Sequence[CaseClock], *, now: datetime) -> None:
    """Start the clocks a case begins with, and mirror them on to a case not written yet."""
    begun = sla.start_all(
        session,
        Subject.case(case.id),
        {ClockKind(kind): limit_for(session, case, kind, now=now) for kind in kinds},
        now=now,
        region_code=case.region_code,
        unit_id=case.unit_id,
    )
    copy(case, begun)


@dataclass(frozen=True, slots=True)
class _Work:
    """One step's work on the clocks: those that are open, read once and kept up to date."""

    session: Session
    case: Case
    grounds: Grounds
    open: dict[ClockKind, Clock]
    ended: set[ClockKind] = field(default_factory=set)

    def end(self, kind: CaseClock) -> Clock | None:
        """Take the clock of this kind away, if one is open."""
        self.ended.add(ClockKind(kind))
        return self.open.pop(ClockKind(kind), None)


def run(
    session: Session,
    case: Case,
    deeds: Sequence[tuple[CaseClock, ClockDoes]],
    grounds: Grounds,
) -> None:
    """Do to the case's clocks what a step says, then mirror them on to the case."""
    if not deeds:
        return
    work = _Work(session, case, grounds, sla_queries.open_clocks(session, Subject.case(case.id)))
    for kind, does in deeds:
        _DEEDS[does](work, kind)
    copy(case, work.open)


def _start(work: _Work, kind: CaseClock) -> None:
    # Signed again after a refused return: the clock that runs already goes on.
    if ClockKind(kind) not in work.open:
        if ClockKind(kind) in work.ended:
            work.session.flush()  # the one before must be written first: two are never open
        clock = start(work.session, work.case, kind, now=work.grounds.now)
        work.open[ClockKind(kind)] = clock


def _run(work: _Work, kind: CaseClock) -> None:
    # An application's limits count from the day it counts as accepted, which may be past.
    limit = own_limit(work.session, work.case, kind)
    if limit is None or ClockKind(kind) in work.open:
        return
    clock = work.open[ClockKind(kind)] = sla.start(
        work.session,
        Subject.case(work.case.id),
        ClockKind(kind),
        limit,
        now=work.grounds.accepted_at or work.grounds.now,
        region_code=work.case.region_code,
        unit_id=work.case.unit_id,
    )
    if kind is CaseClock.RESOLVE:  # may be met in the same step; its date stays on the case
        work.case.due_at, work.case.warn_at = clock.due_at, clock.warn_at


def _meet(work: _Work, kind: CaseClock) -> None:
    clock = work.end(kind)
    if clock is None:
        return
    # The resolve clock is met at the time of the approved reply (architecture §5).
    at = work.grounds.done_at if kind is CaseClock.RESOLVE else work.grounds.now
    sla.meet_clock(work.session, clock, now=work.grounds.now, at=at)
    if kind is CaseClock.RESOLVE:
        work.case.on_time = clock.on_time


def _cancel(work: _Work, kind: CaseClock) -> None:
    clock = work.end(kind)
    if clock is not None:
        sla.cancel_clock(work.session, clock, now=work.grounds.now)


# A matter taken over from another system may have no clock: then none stops or changes.
def _pause(work: _Work, kind: CaseClock) -> None:
    if (clock := work.open.get(ClockKind(kind))) is not None:
        approval = work.grounds.as_approval()
        asked = work.grounds.approval
        kind_of_pause = PauseKind(asked.procedure) if asked and asked.procedure else _SUSPENSION
        sla.pause(work.session, clock, kind_of_pause, approval, now=work.grounds.now)


def _resume(work: _Work, kind: CaseClock) -> None:
    if (clock := work.open.get(ClockKind(kind))) is not None:
        sla.resume(work.session, clock, now=work.grounds.now)


def _extend(work: _Work, kind: CaseClock) -> None:
    if (clock := work.open.get(ClockKind(kind))) is None:
        raise ConflictError(mark("This matter has no time limit that could be extended."))
    days = given_fact(work.grounds.approval).amount or 0
    amount = _in_units_of(work, clock, days)
    sla.extend(work.session, clock, amount, work.grounds.as_approval(), now=work.grounds.now)
    if clock.due_at is not None and clock.due_at < work.grounds.now:
        raise ConflictError(
            mark(
                "Even with the days asked for, the limit would have passed by now. Refuse the "
                "request and say why; the matter is overdue and stays so until it is answered."
            )
        )


def _in_units_of(work: _Work, clock: Clock, days: int) -> int:
    """So many days more, as the clock counts: days, hours of the day, or opening hours."""
    if clock.unit in (LimitUnit.DAY, LimitUnit.WORK_DAY):
        return days
    if clock.unit is LimitUnit.HOUR:
        return days * _SECONDS_PER_DAY
    calendar = calendars.load(work.session, clock.unit_id, region_code=clock.region_code)
    start = clock.due_at or work.grounds.now
    first = calendar.statutory.local_date(start)
    last = calendar.statutory.add(first, days)
    return calendar.hours.between(start, start + (last - first))


def _new_round(work: _Work, kind: CaseClock) -> None:
    case, now = work.case, work.grounds.now
    case.round += 1
    case.on_time = None
    work.open[ClockKind(kind)] = sla.new_round(
        work.session,
        Subject.case(case.id),
        ClockKind(kind),
        limit_for(work.session, case, kind, now=now),
        now=now,
        region_code=case.region_code,
        unit_id=case.unit_id,
    )


def _rebase(work: _Work, kind: CaseClock) -> None:
    if (clock := work.open.get(ClockKind(kind))) is None:
        return
    limit = limit_for(work.session, work.case, kind, now=work.case.opened_at)
    # Still the same line of the catalogue: an edit of it never reaches a clock that runs.
    if limit.code != clock.limit_code:
        sla.rebase(work.session, clock, limit, now=work.grounds.now)


_DEEDS: Final[Mapping[ClockDoes, Callable[[_Work, CaseClock], None]]] = {
    ClockDoes.START: _start,
    ClockDoes.RUN: _run,
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
    session.flush()
    copy(case, sla_queries.open_clocks(session, Subject.case(case.id)))


def copy(case: Case, clocks: Mapping[ClockKind, Clock]) -> None:
    """As `mirror`, with the open clocks at hand.

    The citizen's date stays on the case when its clock has ended.
    """
    for name, value in reflected(clocks).items():
        setattr(case, name, value)


def own_again(session: Session, case: Case) -> None:
    """Let a matter that followed another show the citizen's date it had itself.

    What that one became of in time or late was never a promise to this citizen.
    """
    kept = sla_queries.list_clocks(session, Subject.case(case.id))
    resolve = [clock for clock in kept if clock.kind is ClockKind.RESOLVE]
    if resolve:
        last = max(resolve, key=lambda clock: (clock.round, clock.id))
        case.due_at, case.warn_at, case.on_time = last.due_at, last.warn_at, last.on_time


def reflected(clocks: Mapping[ClockKind, Clock]) -> dict[str, object]:
    """What these open clocks make of the case's columns."""
    resolve = clocks.get(ClockKind.RESOLVE)
    dated = [(clock.due_at, clock) for clock in clocks.values() if clock.due_at is not None]
    # Two due at the same moment: always the same one stands for both.
    by_date = sorted(dated, key=lambda pair: (pair[0], str(pair[1].kind)))
    due_at, pressing = by_date[0] if by_date else (None, None)
    seen: dict[str, object] = {
        "is_paused": resolve is not None and resolve.is_paused,
        "is_provisional": resolve is not None and resolve.provisional,
        "next_clock": str(pressing.kind) if pressing else "",
        "next_due_at": due_at,
        "next_warn_at": pressing.warn_at if pressing else None,
        "sort_at": due_at or FAR,
    }
    if resolve is not None:
        seen |= {"due_at": resolve.due_at, "warn_at": resolve.warn_at}
    return seen
