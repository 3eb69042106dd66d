"""Tables of the queue: halls that call numbers, their services and counters, tickets, events.

A ticket may know its citizen; events hold ids and times only and are written once.
"""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import BigInt, Key, Model, Ref
from app.kernel.ids import TOKEN_LENGTH
from app.queueing.rules import AT_COUNTER, WAITING, Deed, Need, Source, TicketState, after

_WAITS = text(f"state IN ({', '.join(repr(str(one)) for one in WAITING)})")
_IS_THERE = text(f"state IN ({', '.join(repr(str(one)) for one in AT_COUNTER)})")
_IS_WRITTEN_TO = text("contact_id IS NOT NULL")
_IS_SOMEBODYS = text("citizen_id IS NOT NULL")


class QueueHall(Model):
    """A hall that gives numbers, and its rules; minutes, and how many in a row or in a crowd."""

    __tablename__ = "queue_halls"

    hall_id: Mapped[int] = mapped_column(BigInt, ForeignKey("units.id"), primary_key=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    # A hall of machines is open day and night; others give numbers in their opening hours.
    keeps_hours: Mapped[bool] = mapped_column(default=True)
    goal: Mapped[int] = mapped_column(default=15)
    yellow: Mapped[int] = mapped_column(default=20)
    red: Mapped[int] = mapped_column(default=30)
    crowd: Mapped[int] = mapped_column(default=10)
    senior_minutes: Mapped[int] = mapped_column(default=15)
    disabled_minutes: Mapped[int] = mapped_column(default=30)
    most_in_a_row: Mapped[int] = mapped_column(default=2)
    places_back: Mapped[int] = mapped_column(default=3)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class QueueRevision(Model):
    """How often anything changed in a hall's queue.

    Whoever changes it raises this number first and so holds the hall until the end of the
    transaction: numbers have no gaps, and nobody is called twice. Panels follow it.
    """

    __tablename__ = "queue_revisions"

    hall_id: Mapped[int] = mapped_column(BigInt, ForeignKey("units.id"), primary_key=True)
    revision: Mapped[int] = mapped_column(BigInt, default=0)


class QueueService(Model):
    """What people come for, in the words of the kiosk; its numbers begin with one letter."""

    __tablename__ = "queue_services"
    __table_args__ = (UniqueConstraint("hall_id", "prefix"),)

    id: Mapped[Key]
    hall_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    prefix: Mapped[str] = mapped_column(String(1))
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    minutes: Mapped[int] = mapped_column(default=8)  # assumed, until today's are measured
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class QueueCounter(Model):
    """A window of the hall, who works at it since when, and whether it is paused."""

    __tablename__ = "queue_counters"
    __table_args__ = (UniqueConstraint("hall_id", "number"),)

    id: Mapped[Key]
    hall_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    number: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True)
    staff_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("staff.id"), unique=True, default=None
    )
    signed_on_at: Mapped[datetime | None] = mapped_column(default=None)
    paused_at: Mapped[datetime | None] = mapped_column(default=None)
    pause_reason: Mapped[str] = mapped_column(String(24), default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class QueueCounterService(Model):
    """A service that a counter calls for."""

    __tablename__ = "queue_counter_services"

    counter_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("queue_counters.id"), primary_key=True
    )
    service_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("queue_services.id"), primary_key=True, index=True
    )


