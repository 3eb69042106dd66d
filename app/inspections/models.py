"""Tables of the preventive plan: what is inspected how often, its rounds, what was found where.

A check points at the repair it led to; a repair knows nothing of inspections.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.inspections.rules import Result, Rhythm
from app.kernel.db import BigInt, Key, Model, Ref

_OPEN = text("finished_at IS NULL")
_ACTIVE = text("is_active")


class InspectionPlan(Model):
    """What is inspected, how often and by whom.

    It covers the assets named in `inspection_plan_assets`; where none is named, those of its
    type (None: any) in its region ("": anywhere). `next_on` is the nominal day of the next round.
    """

    __tablename__ = "inspection_plans"
    __table_args__ = (
        Index(
            "ix_inspection_plans_next", "next_on", postgresql_where=_ACTIVE, sqlite_where=_ACTIVE
        ),
    )

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(120))
    type_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("facility_types.id"), default=None
    )
    region_code: Mapped[str] = mapped_column(String(12), default="")
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    inspector_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    rhythm: Mapped[Rhythm]
    every: Mapped[int] = mapped_column(default=1)
    starts_on: Mapped[date]
    days: Mapped[int] = mapped_column(default=3)
    next_on: Mapped[date]
    is_active: Mapped[bool] = mapped_column(default=True)
    is_sample: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class InspectionPlanAsset(Model):
    """An asset that a plan names itself."""

    __tablename__ = "inspection_plan_assets"

    plan_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("inspection_plans.id"), primary_key=True
    )
    asset_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("assets.id"), primary_key=True, index=True
    )


class InspectionRound(Model):
    """One walk of a plan: from a working day on, to be done by another.

    `nominal_on` is its day before rest days count, so that none is made twice.
    """

    __tablename__ = "inspection_rounds"
    __table_args__ = (
        UniqueConstraint("plan_id", "nominal_on"),
        Index(
            "ix_inspection_rounds_open",
            "due_on",
            "id",
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index("ix_inspection_rounds_begins", "begins_on", "id"),
    )

    id: Mapped[Key]
    plan_id: Mapped[Ref] = mapped_column(ForeignKey("inspection_plans.id"))
    nominal_on: Mapped[date]
    begins_on: Mapped[date]
    due_on: Mapped[date]
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    inspector_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    findings: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class InspectionCheck(Model):
    """An asset of a round, in the order of the walk, and what was found at it."""

    __tablename__ = "inspection_checks"
    __table_args__ = (
        UniqueConstraint("round_id", "asset_id"),
        Index("ix_inspection_checks_asset", "asset_id", "id"),
    )

    id: Mapped[Key]
    round_id: Mapped[Ref] = mapped_column(ForeignKey("inspection_rounds.id"))
    asset_id: Mapped[Ref] = mapped_column(ForeignKey("assets.id"))
    position: Mapped[int]
    result: Mapped[Result | None] = mapped_column(default=None)
    note: Mapped[str] = mapped_column(Text, default="")
    case_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("cases.id"), index=True, default=None
    )
    at: Mapped[datetime | None] = mapped_column(default=None)
    by_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name
