"""Tables of what comes with repairs: photos, stock and materials, lent links, actions once sent.

Columns only. The repair itself (`Repair`) lies with the cases, whose steps look at it.
"""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Numeric,
    String,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.kinds import Action
from app.cases.repair_models import Repair
from app.cases.rules.repairing import PhotoStage
from app.kernel.db import BigInt, JsonDict, Key, Model, Ref

__all__ = [
    "ClientAction",
    "ContractorLink",
    "MaterialUse",
    "Repair",
    "RepairPhoto",
    "StockChange",
    "StockItem",
]

_IN_FORCE = text("revoked_at IS NULL")


class RepairPhoto(Model):
    """A photo of a repair by what it shows, with when and where it was taken, if that is known."""

    __tablename__ = "repair_photos"
    __table_args__ = (Index("ix_repair_photos_case", "case_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    attachment_id: Mapped[Ref] = mapped_column(ForeignKey("attachments.id"), unique=True)
    stage: Mapped[PhotoStage]
    round: Mapped[int] = mapped_column(default=1)
    taken_at: Mapped[datetime | None] = mapped_column(default=None)
    lon: Mapped[Decimal | None] = mapped_column(Numeric(9, 6), default=None)
    lat: Mapped[Decimal | None] = mapped_column(Numeric(9, 6), default=None)


class StockItem(Model):
    """A material a unit or crew has on hand; `price` in cents for one `measure`, None unknown."""

    __tablename__ = "stock_items"
    __table_args__ = (
        UniqueConstraint("unit_id", "name"),
        CheckConstraint("on_hand >= 0", name="not_below_zero"),
    )

    id: Mapped[Key]
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    name: Mapped[str] = mapped_column(String(80))
    measure: Mapped[str] = mapped_column(String(16))
    price: Mapped[int | None] = mapped_column(BigInt, default=None)
    on_hand: Mapped[Decimal] = mapped_column(Numeric(12, 2), default=Decimal(0))
    low_at: Mapped[Decimal | None] = mapped_column(Numeric(12, 2), default=None)
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class StockChange(Model):
    """One change of what is on hand: used for a repair, came in, or corrected with a reason."""

    __tablename__ = "stock_changes"
    __table_args__ = (Index("ix_stock_changes_item", "item_id", "id"),)

    id: Mapped[Key]
    item_id: Mapped[Ref] = mapped_column(ForeignKey("stock_items.id"))
    change: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    on_hand: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    why: Mapped[str] = mapped_column(String(200), default="")
    case_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("cases.id"), default=None)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigInt, default=None)


class MaterialUse(Model):
    """What was used for a repair; name, measure and price as they were that day.

    `item_id` is None for what came from no stock of ours.
    """

    __tablename__ = "material_uses"
    __table_args__ = (Index("ix_material_uses_case", "case_id", "id"),)

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    item_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("stock_items.id"), index=True, default=None
    )
    name: Mapped[str] = mapped_column(String(80))
    measure: Mapped[str] = mapped_column(String(16))
    quantity: Mapped[Decimal] = mapped_column(Numeric(12, 2))
    cost: Mapped[int | None] = mapped_column(BigInt, default=None)
    round: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime]


class ContractorLink(Model):
    """A repair lent to a contractor without an account, until a day, for one browser.

    The token is derived from the key and `generation`; only its digest is kept. `bound` is the
    digest of the browser that opened it first; another one needs the code, which is derived too.
    `has_stock`: they may take materials from the stock of the unit the repair lies with.
    """

    __tablename__ = "contractor_links"
    __table_args__ = (
        Index(
            "uq_contractor_links_case",
            "case_id",
            unique=True,
            postgresql_where=_IN_FORCE,
            sqlite_where=_IN_FORCE,
        ),
        Index("ix_contractor_links_case", "case_id", "id"),
    )

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    name: Mapped[str] = mapped_column(String(80))
    salt: Mapped[str] = mapped_column(String(16))
    digest: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    has_code: Mapped[bool] = mapped_column(default=True)
    has_stock: Mapped[bool] = mapped_column(default=False, server_default=false())
    bound: Mapped[bytes | None] = mapped_column(LargeBinary(16), default=None)
    tries: Mapped[int] = mapped_column(default=0)
    lent_at: Mapped[datetime]
    lent_by: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    expires_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


class ClientAction(Model):
    """One action a device sent, and what it was answered: sent again, it gets the same answer."""

    __tablename__ = "client_actions"
    __table_args__ = (Index("ix_client_actions_at", "at"),)

    id: Mapped[Key]
    client_id: Mapped[str] = mapped_column(String(64), unique=True)
    sender: Mapped[str] = mapped_column(String(40))
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    action: Mapped[Action]
    at: Mapped[datetime]
    answer: Mapped[JsonDict | None] = mapped_column(default=None)
