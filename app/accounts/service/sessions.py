"""Sessions of staff: opened at sign-in, looked up on every request, ended at will.

Only digests of tokens are stored; the token itself exists in the cookie alone.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import StaffSession
from app.accounts.rules import Actor, SessionLimits
from app.accounts.service.actors import actor_from

_KEPT_FOR: Final = timedelta(days=30)
_TOUCH_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Found:
    """A living session and the person it belongs to."""

    actor: Actor
    session_id: int
    last_seen_at: datetime
    ends_at: datetime
    must_change_password: bool
    prefs: Mapping[str, Any]


def digest(token: str) -> bytes:
    """What is stored in place of a token."""
    return hashlib.sha256(token.encode()).digest()


def open_session(
    session: Session,
    staff_id: int,
    *,
    now: datetime,
    limits: SessionLimits,
    ip: str = "",
    device: str = "",
) -> str:
    """Start a session and give back its token, which is never stored."""
    if limits.is_single:
        end_all(session, staff_id, now=now)
    token = secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            token_digest=digest(token),
            staff_id=staff_id,
            created_at=now,
            last_seen_at=now,
            expires_at=now + limits.absolute,
            ip=ip[:45],
            device=device[:120],
        )
    )
    session.flush()
    return token


def find(session: Session, token: str, *, now: datetime, limits: SessionLimits) -> Found | None:
    """The living session of this token, or None; one statement.

    Appointments count from their first to their last day in the hall's zone.
    """
    if not token:
        return None
    rows = queries.session_rows(
        session,
        token_digest=digest(token),
        now=now,
        idle_since=now - limits.idle,
        today=now.astimezone(limits.zone).date(),
    )
    if not rows:
        return None
    first = rows[0]
    actor = actor_from(rows, session_id=first.session_id)
    return Found(
        actor,
        first.session_id,
        first.last_seen_at,
        ends_at(now, first.expires_at, limits),
        first.must_change_password,
        first.prefs,
    )


def is_due_for_touch(found: Found, *, now: datetime) -> bool:
    """Whether the session was last noted long enough ago to be noted again."""
    return now - found.last_seen_at >= _TOUCH_EVERY


def touch(session: Session, found: Found, *, now: datetime) -> None:
    """Note that the session is in use, so that it does not go idle."""
    session.execute(
        update(StaffSession).where(StaffSession.id == found.session_id).values(last_seen_at=now)
    )


def ends_at(last_seen_at: datetime, expires_at: datetime, limits: SessionLimits) -> datetime:
    """When the session ends if nothing more is done."""
    return min(last_seen_at + limits.idle, expires_at)


def stay(session: Session, actor: Actor, *, now: datetime, limits: SessionLimits) -> datetime:
    """Note that the person is here; gives when the session now ends."""
    statement = update(StaffSession).where(StaffSession.id == actor.session_id)
    expires_at = session.scalar(
        statement.values(last_seen_at=now).returning(StaffSession.expires_at)
    )
    return ends_at(now, expires_at or now, limits)


def end(session: Session, token: str, *, now: datetime) -> None:
    """Sign out the browser that holds this token; an unknown token is no error."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.token_digest == digest(token), StaffSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def end_one(session: Session, staff_id: int, session_id: int, *, now: datetime) -> None:
    """Sign out one of a person's own browsers."""
    session.execute(
        update(StaffSession)
        .where(
            StaffSession.id == session_id,
            StaffSession.staff_id == staff_id,
            StaffSession.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


def sweep(session: Session, *, now: datetime) -> int:
    """Drop sessions that ended long ago; gives how many. The audit log still tells of them."""
    old = delete(StaffSession).where(StaffSession.expires_at < now - _KEPT_FOR)
    return session.connection().execute(old).rowcount


def end_all(session: Session, staff_id: int, *, now: datetime) -> None:
    """Sign a person out everywhere."""
    session.execute(
        update(StaffSession)
        .where(StaffSession.staff_id == staff_id, StaffSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )
