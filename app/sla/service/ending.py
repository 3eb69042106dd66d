"""Ends clocks: met when the thing was done, cancelled when it need not be done any more.

Judges nothing else: whether it was in time follows from the dates.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.errors import ConflictError
from app.kernel.messages import mark
from app.sla import queries
from app.sla.events import ClockDid
from app.sla.models import Clock
from app.sla.rules import ClockKind, Subject
from app.sla.service.shared import changes_of, check_open, first_budget, replay, tell


def meet(
    session: Session,
    subject: Subject,
    kind: ClockKind,
    *,
    now: datetime,
    at: datetime | None = None,
) -> Clock | None:
    """The thing was done, at `at` if that was earlier than now; None if no clock is open."""
    clock = queries.find_open(session, subject, kind)
    return clock and meet_clock(session, clock, now=now, at=at)


def meet_clock(
    session: Session, clock: Clock, *, now: datetime, at: datetime | None = None
) -> Clock:
    """As `meet`, for a clock at hand.

    An instant before a later pause or extension is judged by what held at that instant.

    Raises:
        ConflictError: the clock has ended, or the instant lies before it began or after now.
    """
    check_open(clock)
    met_at = at or now
    if not clock.opened_at <= met_at <= now:
        raise ConflictError(mark("It cannot have been done before the clock began or after now."))
    if met_at < now and clock.id is not None:
        changes = changes_of(session, clock)
        if any(change.at > met_at for change in changes):
            earlier = [change for change in changes if change.at <= met_at]
            clock.read(replay(session, clock, first_budget(clock, changes), earlier))
    clock.met_at = met_at
    tell(session, clock, ClockDid.MET, now, clock.due_at)
    return clock


def cancel(session: Session, subject: Subject, kind: ClockKind, *, now: datetime) -> Clock | None:
    """Nothing must be done any more; None if no clock is open."""
    clock = queries.find_open(session, subject, kind)
    return clock and cancel_clock(session, clock, now=now)


def cancel_clock(session: Session, clock: Clock, *, now: datetime) -> Clock:
    """As `cancel`, for a clock at hand.

    Raises:
        ConflictError: the clock has ended.
    """
    check_open(clock)
    clock.cancelled_at = now
    tell(session, clock, ClockDid.CANCELLED, now, clock.due_at)
    return clock
