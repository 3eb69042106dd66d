"""Tables of notices: inboxes of staff, the ledger beside messages to citizens, texts, policy.

Holds columns only. What could name or reach somebody is stored sealed, and goes when the
matter or the person is erased.
"""

from datetime import datetime, time

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, Time, text
from sqlalchemy.orm import Mapped, mapped_column

from app.citizens.models import PLACE_LENGTH
from app.kernel.db import BigInt, JsonDict, Key, Model, Ref
from app.notifications.rules.deciding import Purpose


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


class LedgerEntry(Model):
    """Beside each message to a citizen: to whom, why, at which masked address, in which words.

    `words` are those that went out, exactly; empty before that. `template_id` is the text
    of the administrators that was used, None for the sentence of the house.
    """

    __tablename__ = "notice_ledger"
    __table_args__ = (Index("ix_notice_ledger_citizen", "citizen_id", "message_id"),)

    message_id: Mapped[int] = mapped_column(
        BigInt, ForeignKey("messages.id"), primary_key=True, autoincrement=False
    )
    citizen_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"))
    purpose: Mapped[Purpose]
    template_id: Mapped[int | None] = mapped_column(BigInt, default=None)
    place: Mapped[str] = mapped_column(String(PLACE_LENGTH))
    address: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    words: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)


class NoticeTemplate(Model):
    """One published version of the words of a notice in one language. Written once.

    The version in force at an instant is the newest published by then; an empty text gives
    the notice back to the sentence of the house.
    """

    __tablename__ = "notice_templates"
    __table_args__ = (Index("ix_notice_templates_code", "code", "locale", "id"),)

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(String(40))
    locale: Mapped[str] = mapped_column(String(8))
    words: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]
    published_by_id: Mapped[int | None] = mapped_column(BigInt, default=None)


class NoticePolicy(Model):
    """What the hall has decided about writing to citizens: one row, or none for the defaults."""

    __tablename__ = "notice_policy"

    id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    quiet_from: Mapped[time] = mapped_column(Time)
    quiet_until: Mapped[time] = mapped_column(Time)
    most_a_day: Mapped[int]
    only_verified: Mapped[bool]
    signature: Mapped[str] = mapped_column(String(40))
    signature_en: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy reads it as a plain class attribute
