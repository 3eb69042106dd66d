"""Tables of the clocks: what is due when, why it stood still, what was added, what was breached.

A clock copies its limit when it starts; editing the catalogue never reaches it.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, and_, text
from sqlalchemy.orm import Mapped, mapped_column

from app.calendars.rules import LimitUnit
from app.kernel.db import BigInt, Key, Model, Ref
from app.sla import rules
from app.sla.rules import ClockKind, PauseKind, Reading, Subject, Terms, Threshold


class Clock(Model):
    """One thing that must be done in time, for one subject, in one round.

    `budget` and `spent` are seconds for HOUR and WORK_HOUR, days for DAY and WORK_DAY.
    At most one clock of a kind is open for a subject.
    """

    __tablename__ = "clocks"

    id: Mapped[Key]
    subject_type: Mapped[str] = mapped_column(String(24))
    subject_id: Mapped[Ref]
    kind: Mapped[ClockKind]
    round: Mapped[int] = mapped_column(default=1)
    region_code: Mapped[str] = mapped_column(String(12), default="")
    unit_id: Mapped[int | None] = mapped_column(BigInt, default=None)  # whose hours count
    unit: Mapped[LimitUnit]
    close_of_business: Mapped[bool] = mapped_column(default=False)
    budget: Mapped[int] = mapped_column(BigInt)
    spent: Mapped[int] = mapped_column(BigInt, default=0)
    opened_at: Mapped[datetime]
    running_since: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    warn_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None] = mapped_column(default=None)
    cancelled_at: Mapped[datetime | None] = mapped_column(default=None)
    provisional: Mapped[bool] = mapped_column(default=False)
    limit_code: Mapped[str] = mapped_column(String(48))
    basis_text: Mapped[str] = mapped_column(String(300))
    basis_level: Mapped[str] = mapped_column(String(24))
    is_sample: Mapped[bool] = mapped_column(default=False)

    @property
    def subject(self) -> Subject:
        """What the clock belongs to."""
        return Subject(self.subject_type, self.subject_id)

    @property
    def terms(self) -> Terms:
        """How the clock counts."""
        return Terms(self.unit, self.close_of_business)

    @property
    def reading(self) -> Reading:
        """Where the clock stands."""
        return Reading(
            self.budget,
            self.spent,
            self.running_since,
            self.due_at,
            self.warn_at,
            self.provisional,
        )

    @property
    def is_open(self) -> bool:
        """Neither met nor cancelled."""
        return self.met_at is None and self.cancelled_at is None

    @property
    def is_paused(self) -> bool:
        """Open, and standing still on a legal ground."""
        return self.is_open and self.running_since is None

    @property
    def on_time(self) -> bool | None:
        """Whether it was met in time; None while it is not met."""
        if self.met_at is None:
            return None
        if self.due_at is None:  # met while standing still
            return self.spent <= self.budget
        return not rules.is_late(self.due_at, self.met_at, provisional=self.provisional)

    def lamp(self, now: datetime) -> rules.Lamp:
        """The colour of the clock at `now`."""
        return rules.lamp(
            due_at=self.due_at,
            warn_at=self.warn_at,
            met_at=self.met_at or self.cancelled_at,
            paused=self.is_paused,
            provisional=self.provisional,
            now=now,
        )

    def read(self, reading: Reading) -> None:
        """Take over a new reading."""
        self.budget = reading.budget
        self.spent = reading.spent
        self.running_since = reading.running_since
        self.due_at = reading.due_at
        self.warn_at = reading.warn_at
        self.provisional = reading.provisional


OPEN = and_(Clock.met_at.is_(None), Clock.cancelled_at.is_(None))
_NOTICES = text("kind = 'one_time_notice'")

Index("ix_clocks_subject", Clock.subject_type, Clock.subject_id, Clock.kind)
Index(
    "uq_clocks_open",
    Clock.subject_type,
    Clock.subject_id,
    Clock.kind,
    unique=True,
    postgresql_where=OPEN,
    sqlite_where=OPEN,
)
Index("ix_clocks_open_due", Clock.due_at, postgresql_where=OPEN, sqlite_where=OPEN)
Index(
    "ix_clocks_notice_due",
    Clock.due_at,
    Clock.id,
    Clock.subject_id,
    postgresql_where=_NOTICES,
    sqlite_where=_NOTICES,
)
Index("ix_clocks_open_warn", Clock.warn_at, postgresql_where=OPEN, sqlite_where=OPEN)


class ClockPause(Model):
    """One interval in which a clock stood still, with the paper that allowed it."""

    __tablename__ = "clock_pauses"
    __table_args__ = (Index("ix_clock_pauses_from", "from_at"),)

    id: Mapped[Key]
    clock_id: Mapped[int] = mapped_column(BigInt, ForeignKey("clocks.id"), index=True)
    from_at: Mapped[datetime]
    to_at: Mapped[datetime | None] = mapped_column(default=None)
    legal_type: Mapped[PauseKind]
    document_no: Mapped[str] = mapped_column(String(80))
    approver_id: Mapped[Ref]
    reason: Mapped[str] = mapped_column(String(500), default="")


class ClockExtension(Model):
    """What was added to a clock's budget, in the clock's own unit of account."""

    __tablename__ = "clock_extensions"

    id: Mapped[Key]
    clock_id: Mapped[int] = mapped_column(BigInt, ForeignKey("clocks.id"), index=True)
    at: Mapped[datetime]
    amount: Mapped[int] = mapped_column(BigInt)
    document_no: Mapped[str] = mapped_column(String(80), default="")
    approver_id: Mapped[Ref]
    reason: Mapped[str] = mapped_column(String(500), default="")


class ClockBreach(Model):
    """A threshold crossed; once per clock and threshold, whoever notices first."""

    __tablename__ = "clock_breaches"
    __table_args__ = (UniqueConstraint("clock_id", "threshold"),)

    id: Mapped[Key]
    clock_id: Mapped[int] = mapped_column(BigInt, ForeignKey("clocks.id"))
    threshold: Mapped[Threshold]
    due_at: Mapped[datetime]
    at: Mapped[datetime]
