"""What people do with their own account: password, sessions, preferences.

Reaches nobody else's account; that is `staff` and needs `account:manage`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts import passwords, queries
from app.accounts.rules import Actor, SessionLimits
from app.accounts.service import hashing, sessions
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark


@dataclass(frozen=True, slots=True)
class Credentials:
    """What checking an old and a new password needs, carried out of the transaction."""

    username: str
    password_hash: str


def own_credentials(session: Session, actor: Actor) -> Credentials:
    """The actor's own account name and hash."""
    staff = queries.get_staff(session, actor.id)
    return Credentials(staff.username, staff.password_hash)


def check_new_password(credentials: Credentials, *, current: str, new: str, again: str) -> str:
    """The hash of the new password; slow on purpose, call it outside any transaction.

    Raises:
        InvalidError: the current one is wrong, or the new one is refused or mistyped.
    """
    if not hashing.is_right(credentials.password_hash, current):
        raise InvalidError(fields={"password": mark("This is not your current password.")})
    prepared = passwords.prepare(new)
    problem = passwords.problem_with(prepared, username=credentials.username)
    if problem:
        raise InvalidError(fields={"new_password": problem})
    if prepared != passwords.prepare(again):
        raise InvalidError(fields={"new_password_again": mark("The two entries differ.")})
    if hashing.is_right(credentials.password_hash, new):
        raise InvalidError(fields={"new_password": mark("Choose one you do not use already.")})
    return hashing.hash_password(new)


def set_password(
    session: Session,
    actor: Actor,
    credentials: Credentials,
    new_hash: str,
    *,
    by: Author,
    limits: SessionLimits,
    now: datetime,
    device: str = "",
) -> str:
    """Store the new hash, end every session and open a fresh one; gives its token.

    Raises:
        ConflictError: the password was changed elsewhere in the meantime.
    """
    staff = queries.get_staff(session, actor.id)
    if staff.password_hash != credentials.password_hash:
        raise ConflictError(mark("Your password was just changed elsewhere."))
    staff.password_hash = new_hash
    staff.password_changed_at = now
    staff.must_change_password = False
    sessions.end_all(session, staff.id, now=now)
    audit.note(session, by, "password:change", ("staff", staff.id), at=now)
    return sessions.open_session(session, staff.id, now=now, limits=limits, ip=by.ip, device=device)


def set_preferences(session: Session, actor: Actor, chosen: Mapping[str, Any]) -> None:
    """Keep how the person likes to work; not audited, it is theirs."""
    staff = queries.get_staff(session, actor.id)
    staff.prefs = {**staff.prefs, **chosen}
    session.flush()


def sign_out_everywhere(session: Session, actor: Actor, *, by: Author, now: datetime) -> None:
    """End every session of the actor, this one included."""
    sessions.end_all(session, actor.id, now=now)
    audit.note(session, by, "sign-out:everywhere", ("staff", actor.id), at=now)
