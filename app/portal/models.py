"""The one table of the portal: short notices on its front page.

Who may write them is administration's business; here they are only kept.
"""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Key, Model


class Notice(Model):
    """A few sentences for everybody, shown from one instant to another."""

    __tablename__ = "portal_notices"
    __table_args__ = (Index("ix_portal_notices_shown_from", "shown_from"),)

    id: Mapped[Key]
    title: Mapped[str] = mapped_column(String(120))
    title_en: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text)
    body_en: Mapped[str] = mapped_column(Text, default="")
    shown_from: Mapped[datetime]
    shown_to: Mapped[datetime | None] = mapped_column(default=None)
