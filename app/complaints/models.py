"""Tables of people who call again and again without new facts: what they were told, what is agreed.

Nothing here stops anybody: no intake reads these tables.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import BigInt, Key, Model, Ref


class CallerWarning(Model):
    """Somebody was told that calling again without new facts keeps others waiting."""

    __tablename__ = "caller_warnings"
    __table_args__ = (Index("ix_caller_warnings_citizen", "citizen_id", "id"),)

    id: Mapped[Key]
    citizen_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"))
    words: Mapped[str] = mapped_column(Text)
    warned_at: Mapped[datetime]
    warned_by: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))


class CallerLimit(Model):
    """How repeated calls of one person are taken for a while: proposed, decided, looked at again.

    `look_again_on` is when somebody else than the proposer has to look at it; it ends by itself
    after `until_on` and can be ended on any day before.
    """

    __tablename__ = "caller_limits"
    __table_args__ = (Index("ix_caller_limits_citizen", "citizen_id", "id"),)

    id: Mapped[Key]
    citizen_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"))
    measure: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    until_on: Mapped[date]
    proposed_at: Mapped[datetime]
    proposed_by: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    was_granted: Mapped[bool | None] = mapped_column(default=None)
    look_again_on: Mapped[date | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_by: Mapped[int | None] = mapped_column(BigInt, ForeignKey("staff.id"), default=None)
    end_reason: Mapped[str] = mapped_column(Text, default="")
