"""The tree of units: bureaus, centres, districts, streets, communities, enterprises, crews.

Holds columns only; moving a unit rewrites its whole subtree and is done by the service.
"""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.departments.rules import UnitKind
from app.kernel.db import BigInt, Key, Model


class Unit(Model):
    """One body that can receive work or employ staff.

    `path` lists the ids from the root down to the unit itself, as in `/1/4/9/`,
    so that a subtree is one indexed prefix.
    """

    __tablename__ = "units"
    # text_pattern_ops: PostgreSQL serves LIKE 'prefix%' from an index only with it.
    __table_args__ = (Index("ix_units_path", "path", postgresql_ops={"path": "text_pattern_ops"}),)

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[UnitKind]
    parent_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("units.id"), index=True)
    path: Mapped[str] = mapped_column(String(255), default="")
    region_code: Mapped[str] = mapped_column(String(12), default="", index=True)
    phone: Mapped[str] = mapped_column(String(32), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy reads it as a plain class attribute
