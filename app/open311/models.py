"""Tables of what came in by GeoReport: which key brought which matter or update.

Words lie with the matter; here nothing names anybody. The public reads `app.publishing`.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.kernel.db import Key, Model, Ref, StringList

ONLY_ROW: Final = 1


class GeoRequest(Model):
    """One request a partner's program posted. `request_id` is what the public will call it too.

    `media_urls` are links the program gave; we never open them.
    """

    __tablename__ = "open311_requests"

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), unique=True)
    request_id: Mapped[str] = mapped_column(String(16), unique=True)
    key_id: Mapped[Ref] = mapped_column(ForeignKey("partner_keys.id"), index=True)
    media_urls: Mapped[list[str]] = mapped_column(StringList)
    created_at: Mapped[datetime]


class GeoUpdate(Model):
    """One update a partner's program posted, so that the same one is never taken twice.

    `client_id` is its name for it, `word` the state it claims: we write it down and change nothing.
    """

    __tablename__ = "open311_updates"
    __table_args__ = (UniqueConstraint("key_id", "client_id"),)

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    key_id: Mapped[Ref] = mapped_column(ForeignKey("partner_keys.id"))
    client_id: Mapped[str] = mapped_column(String(100))
    word: Mapped[str] = mapped_column(String(40))
    media_urls: Mapped[list[str]] = mapped_column(StringList)
    happened_at: Mapped[datetime]
    created_at: Mapped[datetime]


class GeoChangeset(Model):
    """Since when the services and their questions are what they are; one row."""

    __tablename__ = "open311_changeset"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime]
