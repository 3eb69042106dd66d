"""Numbers: taken at the kiosk, at the desk or on the phone, and taken up again after 过号.

Asks for no personal data; a citizen who is known may be linked, and nothing says so outside.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.ids import Signer
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.queueing.models import QueueService, Ticket
from app.queueing.queries import lines, people
from app.queueing.rules import WAITING, Deed, Need, Source, in_line, place_back
from app.queueing.service.floor import Floor, day_begins, hold, local_day

EARLY: Final = timedelta(minutes=30)  # before opening people may already take a number
_PURPOSE: Final = "queue ticket"


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit brings along: a booked time that was kept, a telephone to be written to.

    `since` is from when on somebody who kept the time counts as waiting.
    """

    booked_for: datetime | None = None
    since: datetime | None = None
    contact_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What is asked for, where, and what of the visitor is known."""

    service_id: int
    source: Source
    need: Need = Need.NONE
    citizen_id: int | None = None
    visit: Visit = field(default_factory=Visit)


def take(session: Session, hall_id: int, new: NewTicket, *, now: datetime) -> Ticket:
    """Give out the next number of the service's letter.

    Raises:
        NotFoundError: no such hall.
        InvalidError: the hall is closed, or does not offer this.
    """
    floor = hold(session, hall_id, now=now)
    if new.source is not Source.DESK:
        _require_open(floor)
    service = session.get(QueueService, new.service_id)
    if service is None or service.hall_id != hall_id or not service.is_active:
        raise InvalidError(fields={"service": mark("Choose what you come for.")})
    need = _need_of(floor, new)
    ticket = Ticket(
        hall_id=hall_id,
        day=floor.day,
        prefix=service.prefix,
        number=lines.last_number(session, hall_id, floor.day, service.prefix) + 1,
        service_id=service.id,
        source=new.source,
        need=need,
        citizen_id=new.citizen_id,
        taken_at=floor.now,
        rank_at=_rank_at(floor, new, need),
        rank_seq=floor.revision.revision + 1,
        booked_for=new.visit.booked_for,
        contact_id=new.visit.contact_id,
    )
    session.add(ticket)
    session.flush()
    signer = vault_of(session).signer
    ticket.token_digest = signer.digest(token_of(signer, ticket.id))
    floor.note(Deed.TAKE, ticket=ticket)
    return ticket


def token_of(signer: Signer, ticket_id: int) -> str:
    """What opens the page of a ticket; nobody can guess it, and it can be printed again."""
    return signer.token(_PURPOSE, ticket_id)


def get_by_token(session: Session, token: str) -> Ticket:
    """The ticket whose page this is.

    Raises:
        NotFoundError: no such ticket.
    """
    found = lines.find_by_digest(session, vault_of(session).signer.digest(token))
    if found is None:
        raise NotFoundError(mark("There is no such number."))
    return found


def come_back(session: Session, ticket_id: int, *, now: datetime) -> Ticket:
    """Whoever was not there when called is here now: three places later (ui.md §5.5).

    A button pressed twice does nothing the second time.

    Raises:
        NotFoundError: no such ticket.
        InvalidError: it is of another day.
        ConflictError: it was not passed over.
    """
    known = lines.find_ticket(session, ticket_id)
    if known is None:
        raise NotFoundError(mark("There is no such number."))
    floor = hold(session, known.hall_id, now=now)
    ticket = _of_today(floor, ticket_id)
    if ticket.state in WAITING:
        return ticket
    ticket.move(Deed.COME_BACK, now=floor.now)
    waiting = lines.waiting_of(session, ticket.hall_id, floor.day)
    line = in_line(
        one for one in waiting if one.service_id == ticket.service_id and one.id != ticket.id
    )
    behind = place_back(line, floor.hall.places_back)
    seq = floor.note(Deed.COME_BACK, ticket=ticket)
    if behind is not None:
        ticket.rank_at, ticket.rank_seq = behind
        ticket.back_seq = seq
    ticket.counter_id = None
    ticket.staff_id = None
    session.flush()
    return ticket


def link(session: Session, ticket_id: int, citizen_id: int, *, now: datetime) -> Ticket:
    """Say whose number it is; the place in the line stays.

    Raises:
        NotFoundError: no such ticket.
        InvalidError: it is of another day.
    """
    known = lines.find_ticket(session, ticket_id)
    if known is None:
        raise NotFoundError(mark("There is no such number."))
    floor = hold(session, known.hall_id, now=now)
    ticket = _of_today(floor, ticket_id)
    ticket.citizen_id = citizen_id
    session.flush()
    return ticket


def opens_at(session: Session, hall_id: int, *, now: datetime) -> tuple[bool, str]:
    """Whether numbers are given now, and today's hours as people read them; "" on a closed day."""
    hours = calendars.load(session, hall_id).hours
    day = local_day(session, hall_id, now)
    spans = hours.spans_on(day)
    if not spans:
        return False, ""
    first, closes = spans[0][0], hours.closing(day)
    begins = day_begins(session, hall_id, day)
    opens = begins + timedelta(hours=first.hour, minutes=first.minute)
    written = ", ".join(f"{a:%H:%M}–{b:%H:%M}" for a, b in spans)
    return closes is not None and opens - EARLY <= now < closes, written


def _require_open(floor: Floor) -> None:
    if not floor.hall.is_active:
        raise InvalidError(mark("This hall gives no numbers now."))
    if floor.hall.keeps_hours and not opens_at(floor.session, floor.hall.hall_id, now=floor.now)[0]:
        raise InvalidError(mark("The hall is closed now. Numbers are given while it is open."))


def _of_today(floor: Floor, ticket_id: int) -> Ticket:
    ticket = lines.find_ticket(floor.session, ticket_id)
    if ticket is None or ticket.day != floor.day:
        raise InvalidError(mark("This number was of another day. Please take a new one."))
    return ticket


def _rank_at(floor: Floor, new: NewTicket, need: Need) -> datetime:
    """The earlier of what a need and a kept time give."""
    by_need = floor.advance.rank_at(floor.now, need)
    return min(by_need, new.visit.since) if new.visit.since else by_need


def _need_of(floor: Floor, new: NewTicket) -> Need:
    needs = {new.need}
    if new.citizen_id is not None:
        needs |= people.needs_of(floor.session, new.citizen_id, year=floor.day.year)
    minutes = floor.advance.minutes
    return max(needs, key=lambda need: (minutes.get(need, 0), need))
