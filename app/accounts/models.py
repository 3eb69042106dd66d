"""Staff, their appointments, their sessions and what is remembered about sign-ins.

Holds columns only; every change goes through the service, which writes the audit row.
"""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.accounts.rules import Role, Scope
from app.kernel.db import BigInt, JsonDict, Key, Model


class Staff(Model):
    """A member of staff. `username` is stored lower-case and never reused."""

    __tablename__ = "staff"

    id: Mapped[Key]
    username: Mapped[str] = mapped_column(String(40), unique=True)
    display_name: Mapped[str] = mapped_column(String(60))
    password_hash: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[int] = mapped_column(BigInt, ForeignKey("units.id"), index=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    must_change_password: Mapped[bool] = mapped_column(default=True)
    password_changed_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    prefs: Mapped[JsonDict] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy reads it as a plain class attribute


class Appointment(Model):
    """A role held at a unit, from the first to the last day (local dates, both included)."""

    __tablename__ = "appointments"

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff.id"), index=True)
    role: Mapped[Role]
    unit_id: Mapped[int] = mapped_column(BigInt, ForeignKey("units.id"), index=True)
    scope: Mapped[Scope]
    may_see_confidential: Mapped[bool] = mapped_column(default=False)
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    granted_by: Mapped[int | None] = mapped_column(BigInt)
    granted_at: Mapped[datetime]


class StaffSession(Model):
    """One signed-in browser. Only the digest of its token is kept."""

    __tablename__ = "staff_sessions"

    id: Mapped[Key]
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    ip: Mapped[str] = mapped_column(String(45), default="")
    device: Mapped[str] = mapped_column(String(120), default="")


class KnownDevice(Model):
    """A browser somebody has signed in from; guessing elsewhere cannot lock it out."""

    __tablename__ = "known_devices"
    __table_args__ = (UniqueConstraint("staff_id", "token_digest"),)

    id: Mapped[Key]
    staff_id: Mapped[int] = mapped_column(BigInt, ForeignKey("staff.id"))
    token_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    last_used_at: Mapped[datetime]


class SignInFailure(Model):
    """Failed attempts for one name from one source; an empty source counts all of them.

    Names and sources are digests: people type passwords into the name field, and
    names nobody holds are counted exactly like real ones.
    """

    __tablename__ = "sign_in_failures"
    __table_args__ = (
        UniqueConstraint("name_digest", "source_digest"),
        Index("ix_sign_in_failures_last_at", "last_at"),
    )

    id: Mapped[Key]
    name_digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    source_digest: Mapped[bytes] = mapped_column(LargeBinary(32), default=b"")
    failures: Mapped[int]
    last_at: Mapped[datetime]
    blocked_until: Mapped[datetime | None]
