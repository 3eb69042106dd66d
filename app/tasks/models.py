"""The table of tasks: what an assisting unit was asked for, by when, and where it stands.

Holds ids and dates only. The words stand in the history of the matter, where retention and
erasure find them.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import BigInt, Key, Model, Ref
from app.tasks.rules import TaskState

_OPEN = text("ended_at IS NULL")


class Task(Model):
    """One part of a matter that another unit does for the one that leads it.

    A unit has at most one open task of a matter. `due_at` mirrors the clock of the round.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        Index(
            "uq_tasks_open",
            "case_id",
            "unit_id",
            unique=True,
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
        Index("ix_tasks_case", "case_id"),
        Index("ix_tasks_open_due", "due_at", "id", postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index(
            "ix_tasks_open_unit",
            "unit_id",
            "due_at",
            "id",
            postgresql_where=_OPEN,
            sqlite_where=_OPEN,
        ),
    )

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    state: Mapped[TaskState] = mapped_column(default=TaskState.ASKED)
    round: Mapped[int] = mapped_column(default=1)
    asked_at: Mapped[datetime]
    asked_by: Mapped[int | None] = mapped_column(BigInt, default=None)
    asked_event_id: Mapped[Ref] = mapped_column(ForeignKey("case_events.id"))
    due_at: Mapped[datetime]
    signed_at: Mapped[datetime | None] = mapped_column(default=None)
    signed_by: Mapped[int | None] = mapped_column(BigInt, default=None)
    replied_at: Mapped[datetime | None] = mapped_column(default=None)
    reply_event_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("case_events.id"), default=None
    )
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own name
