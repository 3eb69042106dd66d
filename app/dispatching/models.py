"""Tables of giving out work: alerts of the directory, how a unit shares its work, who is away.

Ids, dates and numbers only.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.dispatching.rules import USUAL_CAP, Fault
from app.kernel.db import BigInt, Key, Model


class DirectoryAlert(Model):
    """A place where the directory needs mending; one row for each, raised again when it comes back.

    `subject` names the fault: the line that points at a closed unit, or the category and
    region that no line and no district serves.
    """

    __tablename__ = "directory_alerts"

    id: Mapped[Key]
    subject: Mapped[str] = mapped_column(String(60), unique=True)
    fault: Mapped[Fault]
    rule_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("dispatch_rules.id"), default=None
    )
    unit_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("units.id"), default=None)
    category_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("categories.id"), default=None
    )
    region_code: Mapped[str] = mapped_column(String(12), default="")
    raised_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None] = mapped_column(default=None, index=True)
    met: Mapped[int] = mapped_column(default=0)  # matters that ran into it since it was raised


class UnitWork(Model):
    """How a unit shares out its work: the most open matters a person gets, and whose turn it is."""

    __tablename__ = "unit_work"

    unit_id: Mapped[int] = mapped_column(BigInt, ForeignKey("units.id"), primary_key=True)
    cap: Mapped[int] = mapped_column(default=USUAL_CAP)
    is_automatic: Mapped[bool] = mapped_column(default=False)
    last_staff_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class Absence(Model):
    """Somebody is away up to and including this day, and is given nothing until then."""

    __tablename__ = "absences"

    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff.id"), primary_key=True)
    until_on: Mapped[date]
    set_by: Mapped[int] = mapped_column(BigInt)
    set_at: Mapped[datetime]
