"""At the counter: the next one is called, called again, served, passed over, sent on.

Every deed holds the hall first, so that two counters never call one person.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark
from app.queueing.models import QueueCounter, QueueService, Ticket
from app.queueing.queries import halls, lines
from app.queueing.rules import (
    CALLS_BEFORE_PASSING,
    Deed,
    TicketState,
    callable_at,
    next_of,
)
from app.queueing.service import telling
from app.queueing.service.counters import is_signed_on, own_counter
from app.queueing.service.floor import Floor

_MOVED_ON: Final = mark("This number has moved on meanwhile.")


@dataclass(frozen=True, slots=True)
class Called:
    """What pressing the key did: who is at the counter now, and whose business it ended."""

    ticket: Ticket | None
    finished: Ticket | None = None


def call_next(session: Session, actor: Actor, *, seen: int | None, now: datetime) -> Called:
    """End the business of whoever is at the counter and call the next one.

    `seen` is the ticket the person saw at their counter; if it has moved on meanwhile the
    key was pressed twice, and nothing is done.

    Raises:
        InvalidError: not signed on to a counter, or it is paused.
    """
    floor, counter = own_counter(session, actor, now=now)
    current = lines.current_at(session, counter.id, floor.day)
    if (current.id if current else None) != seen:
        return Called(current)
    if counter.paused_at is not None:
        raise InvalidError(mark("Your counter is paused. Go on first."))
    if current is not None:
        _finish(floor, counter, current)
    found = _next(floor, counter)
    if found is not None:
        found.counter_id, found.staff_id = counter.id, actor.id
        found.calls, found.serving_at, found.talk_ref = 0, None, ""
        found.move(Deed.CALL, now=floor.now)
        found.called_seq = floor.note(Deed.CALL, ticket=found, counter=counter, staff_id=actor.id)
        session.flush()
        telling.tell_near(floor)
    return Called(found, current)


def recall(session: Session, actor: Actor, ticket_id: int, *, now: datetime) -> Ticket:
    """Call the same person again.

    Raises:
        InvalidError: not signed on to a counter.
        ConflictError: the ticket is no longer at this counter.
    """
    floor, counter, ticket = _at_hand(session, actor, ticket_id, now=now)
    ticket.move(Deed.RECALL, now=floor.now)
    ticket.called_seq = floor.note(Deed.RECALL, ticket=ticket, counter=counter, staff_id=actor.id)
    session.flush()
    return ticket


def serve(session: Session, actor: Actor, ticket_id: int, *, now: datetime) -> Ticket:
    """The person is here; a button pressed twice does nothing the second time.

    Raises:
        InvalidError: not signed on to a counter.
        ConflictError: the ticket is no longer at this counter.
    """
    floor, counter, ticket = _at_hand(session, actor, ticket_id, now=now)
    if ticket.state is not TicketState.SERVING:
        ticket.move(Deed.SERVE, now=floor.now)
        floor.note(Deed.SERVE, ticket=ticket, counter=counter, staff_id=actor.id)
    return ticket


def finish(session: Session, actor: Actor, ticket_id: int, *, now: datetime) -> Ticket:
    """The business is done, and nobody is called yet.

    Raises:
        InvalidError: not signed on to a counter.
        ConflictError: the ticket is no longer at this counter.
    """
    floor, counter, ticket = _at_hand(session, actor, ticket_id, now=now)
    _finish(floor, counter, ticket)
    return ticket


def pass_over(session: Session, actor: Actor, ticket_id: int, *, now: datetime) -> Ticket:
    """Nobody came: 过号. Whoever comes back later is three places from the front.

    Raises:
        InvalidError: not signed on, or the number was not called three times yet.
        ConflictError: the ticket is no longer at this counter.
    """
    floor, counter, ticket = _at_hand(session, actor, ticket_id, now=now)
    if ticket.calls < CALLS_BEFORE_PASSING:
        raise InvalidError(mark("Call the number three times before you pass it over."))
    ticket.move(Deed.SKIP, now=floor.now)
    floor.note(Deed.SKIP, ticket=ticket, counter=counter, staff_id=actor.id)
    return ticket


@dataclass(frozen=True, slots=True)
class Onward:
    """Where somebody is sent: to a service, or to one counter for that service."""

    service_id: int
    counter_id: int | None = None


def transfer(
    session: Session, actor: Actor, ticket_id: int, onward: Onward, *, now: datetime
) -> Ticket:
    """Send somebody on; they keep the place that their time of arrival gives them.

    Raises:
        InvalidError: not signed on, or no counter would ever call them there.
        ConflictError: the ticket is no longer at this counter.
    """
    floor, counter, ticket = _at_hand(session, actor, ticket_id, now=now)
    _check_onward(floor, counter, ticket, onward)
    ticket.move(Deed.TRANSFER, now=floor.now)
    # The service that ends here is the one it was called for.
    floor.note(Deed.TRANSFER, ticket=ticket, counter=counter, staff_id=actor.id)
    ticket.service_id = onward.service_id
    ticket.only_counter_id = onward.counter_id
    ticket.counter_id = None
    ticket.staff_id = None
    ticket.serving_at = None
    session.flush()
    return ticket


def _check_onward(floor: Floor, counter: QueueCounter, ticket: Ticket, onward: Onward) -> None:
    session, hall_id = floor.session, floor.hall.hall_id
    service = session.get(QueueService, onward.service_id)
    if service is None or service.hall_id != hall_id or not service.is_active:
        raise InvalidError(fields={"service": mark("Choose a service of this hall.")})
    if onward.counter_id is None:
        if onward.service_id == ticket.service_id:
            raise InvalidError(fields={"service": mark("Choose another service, or a counter.")})
        return
    target = session.get(QueueCounter, onward.counter_id)
    is_here = target is not None and target.hall_id == hall_id and target.is_active
    if not is_here or onward.counter_id == counter.id:
        raise InvalidError(fields={"counter": mark("Choose another counter of this hall.")})
    if target is not None and not is_signed_on(session, target, now=floor.now):
        raise InvalidError(
            fields={"counter": mark("Nobody works at this counter now. Choose another.")}
        )


def _next(floor: Floor, counter: QueueCounter) -> Ticket | None:
    session, hall_id = floor.session, floor.hall.hall_id
    services = halls.services_at(session, counter.id)
    waiting = lines.waiting_of(session, hall_id, floor.day)
    line = callable_at(waiting, counter.id, services)
    most = floor.hall.most_in_a_row
    before = lines.last_needs(session, hall_id, floor.day, services, most)
    found = next_of(line, before, floor.advance)
    return lines.find_ticket(session, found.id) if found else None


def _finish(floor: Floor, counter: QueueCounter, ticket: Ticket) -> None:
    ticket.move(Deed.FINISH, now=floor.now)
    floor.note(Deed.FINISH, ticket=ticket, counter=counter, staff_id=counter.staff_id)


def _at_hand(
    session: Session, actor: Actor, ticket_id: int, *, now: datetime
) -> tuple[Floor, QueueCounter, Ticket]:
    floor, counter = own_counter(session, actor, now=now)
    ticket = lines.current_at(session, counter.id, floor.day)
    if ticket is None or ticket.id != ticket_id:
        raise ConflictError(_MOVED_ON)
    return floor, counter, ticket
