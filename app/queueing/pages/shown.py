"""Makes halls, services and tickets ready for public pages: numbers and waits, no names.

Chooses names in the reader's language; templates translate the rest.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from fastapi import Request
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.queueing.labels import LEVELS, NEEDS
from app.queueing.models import Ticket
from app.queueing.queries import bookings, halls, lines
from app.queueing.queries.halls import HallView
from app.queueing.rules import Need, Source, TicketState, spelt
from app.queueing.service import foretelling, opens_at, rating, telling
from app.queueing.service.floor import calendar_of, local_day
from app.settings import Settings
from app.web.i18n import Locale
from app.web.qr import qr_of
from app.web.ui import locale_of

ON_PANEL: Final = 5
_LEVELS: Final = tuple((str(level), words) for level, words in LEVELS.items())
_SHOWN_NEEDS: Final = tuple((str(need), words) for need, words in NEEDS.items())


@dataclass(frozen=True, slots=True)
class Offer:
    """A service with how many wait for it; `about` minutes, None where no counter is open."""

    id: int
    prefix: str
    name: str
    waiting: int
    about: int | None


@dataclass(frozen=True, slots=True)
class TakePage:
    """What one can take a number for, or why not now."""

    code: str
    hall: str
    is_open: bool
    hours: str
    offers: Sequence[Offer]
    token: str
    senior_minutes: int
    disabled_minutes: int
    takes_bookings: bool = False
    writes: bool = False
    needs: Sequence[tuple[str, str]] = _SHOWN_NEEDS
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A number on its own page: where it stands, how long still, where to go."""

    token: str
    code: str
    hall: str
    number: str
    service: str
    state: str
    counter: int | None
    people: int
    about: int | None
    is_today: bool
    taken_at: datetime
    need: str
    places_back: int
    address: str
    qr: Markup
    is_kiosk: bool = False
    booked: str = ""
    is_told: bool = False
    may_rate: bool = False
    levels: Sequence[tuple[str, str]] = _LEVELS


@dataclass(frozen=True, slots=True)
class Call:
    """A call on the panel; `spaced` is the number as a voice reads it."""

    seq: int
    number: str
    counter: int
    spaced: str


@dataclass(frozen=True, slots=True)
class PanelPage:
    """The call panel: the newest call, those before it, who waits."""

    code: str
    name: str
    name_en: str
    revision: int
    latest: Call | None
    earlier: Sequence[Call]
    waiting: Sequence[tuple[str, str, str, int]]


def is_english(request: Request) -> bool:
    """Whether this request is answered in English."""
    return locale_of(request) is Locale.EN


def hall_name(hall: HallView, *, english: bool) -> str:
    """The hall's name in the reader's language."""
    return (english and hall.name_en) or hall.name


def take_page(
    session: Session,
    hall: HallView,
    *,
    token: str,
    now: datetime,
    english: bool,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> TakePage:
    """The page on which a number is taken."""
    rules = halls.get_rules(session, hall.id)
    is_open, hours = opens_at(session, hall.id, now=now)
    offers = [
        Offer(
            one.service.id,
            one.service.prefix,
            (english and one.service.name_en) or one.service.name,
            one.waiting,
            one.about,
        )
        for one in foretelling.services_now(session, hall.id, now=now)
    ]
    return TakePage(
        code=hall.code,
        hall=hall_name(hall, english=english),
        is_open=rules.is_active and (is_open or not rules.keeps_hours),
        hours=hours,
        offers=offers,
        token=token,
        senior_minutes=rules.senior_minutes,
        disabled_minutes=rules.disabled_minutes,
        takes_bookings=bookings.terms_of(session, hall.id).is_open,
        writes=telling.can_tell(),
        values=values,
        errors=errors,
    )


def ticket_page(
    session: Session,
    ticket: Ticket,
    *,
    request: Request,
    now: datetime,
    token: str,
    is_kiosk: bool = False,
) -> TicketPage:
    """The page of a number."""
    english = is_english(request)
    settings: Settings = request.app.state.settings
    hall = next(one for one in halls.list_halls(session) if one.id == ticket.hall_id)
    services = {one.id: one for one in halls.services_of(session, hall.id)}
    service = services[ticket.service_id]
    place = foretelling.ahead(session, ticket, now=now)
    counters = {one.id: one.number for one in halls.counters_of(session, hall.id)}
    is_called = ticket.state in {TicketState.CALLED, TicketState.SERVING}
    address = f"{settings.base_url.rstrip('/')}/ticket/{token}"
    return TicketPage(
        token=token,
        code=hall.code,
        hall=hall_name(hall, english=english),
        number=spelt(ticket.prefix, ticket.number),
        service=(english and service.name_en) or service.name,
        state="waiting" if place else str(ticket.state),
        counter=counters.get(ticket.counter_id or 0) if is_called else None,
        people=place.people if place else 0,
        about=place.about if place else None,
        is_today=ticket.day == local_day(session, hall.id, now),
        taken_at=ticket.taken_at,
        need=_need_of(ticket),
        places_back=halls.get_rules(session, hall.id).places_back,
        address=address,
        qr=qr_of(address),
        is_kiosk=is_kiosk,
        booked=_booked(session, ticket),
        is_told=ticket.contact_id is not None,
        may_rate=rating.may_rate(session, ticket, now=now),
    )


def _need_of(ticket: Ticket) -> str:
    """The need as the page of a number says it.

    Not at the kiosk, where anybody may type the number of anybody's card: what is known of its
    owner counts in the line and is told nobody.
    """
    is_told = ticket.need is not Need.NONE and ticket.source is not Source.KIOSK
    return NEEDS[ticket.need] if is_told else ""


def _booked(session: Session, ticket: Ticket) -> str:
    """The booked time that was kept, as it is printed."""
    if ticket.booked_for is None:
        return ""
    return f"{ticket.booked_for.astimezone(calendar_of(session, ticket.hall_id).zone):%H:%M}"


def panel_page(session: Session, hall: HallView, *, now: datetime) -> PanelPage:
    """What hangs on the wall of the hall; costs four small reads."""
    day = local_day(session, hall.id, now)
    revision = lines.revisions(session).get(hall.id, 0)
    calls = [
        Call(row.called_seq, number, row.counter, " ".join(number))
        for row in lines.shown_on_panel(session, hall.id, day, ON_PANEL)
        for number in [spelt(row.prefix, row.number)]
    ]
    waiting = lines.waiting_of(session, hall.id, day)
    counts = {one.id: 0 for one in halls.services_of(session, hall.id) if one.is_active}
    for one in waiting:
        counts[one.service_id] = counts.get(one.service_id, 0) + 1
    return PanelPage(
        code=hall.code,
        name=hall.name,
        name_en=hall.name_en,
        revision=revision,
        latest=calls[0] if calls else None,
        earlier=calls[1:],
        waiting=[
            (one.prefix, one.name, one.name_en, counts[one.id])
            for one in halls.services_of(session, hall.id)
            if one.id in counts
        ],
    )
