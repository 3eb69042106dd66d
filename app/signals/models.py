"""Tables of signals: what is counted, from how many on, what was raised, whom it tells.

Holds no words of citizens; notes on a signal are of staff.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import BigInt, Key, Model, Ref
from app.signals.rules import Level

_UNSEEN = text("checked_at IS NULL")
_OPEN = text("closed_at IS NULL")


class SignalMark(Model):
    """One order as it is counted; kept as long as a window looks back.

    `person` is the citizen's key, or the order's own where nobody is named.
    """

    __tablename__ = "signal_marks"
    __table_args__ = (
        Index("ix_signal_marks_unseen", "at", postgresql_where=_UNSEEN, sqlite_where=_UNSEEN),
        Index("ix_signal_marks_category", "category_id", "at"),
        Index("ix_signal_marks_at", "at"),
    )

    case_id: Mapped[int] = mapped_column(BigInt, ForeignKey("cases.id"), primary_key=True)
    person: Mapped[str] = mapped_column(String(24))
    category_id: Mapped[Ref] = mapped_column(ForeignKey("categories.id"))
    region_code: Mapped[str] = mapped_column(String(12))
    lon: Mapped[Decimal | None] = mapped_column(Numeric(9, 6), default=None)
    lat: Mapped[Decimal | None] = mapped_column(Numeric(9, 6), default=None)
    at: Mapped[datetime]
    checked_at: Mapped[datetime | None] = mapped_column(default=None)


class Signal(Model):
    """Many people, or one grave word, at one place; open until a person closes it.

    Only a yellow one that stays quiet goes out by itself: then `closed_by` is empty.
    """

    __tablename__ = "signals"
    __table_args__ = (
        Index(
            "ix_signals_open",
            "category_id",
            "id",
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
    )

    id: Mapped[Key]
    level: Mapped[Level]
    category_id: Mapped[Ref] = mapped_column(ForeignKey("categories.id"))
    region_code: Mapped[str] = mapped_column(String(12), index=True)
    lon: Mapped[Decimal | None] = mapped_column(Numeric(9, 6), default=None)
    lat: Mapped[Decimal | None] = mapped_column(Numeric(9, 6), default=None)
    word: Mapped[str] = mapped_column(String(20), default="")
    persons: Mapped[int]
    raised_at: Mapped[datetime]
    last_at: Mapped[datetime]
    seen_at: Mapped[datetime | None] = mapped_column(default=None)
    seen_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    closed_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class SignalCase(Model):
    """An order a signal rests on."""

    __tablename__ = "signal_cases"
    __table_args__ = (Index("ix_signal_cases_case", "case_id"),)

    signal_id: Mapped[int] = mapped_column(BigInt, ForeignKey("signals.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(BigInt, ForeignKey("cases.id"), primary_key=True)


class SignalThreshold(Model):
    """From how many people on; without rows the samples of the rules hold."""

    __tablename__ = "signal_thresholds"

    level: Mapped[Level] = mapped_column(primary_key=True)
    persons: Mapped[int]
    hours: Mapped[int]
    metres: Mapped[int]


class SignalWord(Model):
    """A word of which one order is enough for red."""

    __tablename__ = "signal_words"

    word: Mapped[str] = mapped_column(String(20), primary_key=True)


class SignalDuty(Model):
    """Who is told of red at once (值班); without rows, everybody who supervises matters."""

    __tablename__ = "signal_duties"

    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff.id"), primary_key=True)
