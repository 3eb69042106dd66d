"""Stops a running clock, sets it going again, lengthens it, or puts another limit on it.

Stops only on a legal ground with a paper; who may decide that is the caller's matter.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.rules import ChosenLimit
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark
from app.sla import rules
from app.sla.events import ClockDid
from app.sla.models import Clock, ClockExtension, ClockPause
from app.sla.rules import ChangeKind, PauseKind
from app.sla.service.shared import (
    Approval,
    calendar_of,
    changes_of,
    check_open,
    replay,
    tell,
)


def pause(
    session: Session, clock: Clock, legal_type: PauseKind, approval: Approval, *, now: datetime
) -> ClockPause:
    """Stop the clock at `now` on a legal ground.

    Raises:
        InvalidError: the number of the paper is missing.
        ConflictError: the clock has ended, or stands still already.
    """
    _check_approval(approval)
    check_open(clock)
    if clock.running_since is None:
        raise ConflictError(mark("This clock stands still already."))
    if now < clock.running_since:
        raise ConflictError(mark("A clock cannot stop before it began to run."))
    before = clock.due_at
    clock.read(rules.paused(calendar_of(session, clock), clock.terms, clock.reading, now))
    session.flush()  # a clock just begun has no id yet
    interval = ClockPause(
        clock_id=clock.id,
        from_at=now,
        legal_type=legal_type,
        document_no=approval.document_no.strip(),
        approver_id=approval.approver_id,
        reason=approval.reason,
    )
    session.add(interval)
    tell(session, clock, ClockDid.PAUSED, now, before)
    return interval


def resume(session: Session, clock: Clock, *, now: datetime) -> Clock:
    """Set the clock going again with what is left of its budget.

    Raises:
        ConflictError: the clock has ended, or does not stand still.
    """
    check_open(clock)
    interval = session.scalars(
        select(ClockPause).where(ClockPause.clock_id == clock.id, ClockPause.to_at.is_(None))
    ).one_or_none()
    if interval is None or now < interval.from_at:
        raise ConflictError(mark("This clock is running."))
    interval.to_at = now
    clock.read(rules.resumed(calendar_of(session, clock), clock.terms, clock.reading, now))
    tell(session, clock, ClockDid.RESUMED, now)
    return clock


def extend(
    session: Session, clock: Clock, amount: int, approval: Approval, *, now: datetime
) -> ClockExtension:
    """Raise the clock's budget by `amount`: days, or seconds where the limit is in hours.

    Raises:
        InvalidError: the amount is not positive.
        ConflictError: the clock has ended.
    """
    if amount <= 0:
        raise InvalidError(fields={"amount": mark("An extension must be longer than nothing.")})
    check_open(clock)
    before = clock.due_at
    clock.read(rules.extended(calendar_of(session, clock), clock.terms, clock.reading, amount))
    session.flush()  # a clock just begun has no id yet
    extension = ClockExtension(
        clock_id=clock.id,
        at=now,
        amount=amount,
        document_no=approval.document_no.strip(),
        approver_id=approval.approver_id,
        reason=approval.reason,
    )
    session.add(extension)
    tell(session, clock, ClockDid.EXTENDED, now, before)
    return extension


def rebase(session: Session, clock: Clock, limit: ChosenLimit, *, now: datetime) -> Clock:
    """Put another limit on the clock, counted from when it began; its history stays.

    For a matter whose category or urgency is settled only after it came in.

    Raises:
        ConflictError: the clock has ended, or was extended in another unit.
    """
    check_open(clock)
    changes = changes_of(session, clock)
    is_extended = any(change.kind is ChangeKind.EXTENDED for change in changes)
    if is_extended and limit.unit is not clock.unit:
        raise ConflictError(mark("An extended clock cannot change the unit it counts in."))
    before = clock.due_at
    clock.unit = limit.unit
    clock.close_of_business = limit.close_of_business
    clock.limit_code = limit.code
    clock.basis_text = limit.basis_text
    clock.basis_level = limit.basis_level
    clock.is_sample = limit.is_sample
    clock.read(replay(session, clock, limit.budget, changes))
    tell(session, clock, ClockDid.REBASED, now, before)
    return clock


def _check_approval(approval: Approval) -> None:
    if not approval.document_no.strip():
        raise InvalidError(
            fields={"document_no": mark("A clock stops only with the number of its paper.")}
        )
