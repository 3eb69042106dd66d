"""Reads of booked times: what is taken of each window, what a telephone has, the day's list.

A number is looked for by its digest; only the desk's list reads the sealed columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, case, func, select
from sqlalchemy.orm import Session

from app.kernel.db import rows
from app.queueing.booking_models import Booking, BookingPlan, BookingRules, QueueContact
from app.queueing.models import QueueService, Ticket
from app.queueing.rules import WAITING
from app.queueing.rules.booking import BookingState, Held, Terms

Rows = Sequence[Row[*tuple[Any, ...]]]
_TAKES_A_PLACE: Final = Booking.state != BookingState.CANCELLED
_OF_DAY: Final = (Booking.hall_id == bindparam("hall_id"), Booking.day == bindparam("day"))

_PLANS: Final = (
    select(BookingPlan.service_id, BookingPlan.minutes, BookingPlan.capacity)
    .join(QueueService, QueueService.id == BookingPlan.service_id)
    .where(QueueService.hall_id == bindparam("hall_id"), QueueService.is_active)
)
_TAKEN: Final = (
    select(Booking.starts_at, func.count())
    .where(
        Booking.service_id == bindparam("service_id"),
        Booking.day >= bindparam("first"),
        Booking.day <= bindparam("last"),
        Booking.hall_id == bindparam("hall_id"),
        _TAKES_A_PLACE,
    )
    .group_by(Booking.starts_at)
)
_HELD: Final = (
    select(Booking.day, Booking.state, func.count())
    .join(QueueContact, QueueContact.id == Booking.contact_id)
    .where(
        QueueContact.digest == bindparam("digest"),
        Booking.hall_id == bindparam("hall_id"),
        Booking.day >= bindparam("since"),
        _TAKES_A_PLACE,
    )
    .group_by(Booking.day, Booking.state)
)
_LIST: Final = (
    select(
        Booking.id,
        Booking.starts_at,
        Booking.ends_at,
        Booking.service_id,
        Booking.state,
        Booking.was_late,
        Booking.source,
        QueueContact.value,
        QueueContact.name,
        QueueContact.place,
        Ticket.prefix,
        Ticket.number,
    )
    .join(QueueContact, QueueContact.id == Booking.contact_id, isouter=True)
    .join(Ticket, Ticket.id == Booking.ticket_id, isouter=True)
    .where(*_OF_DAY)
    .order_by(Booking.starts_at, Booking.id)
)
_COUNTS: Final = select(
    func.count(),
    func.sum(case((Booking.state == BookingState.CHECKED_IN, 1), else_=0)),
    func.sum(case((Booking.was_late, 1), else_=0)),
    func.sum(
        case(
            ((Booking.state == BookingState.BOOKED) & (Booking.ends_at < bindparam("now")), 1),
            else_=0,
        )
    ),
).where(*_OF_DAY, _TAKES_A_PLACE)
_TO_TELL: Final = (
    select(Ticket.id, Ticket.prefix, Ticket.number, Ticket.contact_id)
    .join(QueueContact, QueueContact.id == Ticket.contact_id)
    .where(
        Ticket.contact_id.is_not(None),
        Ticket.hall_id == bindparam("hall_id"),
        Ticket.day == bindparam("day"),
        Ticket.state.in_(WAITING),
        QueueContact.told_at.is_(None),
        QueueContact.value.is_not(None),
    )
)


@dataclass(frozen=True, slots=True)
class PlanView:
    """A window's length in minutes and how many it takes."""

    service_id: int
    minutes: int
    capacity: int


@dataclass(frozen=True, slots=True)
class DayCounts:
    """Bookings of a day: all, who came, who of them late, whose window passed without them."""

    booked: int = 0
    came: int = 0
    late: int = 0
    missed: int = 0


def terms_of(session: Session, hall_id: int) -> Terms:
    """How the hall takes bookings; a hall that never said so takes none."""
    found = session.get(BookingRules, hall_id)
    if found is None:
        return Terms(is_open=False)
    return Terms(
        found.is_open,
        found.days_ahead,
        found.early,
        found.late,
        found.advance,
        found.most_a_day,
        found.most_open,
        found.no_shows,
        found.no_show_days,
        found.tell_ahead,
    )


def plans_of(session: Session, hall_id: int) -> dict[int, PlanView]:
    """What can be booked of each service that is offered."""
    return {row.service_id: PlanView(*row) for row in rows(session, _PLANS, hall_id=hall_id)}


def taken(
    session: Session, hall_id: int, service_id: int, *, first: date, last: date
) -> dict[datetime, int]:
    """How many places of each window are gone, whoever stayed away counted too."""
    found = rows(session, _TAKEN, hall_id=hall_id, service_id=service_id, first=first, last=last)
    return {row[0]: row[1] for row in found}


def held_by(
    session: Session, hall_id: int, digest: bytes, day: date, *, today: date, since: date
) -> Held:
    """What a telephone has booked from today on, on that day, and missed since a day before."""
    in_all = that_day = missed = 0
    for on, state, count in rows(session, _HELD, hall_id=hall_id, digest=digest, since=since):
        is_waiting = state is BookingState.BOOKED
        in_all += count if is_waiting and on >= today else 0
        missed += count if is_waiting and on < today else 0
        that_day += count if on == day else 0
    return Held(in_all, that_day, missed)


def of_day(session: Session, hall_id: int, day: date) -> Rows:
    """Every booking of the day, earliest first, with what the desk shows of it."""
    return rows(session, _LIST, hall_id=hall_id, day=day)


def counts_of(session: Session, hall_id: int, day: date, *, now: datetime) -> DayCounts:
    """The day's bookings in four numbers."""
    ((booked, came, late, missed),) = rows(session, _COUNTS, hall_id=hall_id, day=day, now=now)
    return DayCounts(booked, came or 0, late or 0, missed or 0)


def find_by_token(session: Session, digest: bytes) -> Booking | None:
    """The booking whose page this is."""
    return session.scalars(select(Booking).where(Booking.token_digest == digest)).one_or_none()


def find_by_code(session: Session, hall_id: int, digest: bytes, since: date) -> Booking | None:
    """The booking with this code from that day on, the nearest first."""
    wanted = select(Booking).where(
        Booking.hall_id == hall_id, Booking.code_digest == digest, Booking.day >= since
    )
    return session.scalars(wanted.order_by(Booking.day, Booking.id).limit(1)).one_or_none()


def find_booking(session: Session, booking_id: int) -> Booking | None:
    """A booking as it stands now."""
    return session.get(Booking, booking_id, populate_existing=True)


def to_be_told(session: Session, hall_id: int, day: date) -> Rows:
    """Who waits, asked for a message and has had none."""
    return rows(session, _TO_TELL, hall_id=hall_id, day=day)


def find_open_of(session: Session, contact_id: int) -> Booking | None:
    """The booking this telephone was left for, while nobody has come or cancelled."""
    wanted = select(Booking).where(
        Booking.contact_id == contact_id, Booking.state == BookingState.BOOKED
    )
    return session.scalars(wanted).first()


def still_waits(session: Session, contact_id: int) -> bool:
    """Whether the number this telephone was left with still waits."""
    wanted = select(Ticket.id).where(Ticket.contact_id == contact_id, Ticket.state.in_(WAITING))
    return session.scalar(wanted) is not None
