"""Tables of booked times: how many a service takes when, who booked, and numbers to write to.

A number and a name lie sealed in `queue_contacts` alone and are forgotten after the visit.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import BigInt, Key, Model, Ref
from app.queueing.rules.booking import BookingState
from app.queueing.rules.vocabulary import Source

_IS_BOOKED = text("state = 'booked'")


class BookingRules(Model):
    """How a hall takes bookings; days, minutes, and how many a telephone may have. Samples [S]."""

    __tablename__ = "queue_booking_rules"

    hall_id: Mapped[int] = mapped_column(BigInt, ForeignKey("units.id"), primary_key=True)
    is_open: Mapped[bool] = mapped_column(default=True)
    days_ahead: Mapped[int] = mapped_column(default=14)
    early: Mapped[int] = mapped_column(default=15)
    late: Mapped[int] = mapped_column(default=10)
    advance: Mapped[int] = mapped_column(default=30)
    most_a_day: Mapped[int] = mapped_column(default=1)
    most_open: Mapped[int] = mapped_column(default=3)
    no_shows: Mapped[int] = mapped_column(default=3)
    no_show_days: Mapped[int] = mapped_column(default=30)
    tell_ahead: Mapped[int] = mapped_column(default=3)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class BookingPlan(Model):
    """How long a booked window of a service is, in minutes, and how many it takes."""

    __tablename__ = "queue_booking_plans"

    service_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("queue_services.id"), primary_key=True
    )
    minutes: Mapped[int] = mapped_column(default=30)
    capacity: Mapped[int] = mapped_column(default=0)


class QueueContact(Model):
    """A telephone somebody left for one visit, with a name if they liked; both sealed.

    `digest` tells the same number again, so that nobody books a day full; value and name go
    at `wanted_until`, the row itself once missed bookings of that day count no more.
    """

    __tablename__ = "queue_contacts"
    __table_args__ = (
        Index("ix_queue_contacts_digest", "digest"),
        Index("ix_queue_contacts_wanted_until", "wanted_until"),
    )

    id: Mapped[Key]
    digest: Mapped[bytes] = mapped_column(LargeBinary(16))
    value: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    name: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    place: Mapped[str] = mapped_column(String(40))
    locale: Mapped[str] = mapped_column(String(8))
    wanted_until: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(default=None)


class Booking(Model):
    """One booked window of one service; nobody came and the day is over: a no-show."""

    __tablename__ = "queue_bookings"
    __table_args__ = (
        Index("ix_queue_bookings_day", "hall_id", "day", "starts_at", "id"),
        Index("ix_queue_bookings_code", "code_digest"),
        Index("ix_queue_bookings_contact", "contact_id"),
        Index(
            "ix_queue_bookings_slot",
            "service_id",
            "starts_at",
            postgresql_where=_IS_BOOKED,
            sqlite_where=_IS_BOOKED,
        ),
    )

    id: Mapped[Key]
    hall_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    service_id: Mapped[Ref] = mapped_column(ForeignKey("queue_services.id"))
    day: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[BookingState] = mapped_column(default=BookingState.BOOKED)
    source: Mapped[Source]
    contact_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("queue_contacts.id"), default=None
    )
    code_digest: Mapped[bytes | None] = mapped_column(LargeBinary(16), default=None)
    token_digest: Mapped[bytes | None] = mapped_column(LargeBinary(16), unique=True, default=None)
    ticket_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("queue_tickets.id"), unique=True, default=None
    )
    was_late: Mapped[bool] = mapped_column(default=False)
    booked_at: Mapped[datetime]
    booked_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name
