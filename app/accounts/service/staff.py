"""What a security administrator does with accounts: open, change, close, reset, unlock, revoke.

Every function requires `account:manage` (or `security:manage` for sessions and
blocks), writes an audit row, and refuses to touch the actor's own account.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import Staff
from app.accounts.rules import Actor, Permission
from app.accounts.service import hashing, sessions, signing_in
from app.departments.events import UnitClosing
from app.departments.queries import get_unit
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.messages import mark

_USERNAME: Final = re.compile(r"[a-z][a-z0-9._-]{2,39}")


@dataclass(frozen=True, slots=True)
class StaffDraft:
    """What a person says about a member of staff."""

    username: str
    display_name: str
    unit_id: int


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A one-time password, shown once and kept nowhere; `password_hash` is what is stored."""

    password: str
    password_hash: str


def new_password() -> NewPassword:
    """Make a one-time password; slow on purpose, call it outside any transaction."""
    password = hashing.one_time_password()
    return NewPassword(password, hashing.hash_password(password))


def open_account(
    session: Session,
    actor: Actor,
    draft: StaffDraft,
    password: NewPassword,
    *,
    by: Author,
    now: datetime,
) -> Staff:
    """Open an account with a one-time password; it may do nothing until appointed.

    Raises:
        ForbiddenError: the actor may not manage accounts.
        InvalidError: a malformed or used account name, an empty name, a closed unit.
    """
    actor.require(Permission.ACCOUNT_MANAGE)
    check_draft(session, draft)
    if queries.find_by_username(session, draft.username) is not None:
        raise InvalidError(fields={"username": mark("This account name is or was in use.")})
    staff = add_staff(session, draft, password, now=now)
    audit.note(
        session,
        by,
        "account:open",
        ("staff", staff.id),
        at=now,
        details={"username": draft.username, "unit_id": draft.unit_id},
    )
    return staff


def add_staff(
    session: Session, draft: StaffDraft, password: NewPassword, *, now: datetime
) -> Staff:
    """The bare row, without right or audit; for `open_account`, first start and the demo."""
    staff = Staff(
        username=draft.username,
        display_name=draft.display_name,
        unit_id=draft.unit_id,
        password_hash=password.password_hash,
        must_change_password=True,
        password_changed_at=now,
        created_at=now,
        prefs={},
    )
    session.add(staff)
    session.flush()
    return staff


def change_account(
    session: Session,
    actor: Actor,
    staff_id: int,
    version: int,
    draft: StaffDraft,
    *,
    by: Author,
    now: datetime,
) -> Staff:
    """Change the shown name or the unit; the account name stays for ever.

    Raises:
        ForbiddenError: the actor may not manage accounts.
        ConflictError: somebody changed the account since `version`.
        InvalidError: an empty name or a closed unit.
    """
    actor.require(Permission.ACCOUNT_MANAGE)
    staff = _at_version(session, staff_id, version)
    check_draft(session, draft)
    before = {"unit_id": staff.unit_id}
    staff.display_name, staff.unit_id = draft.display_name, draft.unit_id
    details = {"before": before, "after": {"unit_id": staff.unit_id}}
    audit.note(session, by, "account:change", ("staff", staff_id), at=now, details=details)
    session.flush()
    return staff


def close_account(
    session: Session, actor: Actor, staff_id: int, version: int, *, by: Author, now: datetime
) -> Staff:
    """Close an account and end its sessions; its history stays.

    Raises:
        ForbiddenError: the actor may not manage accounts, or it is their own.
        ConflictError: somebody changed the account since `version`.
    """
    actor.require(Permission.ACCOUNT_MANAGE)
    _refuse_self(actor, staff_id)
    staff = _at_version(session, staff_id, version)
    staff.is_active = False
    sessions.end_all(session, staff_id, now=now)
    audit.note(session, by, "account:close", ("staff", staff_id), at=now)
    session.flush()
    return staff