class Ticket(Model):
    """One number of one day. `prefix` and `number` stay, whatever service it is sent on to.

    `rank_at`, `rank_seq` and `back_seq` are its place in the line (`rules.line`);
    `called_seq` is the hall's revision at its latest call. `booked_for` is when the time that
    was booked begins, for who kept it; `contact_id` a telephone to be written to before the call.
    """

    __tablename__ = "queue_tickets"
    __table_args__ = (
        UniqueConstraint("hall_id", "day", "prefix", "number"),
        Index(
            "ix_queue_tickets_waiting",
            "hall_id",
            "day",
            "service_id",
            postgresql_where=_WAITS,
            sqlite_where=_WAITS,
        ),
        # Two people at one counter cannot be written down.
        Index(
            "ix_queue_tickets_at_counter",
            "counter_id",
            "day",
            unique=True,
            postgresql_where=_IS_THERE,
            sqlite_where=_IS_THERE,
        ),
        Index("ix_queue_tickets_called", "hall_id", "day", "called_seq"),
        Index(
            "ix_queue_tickets_contact",
            "contact_id",
            postgresql_where=_IS_WRITTEN_TO,
            sqlite_where=_IS_WRITTEN_TO,
        ),
        Index(
            "ix_queue_tickets_citizen",
            "citizen_id",
            "day",
            postgresql_where=_IS_SOMEBODYS,
            sqlite_where=_IS_SOMEBODYS,
        ),
    )

    id: Mapped[Key]
    hall_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    day: Mapped[date]
    prefix: Mapped[str] = mapped_column(String(1))
    number: Mapped[int]
    service_id: Mapped[Ref] = mapped_column(ForeignKey("queue_services.id"))
    state: Mapped[TicketState] = mapped_column(default=TicketState.TAKEN)
    source: Mapped[Source]
    need: Mapped[Need] = mapped_column(default=Need.NONE)
    citizen_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("citizens.id"), default=None)
    token_digest: Mapped[bytes | None] = mapped_column(LargeBinary(16), unique=True, default=None)
    taken_at: Mapped[datetime]
    rank_at: Mapped[datetime]
    rank_seq: Mapped[int] = mapped_column(BigInt)
    back_seq: Mapped[int] = mapped_column(BigInt, default=0)
    only_counter_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("queue_counters.id"), default=None
    )
    counter_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("queue_counters.id"), default=None
    )
    staff_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    calls: Mapped[int] = mapped_column(default=0)
    called_seq: Mapped[int] = mapped_column(BigInt, default=0)
    called_at: Mapped[datetime | None] = mapped_column(default=None)
    serving_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    talk_ref: Mapped[str] = mapped_column(String(TOKEN_LENGTH), default="")
    booked_for: Mapped[datetime | None] = mapped_column(default=None)
    # No foreign key: the table was grown in place, and a rebuild would cost its partial indexes.
    contact_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name

    def move(self, deed: Deed, *, now: datetime) -> None:
        """Go where the deed leads, and note when.

        Raises:
            ConflictError: it has moved on meanwhile.
        """
        self.state = after(self.state, deed)
        if deed in {Deed.CALL, Deed.RECALL}:
            self.calls += 1
            self.called_at = now
        if deed is Deed.SERVE:
            self.serving_at = now
        if deed is Deed.FINISH:
            self.ended_at = now


class QueueEvent(Model):
    """What happened to a ticket or at a counter, in order of `seq` within its hall.

    `detail` is a word of ours: the reason of a pause, never anything typed.
    """

    __tablename__ = "queue_events"
    __table_args__ = (
        UniqueConstraint("hall_id", "seq"),
        Index("ix_queue_events_day", "hall_id", "day", "seq"),
    )

    id: Mapped[Key]
    hall_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    seq: Mapped[int] = mapped_column(BigInt)
    day: Mapped[date]
    at: Mapped[datetime]
    deed: Mapped[Deed]
    ticket_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("queue_tickets.id"), index=True, default=None
    )
    service_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("queue_services.id"), default=None
    )
    counter_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("queue_counters.id"), default=None
    )
    staff_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    detail: Mapped[str] = mapped_column(String(24), default="")


class TicketRating(Model):
    """What a visitor thought of the service at the counter, 5 for very satisfied to 1.

    Written once, by whoever holds the number's page (rulebook §1: one service, one rating).
    """

    __tablename__ = "queue_ratings"
    __table_args__ = (CheckConstraint("level BETWEEN 1 AND 5", name="level"),)

    ticket_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("queue_tickets.id"), primary_key=True, autoincrement=False
    )
    level: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[datetime]
