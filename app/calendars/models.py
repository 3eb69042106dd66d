"""Tables of the calendar: years with a notice, their dates, opening hours and what breaks them.

Rows are few (a few hundred) and read whole; arithmetic never touches them.
"""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import BigInt, Key, Model


class CalendarState(Model):
    """The one row that says which state of the calendar this is.

    `revision` is random, so that a copy kept by a process belongs to one state of one
    database and to no other.
    """

    __tablename__ = "calendar_state"

    id: Mapped[Key]
    revision: Mapped[str] = mapped_column(String(32))
    zone: Mapped[str] = mapped_column(String(40))
    changed_at: Mapped[datetime]


class CalendarYear(Model):
    """A year and the notice that settles it; a year without `official` is provisional."""

    __tablename__ = "calendar_years"

    id: Mapped[Key]
    year: Mapped[int] = mapped_column(unique=True)
    official: Mapped[bool] = mapped_column(default=True)
    notice_no: Mapped[str] = mapped_column(String(60), default="")
    source: Mapped[str] = mapped_column(String(120), default="")
    imported_at: Mapped[datetime]
    imported_by: Mapped[int | None] = mapped_column(BigInt, default=None)


class CalendarDay(Model):
    """A date given off (休) or worked (班), for the whole country or for one region.

    `notice_year` is the year of the notice that named it, None for a regional day
    settled by hand.
    """

    __tablename__ = "calendar_days"
    __table_args__ = (UniqueConstraint("day", "region_code"),)

    id: Mapped[Key]
    day: Mapped[date]
    region_code: Mapped[str] = mapped_column(String(12), default="")
    is_workday: Mapped[bool]
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    source: Mapped[str] = mapped_column(String(120), default="")
    notice_year: Mapped[int | None] = mapped_column(index=True, default=None)


class OpeningHours(Model):
    """One span of a weekday (0 is Monday); without a unit it is everybody's default."""

    __tablename__ = "opening_hours"
    __table_args__ = (Index("ix_opening_hours_unit", "unit_id", "weekday", "opens"),)

    id: Mapped[Key]
    unit_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("units.id"), default=None)
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]


class OpeningException(Model):
    """The hours of one date that differ from the pattern; without times the hall is closed."""

    __tablename__ = "opening_exceptions"
    __table_args__ = (Index("ix_opening_exceptions_unit", "unit_id", "day", "opens"),)

    id: Mapped[Key]
    unit_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("units.id"), default=None)
    day: Mapped[date]
    opens: Mapped[time | None] = mapped_column(default=None)
    closes: Mapped[time | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(String(80), default="")