def reopen_account(
    session: Session, actor: Actor, staff_id: int, version: int, *, by: Author, now: datetime
) -> Staff:
    """Open a closed account again, with its appointments as they are.

    Raises:
        ForbiddenError: the actor may not manage accounts.
        ConflictError: the account changed since `version`, or its unit is closed.
    """
    actor.require(Permission.ACCOUNT_MANAGE)
    staff = _at_version(session, staff_id, version)
    if not get_unit(session, staff.unit_id).is_active:
        raise ConflictError(mark("The unit of this account is closed; move the account first."))
    staff.is_active = True
    audit.note(session, by, "account:reopen", ("staff", staff_id), at=now)
    session.flush()
    return staff


def reset_password(
    session: Session,
    actor: Actor,
    staff_id: int,
    password: NewPassword,
    *,
    by: Author,
    now: datetime,
) -> Staff:
    """Replace a forgotten password by a one-time one and end all sessions.

    Raises:
        ForbiddenError: the actor may not manage accounts, or it is their own.
    """
    actor.require(Permission.ACCOUNT_MANAGE)
    _refuse_self(actor, staff_id)
    staff = queries.get_staff(session, staff_id)
    staff.password_hash = password.password_hash
    staff.must_change_password = True
    staff.password_changed_at = now
    sessions.end_all(session, staff_id, now=now)
    signing_in.forget(session, staff.username)
    audit.note(session, by, "password:reset", ("staff", staff_id), at=now)
    session.flush()
    return staff


def unblock(session: Session, actor: Actor, staff_id: int, *, by: Author, now: datetime) -> None:
    """Forget failed attempts at this account, so that it may be tried again at once.

    Raises:
        ForbiddenError: the actor may not manage security.
    """
    actor.require(Permission.SECURITY_MANAGE)
    staff = queries.get_staff(session, staff_id)
    signing_in.forget(session, staff.username)
    audit.note(session, by, "account:unblock", ("staff", staff_id), at=now)


def revoke_sessions(
    session: Session, actor: Actor, staff_id: int, *, by: Author, now: datetime
) -> None:
    """Sign somebody out everywhere.

    Raises:
        ForbiddenError: the actor may not manage security.
    """
    actor.require(Permission.SECURITY_MANAGE)
    queries.get_staff(session, staff_id)
    sessions.end_all(session, staff_id, now=now)
    audit.note(session, by, "sessions:revoke", ("staff", staff_id), at=now)


def refuse_closing_unit_with_staff(session: Session, event: UnitClosing) -> None:
    """Subscriber of `UnitClosing`: a unit where people work stays open.

    Raises:
        ConflictError: the unit has active accounts or appointments in force.
    """
    if queries.is_staffed(session, event.unit_id, on=event.now.date()):
        raise ConflictError(mark("People still work in this unit; move them first."))


def check_draft(session: Session, draft: StaffDraft) -> None:
    """Refuse what cannot be an account.

    Raises:
        InvalidError: a malformed account name, an empty name, a closed or unknown unit.
    """
    problems: dict[str, str] = {}
    if not _USERNAME.fullmatch(draft.username):
        problems["username"] = mark(
            "Use 3 to 40 small letters, digits, dots or hyphens, beginning with a letter."
        )
    if not draft.display_name:
        problems["display_name"] = mark("Enter a name.")
    if not queries.is_open_unit(session, draft.unit_id):
        problems["unit_id"] = mark("Choose a unit that is in use.")
    if problems:
        raise InvalidError(fields=problems)


def _refuse_self(actor: Actor, staff_id: int) -> None:
    if actor.id == staff_id:
        raise ForbiddenError(mark("Another security administrator must do this for you."))


def _at_version(session: Session, staff_id: int, version: int) -> Staff:
    staff = session.scalar(select(Staff).where(Staff.id == staff_id).with_for_update())
    staff = staff or queries.get_staff(session, staff_id)
    if staff.version != version:
        raise ConflictError(
            mark("Somebody else changed this while you were working on it."),
            stored={mark("Name"): staff.display_name},
            fresh={"version": str(staff.version)},
        )
    return staff
