"""Gives out keys to partners' programs, changes what they reach, revokes them, counts their uses.

Whoever holds the database cannot make out a key: only a keyed digest of it is kept.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.partners import queries
from app.partners.models import PartnerKey
from app.partners.rules import TAIL, KeyRefusedError, KeyTerms, spelt

_OBJECT: Final = "partner_key"
_LONGEST: Final = 200


def give_out(
    session: Session, terms: KeyTerms, *, actor: Actor, by: Author, now: datetime
) -> tuple[PartnerKey, str]:
    """A new key: its row, and the key itself, which cannot be shown a second time.

    Raises:
        ForbiddenError: the actor does not manage security.
        InvalidError: the terms cannot stand.
    """
    actor.require(Permission.SECURITY_MANAGE)
    key, secret = make(session, terms, now=now)
    key.created_by = by.id
    session.flush()
    _note(session, key, "partner:give_out", by, now)
    return key, secret


def make(
    session: Session, terms: KeyTerms, *, now: datetime, sample: str = ""
) -> tuple[PartnerKey, str]:
    """A new key that nobody gave out; with `sample` the demo city's own, which is no secret.

    Raises:
        InvalidError: the terms cannot stand.
    """
    terms.check()
    secret = sample or spelt(random_token())
    key = PartnerKey(
        digest=_digest(session, secret),
        tail=secret[-TAIL:],
        is_sample=bool(sample),
        created_at=now,
        uses=0,
    )
    key.grant(terms)
    session.add(key)
    session.flush()
    return key, secret


def change(
    session: Session,
    key_id: int,
    terms: KeyTerms,
    *,
    seen: int,
    actor: Actor,
    by: Author,
    now: datetime,
) -> PartnerKey:
    """Have a key reach as far as these terms say, from its next use on.

    Raises:
        ForbiddenError: the actor does not manage security.
        NotFoundError: there is no such key.
        ConflictError: somebody changed or revoked it meanwhile.
        InvalidError: the terms cannot stand.
    """
    actor.require(Permission.SECURITY_MANAGE)
    key = _as_seen(session, key_id, seen)
    terms.check()
    key.grant(terms)
    session.flush()
    _note(session, key, "partner:change", by, now)
    return key


def revoke(
    session: Session, key_id: int, *, seen: int, actor: Actor, by: Author, now: datetime
) -> None:
    """Let nobody in with this key any more, from this moment on.

    Raises:
        ForbiddenError: the actor does not manage security.
        NotFoundError: there is no such key.
        ConflictError: somebody changed or revoked it meanwhile.
    """
    actor.require(Permission.SECURITY_MANAGE)
    key = _as_seen(session, key_id, seen)
    key.revoke(now=now)
    session.flush()
    _note(session, key, "partner:revoke", by, now)


def find(session: Session, secret: str) -> PartnerKey | None:
    """The living key a program sent, if it is one."""
    if not secret or len(secret) > _LONGEST:
        return None
    return queries.find_living(session, _digest(session, secret))


def let_in(session: Session, secret: str) -> PartnerKey:
    """The living key a program sent.

    Raises:
        KeyRefusedError: none was sent, or it is not known any more.
    """
    key = find(session, secret)
    if key is None:
        missing = mark("Send an api_key: this needs one.")
        raise KeyRefusedError(mark("This api_key is not known here.") if secret else missing)
    return key


def count_use(session: Session, key_id: int, *, now: datetime) -> None:
    """Write down that the key was used; two uses at once both count, and no form goes stale."""
    used = update(PartnerKey).where(PartnerKey.id == key_id)
    session.execute(used.values(uses=PartnerKey.uses + 1, last_used_at=now))


def _as_seen(session: Session, key_id: int, seen: int) -> PartnerKey:
    key = queries.get_key(session, key_id)
    if key.version != seen or key.revoked_at is not None:
        raise ConflictError(
            mark("Somebody changed or revoked this key meanwhile."),
            stored={mark("Name"): key.name},
            fresh={"version": str(key.version)},
        )
    return key


def _digest(session: Session, secret: str) -> bytes:
    return vault_of(session).signer.digest(f"partner:{secret}")


def _note(session: Session, key: PartnerKey, action: str, by: Author, now: datetime) -> None:
    terms = key.terms
    details = {
        "name": terms.name,
        "rights": sorted(terms.rights),
        "codes": list(terms.codes),
        "hourly": terms.hourly,
    }
    audit.note(session, by, action, (_OBJECT, key.id), at=now, details=details)
