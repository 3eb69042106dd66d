"""Booked times: what is free, booked, cancelled, and turned into a number on arrival.

The hall is held for each change, so that two who want the last place at once do not both get it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.ids import CODE_LENGTH, Signer
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.queueing.booking_models import Booking
from app.queueing.models import QueueService, Ticket
from app.queueing.queries import bookings, lines
from app.queueing.rules import Source
from app.queueing.rules.booking import (
    Arrival,
    BookingState,
    arrival,
    check_held,
    counts_from,
    may_book_on,
    windows_of,
)
from app.queueing.service import contacts, telling
from app.queueing.service.contacts import Left
from app.queueing.service.floor import Floor, calendar_of, hold, local_day
from app.queueing.service.taking import NewTicket, Visit, take

_PURPOSE: Final = "queue booking"
_NO_BOOKING: Final = mark("There is no such booking. Check the code.")
_NOT_FREE: Final = mark("This time is not free any more. Choose another one.")


@dataclass(frozen=True, slots=True)
class Free:
    """A window with how many places are left of it."""

    starts_at: datetime
    ends_at: datetime
    left: int


@dataclass(frozen=True, slots=True)
class NewBooking:
    """Which window of which service, and where it is booked; `staff_id` at the desk."""

    service_id: int
    starts_at: datetime
    source: Source
    staff_id: int | None = None


def days_of(session: Session, hall_id: int, *, now: datetime) -> list[date]:
    """The days that can be booked: the hall opens on them by its calendar, 调休 included."""
    terms, today = bookings.terms_of(session, hall_id), local_day(session, hall_id, now)
    hours = calendars.load(session, hall_id).hours
    days = [today + timedelta(days=n) for n in range(terms.days_ahead + 1)]
    return [day for day in days if may_book_on(day, today, terms) and hours.spans_on(day)]


def free_on(
    session: Session, hall_id: int, service_id: int, days: Sequence[date], *, now: datetime
) -> dict[date, list[Free]]:
    """The windows still to come of each day, full ones with nothing left; two small reads."""
    plan = bookings.plans_of(session, hall_id).get(service_id)
    if plan is None or not plan.capacity or not days:
        return {}
    gone = bookings.taken(session, hall_id, service_id, first=min(days), last=max(days))
    hours, calendar = calendars.load(session, hall_id).hours, calendar_of(session, hall_id)
    return {
        day: [
            Free(
                starts, calendar.instant(day, one.ends), max(0, plan.capacity - gone.get(starts, 0))
            )
            for one in windows_of(hours.spans_on(day), plan.minutes)
            for starts in [calendar.instant(day, one.begins)]
            if starts > now
        ]
        for day in days
    }


def book(session: Session, hall_id: int, new: NewBooking, left: Left, *, now: datetime) -> Booking:
    """Book a window for whoever has this telephone; a message with the code goes there.

    Raises:
        NotFoundError: the hall gives no numbers.
        InvalidError: no such window, it is full, or the telephone has booked enough.
    """
    floor = hold(session, hall_id, now=now)
    window = _window(floor, new)
    number = contacts.number_of(left)
    terms = bookings.terms_of(session, hall_id)
    day = calendar_of(session, hall_id).local_date(window.starts_at)
    if new.source is not Source.DESK:
        held = bookings.held_by(
            session,
            hall_id,
            contacts.digest_of(vault_of(session).signer, number),
            day,
            today=floor.day,
            since=floor.day - timedelta(days=terms.no_show_days),
        )
        check_held(held, terms)
    contact = contacts.keep(session, left, until=calendar_of(session, hall_id).end_of(day))
    booking = Booking(
        hall_id=hall_id,
        service_id=new.service_id,
        day=day,
        starts_at=window.starts_at,
        ends_at=window.ends_at,
        source=new.source,
        contact_id=contact.id,
        booked_at=now,
        booked_by=new.staff_id,
    )
    session.add(booking)
    session.flush()
    signer = vault_of(session).signer
    booking.token_digest = signer.digest(token_of(signer, booking.id))
    booking.code_digest = signer.digest(code_of(signer, booking.id))
    session.flush()
    telling.confirm(session, booking, contact, now=now)
    return booking


def cancel(session: Session, booking_id: int, *, now: datetime) -> Booking:
    """Give the place back; cancelled twice changes nothing.

    Raises:
        NotFoundError: no such booking.
        ConflictError: its holder has come, or its time is over.
    """
    booking = _held(session, booking_id, now=now)
    if booking.state is BookingState.CANCELLED:
        return booking
    if booking.state is not BookingState.BOOKED or booking.ends_at < now:
        raise ConflictError(mark("This booking can no longer be cancelled."))
    booking.state, booking.ended_at = BookingState.CANCELLED, now
    _forget_number(session, booking)
    return booking


def check_in(
    session: Session,
    booking_id: int,
    source: Source,
    *,
    citizen_id: int | None = None,
    now: datetime,
) -> Ticket:
    """Turn a booking into a number: with its advance in time, without it late.

    Checked in twice it is the same number.

    Raises:
        NotFoundError: no such booking.
        InvalidError: it is for another day, or too early, or the hall is closed.
        ConflictError: it was cancelled.
    """
    booking = _held(session, booking_id, now=now)
    if booking.ticket_id is not None:
        return session.get_one(Ticket, booking.ticket_id)
    if booking.state is BookingState.CANCELLED:
        raise ConflictError(mark("This booking was cancelled. Please take a number."))
    comes = _arrival(session, booking, now)
    terms = bookings.terms_of(session, booking.hall_id)
    is_late = comes is Arrival.LATE
    since = None if is_late else counts_from(booking.starts_at, terms)
    booked_for = None if is_late else booking.starts_at
    visit = Visit(booked_for, since, booking.contact_id)
    new = NewTicket(booking.service_id, source, citizen_id=citizen_id, visit=visit)
    ticket = take(session, booking.hall_id, new, now=now)
    booking.state, booking.ticket_id = BookingState.CHECKED_IN, ticket.id
    booking.was_late, booking.ended_at = is_late, now
    session.flush()
    return ticket


def token_of(signer: Signer, booking_id: int) -> str:
    """What opens the page of a booking."""
    return signer.token(_PURPOSE, booking_id)


def code_of(signer: Signer, booking_id: int) -> str:
    """The eight signs by which it is checked in and cancelled."""
    return signer.query_code(_PURPOSE, booking_id)


def get_by_token(session: Session, token: str) -> Booking:
    """The booking whose page this is.

    Raises:
        NotFoundError: there is none.
    """
    found = bookings.find_by_token(session, vault_of(session).signer.digest(token))
    if found is None:
        raise NotFoundError(_NO_BOOKING)
    return found


def get_by_code(session: Session, hall_id: int, typed: str, *, now: datetime) -> Booking:
    """The booking of today or later with this code, or whose page's address was scanned.

    Raises:
        InvalidError: there is none in this hall.
    """
    signer, bare = vault_of(session).signer, typed.strip().rstrip("/")
    token = bare.rpartition("/")[2].lower()
    code = "".join(sign for sign in bare.upper() if sign.isalnum())
    today = local_day(session, hall_id, now)
    found = bookings.find_by_token(session, signer.digest(token)) if "/" in bare else None
    if found is None and len(code) == CODE_LENGTH:
        found = bookings.find_by_code(session, hall_id, signer.digest(code), today)
    if found is None or found.hall_id != hall_id or found.day < today:
        raise InvalidError(fields={"code": _NO_BOOKING})
    return found


def _window(floor: Floor, new: NewBooking) -> Free:
    service = floor.session.get(QueueService, new.service_id)
    hall_id = floor.hall.hall_id
    if service is None or service.hall_id != hall_id or not service.is_active:
        raise InvalidError(fields={"service": mark("Choose what you come for.")})
    if not floor.hall.is_active:
        raise InvalidError(mark("This hall gives no numbers now."))
    day = calendar_of(floor.session, hall_id).local_date(new.starts_at)
    days = [one for one in days_of(floor.session, hall_id, now=floor.now) if one == day]
    offered = free_on(floor.session, hall_id, service.id, days, now=floor.now)
    for window in offered.get(day, []):
        if window.starts_at == new.starts_at and window.left:
            return window
    raise InvalidError(fields={"slot": _NOT_FREE})


def _held(session: Session, booking_id: int, *, now: datetime) -> Booking:
    """The booking, its hall held."""
    known = bookings.find_booking(session, booking_id)
    if known is None:
        raise NotFoundError(_NO_BOOKING)
    hold(session, known.hall_id, now=now)
    latest = bookings.find_booking(session, booking_id)
    if latest is None:
        raise NotFoundError(_NO_BOOKING)
    return latest


def _arrival(session: Session, booking: Booking, now: datetime) -> Arrival:
    if booking.day != local_day(session, booking.hall_id, now):
        sentence = mark("This booking is for %(at)s. Please come then, or take a number for today.")
        raise InvalidError(fields={"code": sentence}, at=_clock(session, booking))
    terms = bookings.terms_of(session, booking.hall_id)
    comes = arrival(booking.starts_at, booking.ends_at, terms, now=now)
    if comes is Arrival.EARLY:
        raise InvalidError(
            fields={
                "code": mark(
                    "It is too early to check in: the booking is for %(at)s. "
                    "Please come shortly before."
                )
            },
            at=_clock(session, booking),
        )
    return comes


def _clock(session: Session, booking: Booking) -> str:
    zone = calendar_of(session, booking.hall_id).zone
    return f"{booking.starts_at.astimezone(zone):%Y-%m-%d %H:%M}"


def _forget_number(session: Session, booking: Booking) -> None:
    contact = lines.find_contact(session, booking.contact_id)
    if contact is not None:
        contact.value = contact.name = None
        session.flush()
