"""Counters: somebody signs on to one, pauses it with a reason, signs off.

One person at one counter, and one counter for one person; a sign-on ends with its day.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.queueing.models import QueueCounter, Ticket
from app.queueing.queries import halls, lines
from app.queueing.rules import Deed, PauseReason
from app.queueing.service.floor import Floor, day_begins, hold, local_day, require_at

NOT_SIGNED_ON: Final = mark("Sign on to a counter first.")


def sign_on(session: Session, actor: Actor, counter_id: int, *, now: datetime) -> QueueCounter:
    """Sit down at a counter; the one somebody was at before is left.

    Raises:
        ForbiddenError: not their work, or not in this hall.
        NotFoundError: no such counter.
        ConflictError: a colleague is at it, or somebody is still served at the old one.
    """
    wanted = session.get(QueueCounter, counter_id)
    if wanted is None or not wanted.is_active:
        raise NotFoundError(mark("There is no such counter."))
    require_at(session, actor, Permission.QUEUE_SERVE, wanted.hall_id)
    if (before := halls.counter_of_staff(session, actor.id)) is not None:
        if before[1] == counter_id and is_signed_on(session, wanted, now=now):
            return wanted
        sign_off(session, actor, now=now)
    floor = hold(session, wanted.hall_id, now=now)
    counter = _latest(session, counter_id)
    if is_signed_on(session, counter, now=now):
        raise ConflictError(mark("A colleague is at this counter."))
    counter.staff_id = actor.id
    counter.signed_on_at = floor.now
    counter.paused_at, counter.pause_reason = None, ""
    floor.note(Deed.SIGN_ON, counter=counter, staff_id=actor.id)
    return counter


def sign_off(session: Session, actor: Actor, *, now: datetime) -> None:
    """Leave the counter; whoever was sent to it alone waits for any counter of the service again.

    Leaving twice changes nothing.

    Raises:
        ConflictError: somebody is still at it.
    """
    found = halls.counter_of_staff(session, actor.id)
    if found is None:
        return
    floor = hold(session, found[0], now=now)
    counter = _latest(session, found[1])
    if lines.current_at(session, counter.id, floor.day) is not None:
        raise ConflictError(mark("Somebody is still at your counter. Finish with them first."))
    counter.staff_id = None
    counter.signed_on_at = None
    counter.paused_at, counter.pause_reason = None, ""
    _free_sent(floor, counter)
    floor.note(Deed.SIGN_OFF, counter=counter, staff_id=actor.id)


def _free_sent(floor: Floor, counter: QueueCounter) -> None:
    sent = update(Ticket).where(
        Ticket.hall_id == counter.hall_id,
        Ticket.day == floor.day,
        Ticket.only_counter_id == counter.id,
    )
    floor.session.execute(sent.values(only_counter_id=None))


def pause(session: Session, actor: Actor, reason: PauseReason, *, now: datetime) -> None:
    """Call nobody for a while; the visitor who is there is served to the end.

    Raises:
        InvalidError: not signed on to a counter.
    """
    floor, counter = own_counter(session, actor, now=now)
    if counter.paused_at is None:
        counter.paused_at, counter.pause_reason = floor.now, str(reason)
        floor.note(Deed.PAUSE, counter=counter, staff_id=actor.id, detail=str(reason))


def resume(session: Session, actor: Actor, *, now: datetime) -> None:
    """Go on calling.

    Raises:
        InvalidError: not signed on to a counter.
    """
    floor, counter = own_counter(session, actor, now=now)
    if counter.paused_at is not None:
        counter.paused_at, counter.pause_reason = None, ""
        floor.note(Deed.RESUME, counter=counter, staff_id=actor.id)


def own_counter(session: Session, actor: Actor, *, now: datetime) -> tuple[Floor, QueueCounter]:
    """The counter somebody is signed on to today, and its hall, held.

    Raises:
        ForbiddenError: not their work, or not in this hall.
        InvalidError: not signed on to a counter.
    """
    actor.require(Permission.QUEUE_SERVE)
    found = halls.counter_of_staff(session, actor.id)
    if found is None:
        raise InvalidError(NOT_SIGNED_ON)
    require_at(session, actor, Permission.QUEUE_SERVE, found[0])
    floor = hold(session, found[0], now=now)
    counter = _latest(session, found[1])
    if counter.staff_id != actor.id or not is_signed_on(session, counter, now=now):
        raise InvalidError(NOT_SIGNED_ON)
    return floor, counter


def require_seat(session: Session, actor: Actor, *, now: datetime) -> int:
    """The hall somebody is at a counter of today.

    Raises:
        ForbiddenError: not their work.
        InvalidError: not signed on to a counter.
    """
    actor.require(Permission.QUEUE_SERVE)
    found = where_of(session, actor, now=now)
    if found is None:
        raise InvalidError(NOT_SIGNED_ON)
    return found[0].hall_id


def where_of(
    session: Session, actor: Actor, *, now: datetime
) -> tuple[QueueCounter, Ticket | None] | None:
    """The counter somebody is at today and whom it called, to look at; None if at none."""
    found = halls.counter_of_staff(session, actor.id)
    counter = session.get(QueueCounter, found[1]) if found else None
    if counter is None or not is_signed_on(session, counter, now=now):
        return None
    day = local_day(session, counter.hall_id, now)
    return counter, lines.current_at(session, counter.id, day)


def is_signed_on(session: Session, counter: QueueCounter, *, now: datetime) -> bool:
    """Whether somebody signed on today; a sign-on of yesterday was forgotten."""
    if counter.staff_id is None or counter.signed_on_at is None:
        return False
    day = local_day(session, counter.hall_id, now)
    return counter.signed_on_at >= day_begins(session, counter.hall_id, day)


def _latest(session: Session, counter_id: int) -> QueueCounter:
    wanted = select(QueueCounter).where(QueueCounter.id == counter_id)
    return session.scalars(wanted.execution_options(populate_existing=True)).one()
