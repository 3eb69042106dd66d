"""A visit rated on the page of its number: once, by whoever holds it, on the day (一次一评).

Written once; nobody changes a score (rulebook §1).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark
from app.queueing.models import Ticket, TicketRating
from app.queueing.rules import TicketState
from app.queueing.rules.vocabulary import BEST, WORST
from app.queueing.service.floor import local_day


def may_rate(session: Session, ticket: Ticket, *, now: datetime) -> bool:
    """Whether the visit was served today and nobody has said what they thought of it."""
    is_done = ticket.state is TicketState.DONE and ticket.day == local_day(
        session, ticket.hall_id, now
    )
    return is_done and session.get(TicketRating, ticket.id) is None


def rate(session: Session, ticket: Ticket, level: int, *, now: datetime) -> TicketRating:
    """Say what one thought of the service; said again it changes nothing.

    Raises:
        InvalidError: none of the five levels.
        ConflictError: not served yet, or on another day.
    """
    if not WORST <= level <= BEST:
        raise InvalidError(fields={"level": mark("Choose how satisfied you are.")})
    given = session.get(TicketRating, ticket.id, with_for_update=True)
    if given is not None:
        return given
    if not may_rate(session, ticket, now=now):
        raise ConflictError(mark("This visit cannot be rated now."))
    given = TicketRating(ticket_id=ticket.id, level=level, at=now)
    session.add(given)
    session.flush()
    return given
