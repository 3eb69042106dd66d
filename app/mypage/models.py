"""Tables of a citizen's own page: codes sent, browsers signed in, matters linked.

No code and no token is stored, only keyed digests; what was typed lies sealed.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.citizens.rules import ContactKind
from app.kernel.db import BigInt, Key, Model, Ref
from app.mypage.rules import Goal


class ContactCode(Model):
    """One code for one telephone number or e-mail address, good for ten minutes and one use.

    A row is also made for a number nobody here has: then nothing is sent, and no try
    succeeds, but the page behaves alike.
    """

    __tablename__ = "contact_codes"
    __table_args__ = (Index("ix_contact_codes_expires_at", "expires_at"),)

    id: Mapped[Key]
    ref_digest: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    goal: Mapped[Goal]
    citizen_id: Mapped[int | None] = mapped_column(
        BigInt, ForeignKey("citizens.id"), index=True, default=None
    )
    kind: Mapped[ContactKind]
    value: Mapped[bytes] = mapped_column(LargeBinary)
    place: Mapped[str] = mapped_column(String(40))
    code_digest: Mapped[bytes] = mapped_column(LargeBinary(16))
    is_known: Mapped[bool]
    locale: Mapped[str] = mapped_column(String(8))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    name_tries: Mapped[int] = mapped_column(default=0)
    checked_at: Mapped[datetime | None] = mapped_column(default=None)
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class CitizenSession(Model):
    """One browser a citizen signed in with; apart from the sessions of staff."""

    __tablename__ = "citizen_sessions"
    __table_args__ = (Index("ix_citizen_sessions_expires_at", "expires_at"),)

    id: Mapped[Key]
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(16), unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)


class SessionPerson(Model):
    """A row of citizens the session stands for; several where one person was registered twice."""

    __tablename__ = "citizen_session_people"
    __table_args__ = (UniqueConstraint("session_id", "citizen_id"),)

    id: Mapped[Key]
    session_id: Mapped[Ref] = mapped_column(ForeignKey("citizen_sessions.id"))
    citizen_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"), index=True)


class LinkedCase(Model):
    """A matter reported without a name that a citizen put on their own page by its code.

    Staff do not see this: who reported without a name stays unnamed to them.
    """

    __tablename__ = "linked_cases"
    __table_args__ = (UniqueConstraint("citizen_id", "case_id"),)

    id: Mapped[Key]
    citizen_id: Mapped[Ref] = mapped_column(ForeignKey("citizens.id"))
    case_id: Mapped[Ref] = mapped_column(ForeignKey("cases.id"), index=True)
    linked_at: Mapped[datetime]
