"""Makes booked times ready for pages: days and windows with places left, one booking.

Names in the reader's language; a telephone is never shown, not even masked.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import Request
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.kernel.vault import vault_of
from app.queueing.booking_models import Booking
from app.queueing.pages.shown import hall_name, is_english
from app.queueing.queries import bookings, halls
from app.queueing.queries.halls import HallView
from app.queueing.rules.booking import BookingState
from app.queueing.service import booking as booked
from app.queueing.service import taking, telling
from app.queueing.service.booking import Free
from app.queueing.service.floor import calendar_of, local_day
from app.settings import Settings
from app.web.qr import qr_of

_HALF: Final = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """A window in a list: its value in the form, its time as printed, places left."""

    value: str
    time: str
    left: int


@dataclass(frozen=True, slots=True)
class DayChoice:
    """A day that can be booked, and how many places are left on it."""

    day: date
    left: int


@dataclass(frozen=True, slots=True)
class BookPage:
    """What can be booked in a hall: first the service, then day and window."""

    code: str
    hall: str
    services: Sequence[tuple[int, str, int]]
    service: int = 0
    service_name: str = ""
    days: Sequence[DayChoice] = ()
    day: date | None = None
    windows: Sequence[Choice] = ()
    token: str = ""
    says_code: bool = False
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BookingPage:
    """A booking on its own page: when, for what, the code, what can still be done."""

    token: str
    code: str
    hall: str
    service: str
    day: date
    time: str
    secret: str
    state: str
    may_cancel: bool
    is_over: bool
    early: int
    ticket: str
    qr: Markup


def value_of(starts_at: datetime, zone: ZoneInfo) -> str:
    """How a window is named in a form: its beginning on the hall's clock."""
    return f"{starts_at.astimezone(zone):%Y-%m-%dT%H:%M}"


def read_value(typed: str, zone: ZoneInfo) -> datetime | None:
    """The instant a form names; None if it names none."""
    try:
        found = datetime.strptime(typed, "%Y-%m-%dT%H:%M").replace(tzinfo=zone)
    except ValueError:
        return None
    return found


def time_of(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    """A window as it is printed."""
    return f"{starts_at.astimezone(zone):%H:%M}–{ends_at.astimezone(zone):%H:%M}"


def book_page(
    session: Session,
    hall: HallView,
    *,
    service: int,
    day: date | None,
    now: datetime,
    english: bool,
    token: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> BookPage:
    """What can be booked; the first day with a place where none was chosen."""
    days = booked.days_of(session, hall.id, now=now)
    plans = {key: one for key, one in bookings.plans_of(session, hall.id).items() if one.capacity}
    names = {
        one.id: (english and one.name_en) or one.name
        for one in halls.services_of(session, hall.id)
        if one.id in plans and days
    }
    free = booked.free_on(session, hall.id, service, days, now=now) if service in names else {}
    left = {on: sum(one.left for one in windows) for on, windows in free.items()}
    chosen = day if day in free else next((on for on in free if left[on]), None)
    zone = calendar_of(session, hall.id).zone
    return BookPage(
        code=hall.code,
        hall=hall_name(hall, english=english),
        services=[(key, name, plans[key].minutes) for key, name in names.items()],
        service=service if service in names else 0,
        service_name=names.get(service, ""),
        days=[DayChoice(on, left[on]) for on in free if free[on]],
        day=chosen,
        windows=[_choice(one, zone) for one in free.get(chosen, [])] if chosen else [],
        token=token,
        says_code=telling.can_tell(),
        values=values or {},
        errors=errors or {},
    )


def booking_page(
    session: Session, one: Booking, *, request: Request, token: str, now: datetime
) -> BookingPage:
    """The page of a booking."""
    english = is_english(request)
    settings: Settings = request.app.state.settings
    hall = next(found for found in halls.list_halls(session) if found.id == one.hall_id)
    services = {found.id: found for found in halls.services_of(session, hall.id)}
    service, zone = services[one.service_id], calendar_of(session, hall.id).zone
    is_open = one.state is BookingState.BOOKED
    return BookingPage(
        token=token,
        code=hall.code,
        hall=hall_name(hall, english=english),
        service=(english and service.name_en) or service.name,
        day=one.day,
        time=time_of(one.starts_at, one.ends_at, zone),
        secret=spaced(booked.code_of(vault_of(session).signer, one.id)),
        state=str(one.state),
        may_cancel=is_open and one.ends_at >= now,
        is_over=is_open and one.day < local_day(session, hall.id, now),
        early=bookings.terms_of(session, hall.id).early,
        ticket=ticket_token(session, one),
        qr=qr_of(f"{settings.base_url.rstrip('/')}/booking/{token}"),
    )


def spaced(code: str) -> str:
    """A code as it is read aloud, in two halves."""
    return f"{code[:_HALF]} {code[_HALF:]}"


def ticket_token(session: Session, one: Booking) -> str:
    """What opens the page of the number a booking became; empty before that."""
    if one.ticket_id is None:
        return ""
    return taking.token_of(vault_of(session).signer, one.ticket_id)


def _choice(one: Free, zone: ZoneInfo) -> Choice:
    value = value_of(one.starts_at, zone)
    return Choice(value, time_of(one.starts_at, one.ends_at, zone), one.left)
