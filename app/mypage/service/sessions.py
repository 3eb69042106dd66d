"""Sessions of citizens: opened with a right code, found on each request, ended at will.

Only the keyed digest of a token is stored; the token exists in the cookie alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.citizens.models import Contact
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.ids import random_token
from app.kernel.vault import vault_of
from app.mypage import queries
from app.mypage.models import CitizenSession, ContactCode, SessionPerson
from app.mypage.rules import ABSOLUTE, IDLE, TOUCH_EVERY, lives
from app.mypage.service.codes import Holder

_KEPT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Found:
    """A living session and the rows of citizens it stands for."""

    id: int
    people: tuple[int, ...]
    last_seen_at: datetime
    ends_at: datetime


def open_session(
    session: Session, code: ContactCode, holders: Sequence[Holder], *, ip: str, now: datetime
) -> str:
    """Let somebody in with a right code, which is spent by it; gives the session's token.

    Their contact counts as verified from now on.
    """
    code.used_at = now
    for holder in holders:
        contact = session.get_one(Contact, holder.contact_id)
        contact.verified_at = contact.confirmed_at = now
        contact.failed_at = None
    token = random_token()
    opened = CitizenSession(
        token_digest=vault_of(session).signer.digest(token),
        created_at=now,
        last_seen_at=now,
        expires_at=now + ABSOLUTE,
    )
    session.add(opened)
    session.flush()
    people = dict.fromkeys(holder.citizen_id for holder in holders)
    session.add_all(SessionPerson(session_id=opened.id, citizen_id=one) for one in people)
    for one in people:
        by = Author(None, "citizen", ip)
        audit.note(session, by, "my:signed_in", ("citizen", one), at=now)
    return token


def find(session: Session, token: str, *, now: datetime) -> Found | None:
    """The living session of this token, or None; one statement."""
    if not token:
        return None
    found = queries.session_rows(session, vault_of(session).signer.digest(token))
    if not found:
        return None
    first = found[0]
    if not lives(now, last_seen_at=first.last_seen_at, expires_at=first.expires_at):
        return None
    people = tuple(row.citizen_id for row in found)
    ends_at = min(now + IDLE, first.expires_at)
    return Found(first.id, people, first.last_seen_at, ends_at)


def is_due_for_touch(found: Found, *, now: datetime) -> bool:
    """Whether it was last noted long enough ago to be noted again."""
    return now - found.last_seen_at >= TOUCH_EVERY


def touch(session: Session, found: Found, *, now: datetime) -> None:
    """Note that it is in use."""
    session.execute(
        update(CitizenSession).where(CitizenSession.id == found.id).values(last_seen_at=now)
    )


def end(session: Session, token: str, *, now: datetime) -> None:
    """Sign this browser out; an unknown token is no error."""
    digest = vault_of(session).signer.digest(token)
    session.execute(
        update(CitizenSession)
        .where(CitizenSession.token_digest == digest, CitizenSession.ended_at.is_(None))
        .values(ended_at=now)
    )


def sweep(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """The job that forgets codes and sessions that ended a day ago."""
    codes, sessions = queries.over_since(now - _KEPT)
    session.execute(delete(ContactCode).where(ContactCode.id.in_(codes)))
    session.execute(delete(SessionPerson).where(SessionPerson.session_id.in_(sessions)))
    session.execute(delete(CitizenSession).where(CitizenSession.id.in_(sessions)))
