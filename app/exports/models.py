"""The table of exports: who took what out, why, and what became of it.

The row outlives the file; it holds no personal data, only what was asked for.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.exports.rules import KEPT, ExportState, Format
from app.kernel.db import JsonDict, Key, Model, Ref


class Export(Model):
    """One file somebody ordered.

    `ref` names the file in its folder. The file's own key is stored sealed, and deleted
    when the file expires: then no copy of it can be read any more.
    """

    __tablename__ = "exports"
    __table_args__ = (
        Index("ix_exports_staff", "staff_id", "id"),
        Index("ix_exports_expires_at", "expires_at"),
    )

    id: Mapped[Key]
    ref: Mapped[str] = mapped_column(String(43), unique=True)
    source: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(120), default="")
    params: Mapped[JsonDict]
    format: Mapped[Format]
    is_clear: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(300))
    locale: Mapped[str] = mapped_column(String(8))
    staff_id: Mapped[Ref] = mapped_column(ForeignKey("staff.id"))
    state: Mapped[ExportState] = mapped_column(default=ExportState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    rows_done: Mapped[int] = mapped_column(default=0)
    size: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str] = mapped_column(String(200), default="")
    file_key: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    created_at: Mapped[datetime]
    made_at: Mapped[datetime | None] = mapped_column(default=None)
    expires_at: Mapped[datetime]
    downloads: Mapped[int] = mapped_column(default=0)

    def begin(self, file_key: bytes) -> None:
        """A worker sets about it."""
        self.state, self.tries, self.rows_done = ExportState.MAKING, self.tries + 1, 0
        self.file_key = file_key

    def deliver(self, *, rows: int, size: int, now: datetime) -> None:
        """The file lies ready, and is kept for a week from now."""
        self.state, self.rows_done, self.size = ExportState.READY, rows, size
        self.made_at, self.expires_at, self.trouble = now, now + KEPT, ""

    def give_up(self, trouble: str) -> None:
        """It cannot be made; `trouble` is a marked sentence."""
        self.state, self.trouble, self.file_key = ExportState.FAILED, trouble, None

    def expire(self) -> None:
        """The file is gone; the row stays for whoever asks what was taken out."""
        self.state, self.file_key = ExportState.EXPIRED, None
