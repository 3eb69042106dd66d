"""Tables of facilities: their types, the register of assets, and photos of them.

A type is one category of the catalogue (F....): limits and directory stand there. Repairs point
at an asset; an asset knows nothing of repairs.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import (
    Connection,
    ForeignKey,
    Index,
    Numeric,
    String,
    Text,
    event,
    false,
    text,
)
from sqlalchemy.orm import Mapped, Mapper, mapped_column, object_session

from app.facilities.rules import AssetState, Family
from app.kernel import revisions
from app.kernel.db import BigInt, Key, Model, Ref, StringList

TYPES: Final = "facility_types"  # the name of the types among the things processes keep
_PLACED: Final = text("cell IS NOT NULL")


class FacilityType(Model):
    """A type of facility (部件) or event (事件): what only repairs need beside its category.

    `forms`, `dangers` and `questions` hold what `rules.content` reads. `is_home`: it stands at or
    in somebody's dwelling. `is_filed_by_rule`: a report of a known one, without danger, is filed
    without being looked at first.
    """

    __tablename__ = "facility_types"

    id: Mapped[Key]
    category_id: Mapped[Ref] = mapped_column(ForeignKey("categories.id"), unique=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    family: Mapped[Family]
    owner: Mapped[str] = mapped_column(String(120), default="")
    owner_en: Mapped[str] = mapped_column(String(200), default="")
    filing: Mapped[str] = mapped_column(String(300), default="")
    filing_en: Mapped[str] = mapped_column(String(400), default="")
    forms: Mapped[list[dict[str, Any]]] = mapped_column(StringList, default=list)
    dangers: Mapped[list[dict[str, Any]]] = mapped_column(StringList, default=list)
    questions: Mapped[list[dict[str, Any]]] = mapped_column(StringList, default=list)
    near_radius_m: Mapped[int] = mapped_column(default=50)
    needs_before: Mapped[bool] = mapped_column(default=True)
    needs_after: Mapped[bool] = mapped_column(default=True)
    safety_minutes: Mapped[int | None] = mapped_column(default=None)
    repeat_count: Mapped[int] = mapped_column(default=3)
    repeat_days: Mapped[int] = mapped_column(default=90)
    repeat_in_district: Mapped[int] = mapped_column(default=20, server_default="20")
    is_public: Mapped[bool] = mapped_column(default=True)
    is_home: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_filed_by_rule: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_sample: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class Asset(Model):
    """A facility of the register, named by its sixteen digits (rulebook §5).

    `plate` is the number painted on it (lamp-post number), `cell` the grid cell of its position
    (`kernel.geo.cell`).
    """

    __tablename__ = "assets"
    __table_args__ = (
        Index("ix_assets_cell", "cell", "id", postgresql_where=_PLACED, sqlite_where=_PLACED),
        Index("ix_assets_type", "type_id", "code"),
        Index("ix_assets_region", "region_code", "code"),
        Index("ix_assets_owner", "owner_unit_id", "code"),
    )

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(16), unique=True)
    # What it is found by (`word_models`): what these said before is known when they change.
    plate: Mapped[str | None] = mapped_column(
        String(40), unique=True, default=None, active_history=True
    )
    type_id: Mapped[Ref] = mapped_column(ForeignKey("facility_types.id"))
    name: Mapped[str] = mapped_column(String(120), default="", active_history=True)
    place: Mapped[str] = mapped_column(String(200), default="", active_history=True)
    region_code: Mapped[str] = mapped_column(String(12), default="")
    lon: Mapped[Decimal | None] = mapped_column(Numeric(9, 6), default=None)
    lat: Mapped[Decimal | None] = mapped_column(Numeric(9, 6), default=None)
    cell: Mapped[int | None] = mapped_column(BigInt, default=None)
    owner_unit_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("units.id"), default=None)
    state: Mapped[AssetState] = mapped_column(default=AssetState.IN_USE)
    built_on: Mapped[date | None] = mapped_column(default=None)
    note: Mapped[str] = mapped_column(Text, default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class AssetPhoto(Model):
    """A photo of an asset as it should be; `file` is its SHA-256 in the store."""

    __tablename__ = "asset_photos"

    id: Mapped[Key]
    asset_id: Mapped[Ref] = mapped_column(ForeignKey("assets.id"), index=True)
    file: Mapped[str] = mapped_column(String(64), index=True)
    file_type: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(String(120), default="")
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigInt, default=None)


@event.listens_for(FacilityType, "after_insert")
@event.listens_for(FacilityType, "after_update")
@event.listens_for(FacilityType, "after_delete")
def _types_changed(_: Mapper[FacilityType], connection: Connection, row: FacilityType) -> None:
    revisions.renew(connection, TYPES)
    if (session := object_session(row)) is not None:
        revisions.forget(session)
