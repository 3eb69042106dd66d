"""The tree of units: bureaus, centres, districts, streets, communities, enterprises, crews.

Holds columns only; moving a unit rewrites its whole subtree and is done by the service.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, ForeignKey, String, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column, object_session

from app.departments.rules import UnitKind
from app.kernel import revisions
from app.kernel.db import BigInt, Key, Model

TREE: Final = "units"  # the name of the tree among the things processes keep

# Byte order: then a subtree is one stretch of the index, and sorting by path walks the tree.
_PATH: Final = String(255).with_variant(String(255, collation="C"), "postgresql")


class Unit(Model):
    """One body that can receive work or employ staff.

    `path` lists the ids from the root down to the unit itself, as in `/1/4/9/`,
    so that a subtree is one indexed prefix.
    """

    __tablename__ = "units"
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[UnitKind]
    parent_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("units.id"), index=True)
    path: Mapped[str] = mapped_column(_PATH, default="", index=True)
    region_code: Mapped[str] = mapped_column(String(12), default="", index=True)
    phone: Mapped[str] = mapped_column(String(32), default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    # Announced to be closed: it gets nothing new, and what it has is given to others.
    ending_since: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy reads it as a plain class attribute


@event.listens_for(Unit, "after_insert")
@event.listens_for(Unit, "after_update")
@event.listens_for(Unit, "after_delete")
def _tree_changed(_: Mapper[Unit], connection: Connection, unit: Unit) -> None:
    revisions.renew(connection, TREE)
    if (session := object_session(unit)) is not None:
        revisions.forget(session)
