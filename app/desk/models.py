"""What staff keep at the desk: named filters, macros, and runs of one deed on many matters.

No personal data of citizens: texts hold places that are filled for each matter as it is done.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.kinds import Action
from app.desk.bulk.rules import BulkDeed, BulkState, RowState
from app.kernel.db import BigInt, JsonDict, Key, Model, Ref


class SavedFilter(Model):
    """A list somebody comes back to, by a name; with a unit everybody in it has it too."""

    __tablename__ = "saved_filters"
    __table_args__ = (UniqueConstraint("staff_id", "name"),)

    id: Mapped[Key]
    staff_id: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    name: Mapped[str] = mapped_column(String(30))
    query: Mapped[str] = mapped_column(String(600))
    unit_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("units.id"), index=True, default=None
    )


class Macro(Model):
    """A step with its facts and words under a name: one's own, or with a unit the unit's."""

    __tablename__ = "macros"
    __table_args__ = (UniqueConstraint("staff_id", "name"),)

    id: Mapped[Key]
    staff_id: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    unit_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("units.id"), index=True, default=None
    )
    name: Mapped[str] = mapped_column(String(40))
    action: Mapped[Action]
    facts: Mapped[JsonDict] = mapped_column(default=dict)
    text: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class BulkRun(Model):
    """One deed on many matters, from the choice to the result of each."""

    __tablename__ = "bulk_runs"
    __table_args__ = (Index("ix_bulk_runs_staff", "staff_id", "id"),)

    id: Mapped[Key]
    staff_id: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[BulkState] = mapped_column(default=BulkState.DRAFT)
    deed: Mapped[BulkDeed | None] = mapped_column(default=None)
    given: Mapped[JsonDict] = mapped_column(default=dict)
    came_from: Mapped[str] = mapped_column(String(600), default="")  # the list, as an address
    left_out: Mapped[int] = mapped_column(default=0)  # beyond the most that one run takes
    created_at: Mapped[datetime]
    began_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name


class BulkRow(Model):
    """One matter of a run: the version it was chosen at, and what became of it."""

    __tablename__ = "bulk_rows"
    __table_args__ = (
        UniqueConstraint("run_id", "case_id"),
        Index("ix_bulk_rows_state", "run_id", "state", "id"),
    )

    id: Mapped[Key]
    run_id: Mapped[Ref] = mapped_column(ForeignKey("bulk_runs.id", ondelete="CASCADE"))
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    seen: Mapped[int]
    state: Mapped[RowState] = mapped_column(default=RowState.WAITING)
    why: Mapped[str] = mapped_column(String(300), default="")
    at: Mapped[datetime | None] = mapped_column(default=None)
