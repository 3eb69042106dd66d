"""The one table of watching: who follows which matter, and where they are told.

An address lies sealed and goes when nobody confirmed it, or once the matter is long over; what
stays then is that somebody said "me too".
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.citizens.rules import ContactKind
from app.kernel.db import BigInt, Key, Model, Ref
from app.watching.rules import Why

_ADDRESSED = text("address IS NOT NULL")
_NAMED = text("citizen_id IS NOT NULL")


class Watcher(Model):
    """Somebody who watches a matter: a citizen signed in, an address, or only a browser.

    `who` is a keyed digest that knows the same one again. `told_seq` is the last line of the
    history they were told of. Nobody is told before `confirmed_at` or after `ended_at`.
    """

    __tablename__ = "watchers"
    __table_args__ = (
        UniqueConstraint("case_id", "who"),
        Index("ix_watchers_case", "case_id", "id"),
        Index("ix_watchers_citizen", "citizen_id", "id", postgresql_where=_NAMED,
              sqlite_where=_NAMED),
        Index("ix_watchers_addressed", "watched_at", postgresql_where=_ADDRESSED,
              sqlite_where=_ADDRESSED),
    )  # fmt: skip

    id: Mapped[Key]
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"))
    why: Mapped[Why]
    citizen_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("citizens.id"), default=None)
    who: Mapped[bytes | None] = mapped_column(LargeBinary(16), default=None)
    kind: Mapped[ContactKind | None] = mapped_column(default=None)
    place: Mapped[str] = mapped_column(String(16))
    address: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    token_digest: Mapped[bytes | None] = mapped_column(LargeBinary(16), unique=True, default=None)
    locale: Mapped[str] = mapped_column(String(8))
    watched_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    told_seq: Mapped[int] = mapped_column(default=0)

    @property
    def is_told(self) -> bool:
        """Whether news of the matter go to them."""
        return self.confirmed_at is not None and self.ended_at is None
