"""Tables of crews: what they can do and when, where they are now, whose turn it is, their way.

A position is where a crew was last, never a track: it is written over, and taken away when the
crew goes off line or after twelve hours.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.crews.rules.profile import USUAL_CAPACITY
from app.crews.rules.routing import Method
from app.kernel.db import BigInt, Model, StringList


class CrewProfile(Model):
    """What the head of a unit says about one of its crews.

    `skills` are codes of facility types or classes, `areas` region codes (none: everywhere),
    `week` seven lines of hours, Monday first, as `read_spans` reads them.
    """

    __tablename__ = "crew_profiles"

    unit_id: Mapped[int] = mapped_column(BigInt, ForeignKey("units.id"), primary_key=True)
    skills: Mapped[list[str]] = mapped_column(StringList, default=list)
    areas: Mapped[list[str]] = mapped_column(StringList, default=list)
    week: Mapped[list[str]] = mapped_column(StringList, default=list)
    capacity: Mapped[int] = mapped_column(default=USUAL_CAPACITY)
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class CrewDay(Model):
    """One date with other hours than the week's; an empty line means the crew is off."""

    __tablename__ = "crew_days"

    unit_id: Mapped[int] = mapped_column(BigInt, ForeignKey("units.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    hours: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(80), default="")


class CrewPresence(Model):
    """Whether a crew is on line, until when, and where it was last."""

    __tablename__ = "crew_presence"

    unit_id: Mapped[int] = mapped_column(BigInt, ForeignKey("units.id"), primary_key=True)
    online_until: Mapped[datetime | None] = mapped_column(default=None)
    seen_at: Mapped[datetime]
    lon: Mapped[float | None] = mapped_column(default=None)
    lat: Mapped[float | None] = mapped_column(default=None)
    placed_at: Mapped[datetime | None] = mapped_column(default=None, index=True)


class CrewPool(Model):
    """How a unit shares repairs among its crews: whether they may grab, and whose turn was last."""

    __tablename__ = "crew_pools"

    unit_id: Mapped[int] = mapped_column(BigInt, ForeignKey("units.id"), primary_key=True)
    may_grab: Mapped[bool] = mapped_column(default=False)
    last_crew_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("units.id"), default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class CrewRoute(Model):
    """The order in which a crew drives to its repairs on one day; `stops` are keys of matters."""

    __tablename__ = "crew_routes"

    unit_id: Mapped[int] = mapped_column(BigInt, ForeignKey("units.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True, index=True)
    stops: Mapped[list[int]] = mapped_column(StringList, default=list)
    method: Mapped[Method]
    planned_at: Mapped[datetime]
    planned_by: Mapped[int | None] = mapped_column(BigInt, default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name
