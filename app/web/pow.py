"""Proofs that a sender is worth answering: a little work by the device, or a little patience.

The work is in ALTCHA's format and made here, no other host is asked. Knows no HTTP.
"""

import hashlib
import json
from base64 import b64decode
from binascii import Error as Base64Error
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import randbelow, token_hex
from typing import Final

from sqlalchemy.orm import Session

from app.kernel.ids import Signer
from app.web.ratelimit import spend

_GOOD_FOR: Final = timedelta(minutes=20)
_LONGEST: Final = 2000  # characters of a payload
_PARTS: Final = 4


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a device must find: the number behind a hash."""

    algorithm: str
    challenge: str
    maxnumber: int
    salt: str
    signature: str


def create_challenge(signer: Signer, *, difficulty: int, now: datetime) -> Challenge:
    """A new puzzle; on average half of `difficulty` hashes solve it."""
    salt = f"{token_hex(12)}?expires={int((now + _GOOD_FOR).timestamp())}"
    challenge = _hash(salt, randbelow(difficulty))
    return Challenge("SHA-256", challenge, difficulty, salt, signer.token("altcha", challenge))


def verify(session: Session, payload: str, *, signer: Signer, now: datetime) -> bool:
    """Whether the payload solves one of our puzzles, in time and for the first time."""
    solved = _read(payload)
    if solved is None:
        return False
    challenge, number, salt, signature = solved
    expires_at = _expiry(salt)
    if expires_at is None or expires_at < now or _hash(salt, number) != challenge:
        return False
    if not signer.verify(signature, "altcha", challenge):
        return False
    return spend(session, signer.digest(challenge), expires_at=expires_at)


def _hash(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()


def _read(payload: str) -> tuple[str, int, str, str] | None:
    if not payload or len(payload) > _LONGEST:
        return None
    try:
        said = json.loads(b64decode(payload, validate=True))
        if said["algorithm"] != "SHA-256":
            return None
        return (
            str(said["challenge"]),
            int(said["number"]),
            str(said["salt"]),
            str(said["signature"]),
        )
    except (Base64Error, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None


def _expiry(salt: str) -> datetime | None:
    _, _, seconds = salt.partition("?expires=")
    if not seconds.isdecimal() or len(seconds) > 11:  # noqa: PLR2004  # as far as a calendar goes
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


def create_wait(signer: Signer, *, seconds: int, now: datetime) -> str:
    """A ticket for who has no script: good once, not before `seconds` have passed."""
    ready = int(now.timestamp()) + seconds
    expires = int((now + _GOOD_FOR).timestamp())
    nonce = token_hex(8)
    return f"{ready}.{expires}.{nonce}.{signer.token('wait', ready, expires, nonce)}"


@dataclass(frozen=True, slots=True)
class Wait:
    """A ticket that was really made here."""

    ready_at: datetime
    expires_at: datetime
    nonce: str


def read_wait(ticket: str, *, signer: Signer) -> Wait | None:
    """The ticket's times, or nothing when it is not one of ours."""
    parts = ticket.split(".")
    if len(parts) != _PARTS or not signer.verify(parts[3], "wait", *parts[:3]):
        return None
    ready, expires = (datetime.fromtimestamp(int(part), UTC) for part in parts[:2])
    return Wait(ready, expires, parts[2])


def waited(session: Session, ticket: str, *, signer: Signer, now: datetime) -> bool:
    """Whether the ticket's time has come and it is used for the first time."""
    wait = read_wait(ticket, signer=signer)
    if wait is None or not wait.ready_at <= now <= wait.expires_at:
        return False
    return spend(session, signer.digest(wait.nonce), expires_at=wait.expires_at)
