"""Signing in: counted first, checked outside the transaction, then finished.

A failed attempt is remembered and therefore returned, never raised. Nobody is
locked out by somebody else: attempts are counted per name and source, and a
browser its owner has used before is a source of its own.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts import passwords, queries
from app.accounts.models import KnownDevice, SignInFailure, Staff
from app.accounts.rules import Actor, Permission, Role, SessionLimits
from app.accounts.service import hashing, sessions
from app.kernel import audit
from app.kernel.authors import Author

_FORGOTTEN_AFTER: Final = timedelta(hours=24)
_EVERYWHERE: Final = b""


@dataclass(frozen=True, slots=True)
class Source:
    """Where an attempt comes from: the address, the browser's own token, its description."""

    ip: str
    device_token: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at a name, already counted as failed; `finish` takes the count back on success."""

    name_digest: bytes
    source_digest: bytes
    source: Source
    staff_id: int | None
    password_hash: str
    blocked_until: datetime | None


@dataclass(frozen=True, slots=True)
class Welcome:
    """A session was opened: both tokens go into cookies."""

    token: str
    device_token: str
    must_change_password: bool
    prefs: Mapping[str, Any]
    first_page: str


@dataclass(frozen=True, slots=True)
class SignInPolicy:
    """What the installation adds to the rules."""

    limits: SessionLimits
    max_password_age: timedelta | None = None


def begin(session: Session, username: str, source: Source, *, now: datetime) -> Attempt:
    """Count the attempt and fetch what checking needs; unknown names look like known ones."""
    name = username.strip().lower()
    staff = queries.find_staff_for_sign_in(session, name)
    device = sessions.digest(source.device_token) if source.device_token else b""
    is_known = bool(device) and staff is not None and queries.knows(session, staff.id, device)
    name_digest = sessions.digest(name)
    source_digest = sessions.digest("device:" + device.hex() if is_known else "ip:" + source.ip)
    keys = [source_digest] if is_known else [source_digest, _EVERYWHERE]
    blocked = _blocked_until(session, name_digest, keys, now=now)
    if blocked is None:
        for key in keys:
            _count(session, name_digest, key, now=now)
    return Attempt(
        name_digest,
        source_digest,
        source,
        staff.id if staff else None,
        staff.password_hash if staff else hashing.NOBODY,
        blocked,
    )


def is_right(attempt: Attempt, password: str, *, is_demo: bool) -> bool:
    """Check the password; slow on purpose, so call it outside any transaction."""
    right = hashing.is_right(attempt.password_hash, password)
    return right and (is_demo or passwords.prepare(password) != passwords.DEMO_PASSWORD)


def finish(
    session: Session, attempt: Attempt, *, is_right: bool, policy: SignInPolicy, now: datetime
) -> Welcome | None:
    """Open a session if the password was right; note the failure otherwise and give None."""
    staff = session.get(Staff, attempt.staff_id) if attempt.staff_id and is_right else None
    # The hash may have been replaced while it was being checked.
    if staff is None or not staff.is_active or staff.password_hash != attempt.password_hash:
        audit.record(
            session,
            at=now,
            actor_id=None,
            role="",
            action="sign-in:failed",
            object_type="staff",
            object_id=attempt.staff_id or "",
            ip=attempt.source.ip,
        )
        return None
    forget(session, staff.username, source_digest=attempt.source_digest)
    staff.last_sign_in_at = now
    if policy.max_password_age and now - staff.password_changed_at > policy.max_password_age:
        staff.must_change_password = True
    device_token = _remember_device(session, staff.id, attempt.source.device_token, now=now)
    token = sessions.open_session(
        session,
        staff.id,
        now=now,
        limits=policy.limits,
        ip=attempt.source.ip,
        device=attempt.source.device,
    )
    by = Author(staff.id, "", attempt.source.ip)
    audit.note(session, by, "sign-in:done", ("staff", staff.id), at=now)
    found = sessions.find(session, token, now=now, limits=policy.limits)
    first = _first_page(found.actor) if found is not None else "/admin"
    return Welcome(token, device_token, staff.must_change_password, staff.prefs, first)


def _first_page(actor: Actor) -> str:
    """Where somebody's work begins."""
    if actor.roles == (Role.CREW,):
        return "/crew"  # on a phone, at the spot
    if actor.may(Permission.CASE_READ):
        return "/desk"
    return "/privacy" if actor.may(Permission.PRIVACY_MANAGE) else "/admin"


def forget(session: Session, username: str, *, source_digest: bytes | None = None) -> None:
    """Forget failed attempts at a name: those of one source and the sum, or all of them."""
    statement = delete(SignInFailure).where(SignInFailure.name_digest == sessions.digest(username))
    if source_digest is not None:
        statement = statement.where(SignInFailure.source_digest.in_((source_digest, _EVERYWHERE)))
    session.execute(statement)


def sweep(session: Session, *, now: datetime) -> int:
    """Drop failures old enough to be forgotten; gives how many."""
    old = delete(SignInFailure).where(SignInFailure.last_at < now - _FORGOTTEN_AFTER)
    return session.connection().execute(old).rowcount


def _blocked_until(
    session: Session, name_digest: bytes, keys: list[bytes], *, now: datetime
) -> datetime | None:
    ends = session.scalars(
        select(SignInFailure.blocked_until).where(
            SignInFailure.name_digest == name_digest,
            SignInFailure.source_digest.in_(keys),
            SignInFailure.blocked_until > now,
        )
    ).all()
    return max((end for end in ends if end is not None), default=None)


def _count(session: Session, name_digest: bytes, key: bytes, *, now: datetime) -> None:
    row = _locked_row(session, name_digest, key)
    if row is None:
        try:
            with session.begin_nested():
                session.add(
                    SignInFailure(
                        name_digest=name_digest, source_digest=key, failures=0, last_at=now
                    )
                )
        except IntegrityError:
            pass  # another process counted the first one; the row is there now
        row = _locked_row(session, name_digest, key)
    if row is None:  # forgotten again in between: nothing to count up
        return
    failures = 1 if now - row.last_at > _FORGOTTEN_AFTER else row.failures + 1
    wait = passwords.delay_after(failures, everywhere=key == _EVERYWHERE)
    session.execute(
        update(SignInFailure)
        .where(SignInFailure.id == row.id)
        .values(failures=failures, last_at=now, blocked_until=now + wait if wait else None)
    )


def _locked_row(session: Session, name_digest: bytes, key: bytes) -> SignInFailure | None:
    return session.scalar(
        select(SignInFailure)
        .where(SignInFailure.name_digest == name_digest, SignInFailure.source_digest == key)
        .with_for_update()
    )


def _remember_device(session: Session, staff_id: int, token: str, *, now: datetime) -> str:
    token = token or secrets.token_urlsafe(32)
    digest = sessions.digest(token)
    device = queries.find_device(session, staff_id, digest)
    if device is None:
        session.add(KnownDevice(staff_id=staff_id, token_digest=digest, last_used_at=now))
    else:
        device.last_used_at = now
    return token
