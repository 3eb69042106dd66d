"""Tables of notices: what lies in the inboxes of staff.

Holds columns only. No personal data: an entry names a matter by its number.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import JsonDict, Key, Model, Ref


class StaffEntry(Model):
    """One thing a member of staff is told; `msgid` is a marked sentence, `link` where it leads."""

    __tablename__ = "staff_entries"
    __table_args__ = (
        Index("ix_staff_entries_staff", "staff_id", "id"),
        # What is unread is asked for on every page: it is found without the history.
        Index(
            "ix_staff_entries_unread",
            "staff_id",
            "link",
            postgresql_where=text("read_at IS NULL"),
            sqlite_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    staff_id: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    msgid: Mapped[str] = mapped_column(Text)
    params: Mapped[JsonDict]
    link: Mapped[str] = mapped_column(String(120), default="")
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None] = mapped_column(default=None)
