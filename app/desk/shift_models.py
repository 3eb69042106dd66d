"""Tables of the end of a shift: who left what to whom, thing by thing, and who took it over.

Things are named by their own random names and numbers; nothing here is about a citizen.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from app.desk.shift.rules import ItemKind
from app.kernel.db import BigInt, Key, Model, Ref


class ShiftHandover(Model):
    """What somebody leaves at the end of a shift, and who took it over.

    The counts are those of the moment; `note` is sealed, for it may name people.
    """

    __tablename__ = "shift_handovers"
    __table_args__ = (
        Index(
            "ix_shift_handovers_open",
            "hall_id",
            "id",
            postgresql_where=text("accepted_at IS NULL"),
            sqlite_where=text("accepted_at IS NULL"),
        ),
        Index("ix_shift_handovers_from", "from_id", "id"),
    )

    id: Mapped[Key]
    hall_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    counter: Mapped[int | None] = mapped_column(default=None)
    from_id: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    to_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    note: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    place: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]
    document_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("documents.id"), default=None
    )
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    accepted_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class ShiftItem(Model):
    """One thing on a hand-over list: what sort, and by what it is found again."""

    __tablename__ = "shift_items"
    __table_args__ = (Index("ix_shift_items_handover", "handover_id", "id"),)

    id: Mapped[Key]
    handover_id: Mapped[Ref] = mapped_column(ForeignKey("shift_handovers.id"))
    kind: Mapped[ItemKind]
    ref: Mapped[str] = mapped_column(String(80))
