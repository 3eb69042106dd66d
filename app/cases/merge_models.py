"""The table of merges: which matter followed which, from when to when, and where it came from.

What undoing a merge needs is written down when it is made; nothing of what people said.
"""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.cases.kinds import Status
from app.kernel.db import BigInt, Key, Model, Ref

_IN_FORCE = text("ended_at IS NULL")


class CaseMerge(Model):
    """One matter following another; in force while it has not ended.

    `from_status`, `unit_id` and `handler_id` are where the follower stood; `rested` are its own
    clocks, which rest meanwhile. `moved_with_id` is the merge that took it along, when the
    matter it followed was itself merged: then this one ends with that one. `ended_how` is the
    action that ended it.
    """

    __tablename__ = "case_merges"
    __table_args__ = (
        Index(
            "uq_case_merges_in_force",
            "follower_id",
            unique=True,
            postgresql_where=_IN_FORCE,
            sqlite_where=_IN_FORCE,
        ),
        Index("ix_case_merges_follower", "follower_id"),
        Index("ix_case_merges_master", "master_id", "id"),
        Index("ix_case_merges_moved_with", "moved_with_id"),
    )

    id: Mapped[Key]
    follower_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    master_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    moved_with_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("case_merges.id"), default=None
    )
    from_status: Mapped[Status]
    unit_id: Mapped[Ref] = mapped_column(ForeignKey("units.id"))
    handler_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    rested: Mapped[list[int]] = mapped_column(JSON().with_variant(JSONB, "postgresql"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_how: Mapped[str] = mapped_column(String(24), default="")
