"""The table of what repairs have besides: their type, who has them, how far they have come.

Columns only. Photos, materials and links of a repair are in `app.repairs`.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, Numeric, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.kinds import NotFiled
from app.kernel.db import BigInt, Model, StringList

_WITH_CREW = text("crew_id IS NOT NULL")
_WITH_ASSET = text("asset_id IS NOT NULL")
_REPAIRED = text("repaired_at IS NOT NULL")


class Repair(Model):
    """One repair beside its matter; everything of a type that counts is copied here (§5).

    `dangers` are the keys of the dangers named at the report. `safety_due_at` is until when the
    spot must be made safe, None where nothing is dangerous. `hours` and `cost` (cents, without
    materials) are sums over all rounds. `contractor` names who it was lent to.
    """

    __tablename__ = "repairs"
    __table_args__ = (
        Index(
            "ix_repairs_crew",
            "crew_id",
            "case_id",
            postgresql_where=_WITH_CREW,
            sqlite_where=_WITH_CREW,
        ),
        Index(
            "ix_repairs_asset",
            "asset_id",
            "case_id",
            postgresql_where=_WITH_ASSET,
            sqlite_where=_WITH_ASSET,
        ),
        Index("ix_repairs_type", "type_id", "case_id"),
        # What a crew has repaired today must not grow with what it repaired before.
        Index(
            "ix_repairs_crew_done",
            "crew_id",
            "repaired_at",
            postgresql_where=_REPAIRED,
            sqlite_where=_REPAIRED,
        ),
    )

    case_id: Mapped[int] = mapped_column(BigInt, ForeignKey("cases.id"), primary_key=True)
    type_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("facility_types.id"), default=None
    )
    asset_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("assets.id"), default=None)
    is_danger: Mapped[bool] = mapped_column(default=False)
    dangers: Mapped[list[str]] = mapped_column(StringList, default=list)
    needs_before: Mapped[bool] = mapped_column(default=False)
    needs_after: Mapped[bool] = mapped_column(default=False)
    safety_due_at: Mapped[datetime | None] = mapped_column(default=None)
    safety_done_at: Mapped[datetime | None] = mapped_column(default=None)
    crew_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("units.id"), default=None)
    contractor: Mapped[str] = mapped_column(String(80), default="")
    is_by_rule: Mapped[bool] = mapped_column(default=False)  # filed without anybody looking
    is_territorial: Mapped[bool] = mapped_column(default=False)  # no owner: 属地协调
    not_filed: Mapped[NotFiled | None] = mapped_column(default=None)
    filed_at: Mapped[datetime | None] = mapped_column(default=None)
    dispatched_at: Mapped[datetime | None] = mapped_column(default=None)
    signed_at: Mapped[datetime | None] = mapped_column(default=None)
    on_way_at: Mapped[datetime | None] = mapped_column(default=None)
    on_site_at: Mapped[datetime | None] = mapped_column(default=None)
    repaired_at: Mapped[datetime | None] = mapped_column(default=None)
    checked_at: Mapped[datetime | None] = mapped_column(default=None)
    rework_count: Mapped[int] = mapped_column(default=0)
    hours: Mapped[Decimal] = mapped_column(Numeric(8, 2), default=Decimal(0))
    cost: Mapped[int] = mapped_column(BigInt, default=0)
    answers: Mapped[bytes | None] = mapped_column(default=None)
    place_key: Mapped[str] = mapped_column(String(16), default="")
