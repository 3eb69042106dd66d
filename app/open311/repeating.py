"""A report sent again under the same `Idempotency-Key` gets the answer of the first sending.

An extension of ours: the standard has no name by which to know a report again. Kept with the
answers of forms (`kernel.idempotency`); holds no word of the report.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import file_digest, sha256
from typing import Any, Final

from sqlalchemy.orm import Session

from app.kernel import idempotency
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.open311.asked import Asked

HEADER: Final = "Idempotency-Key"
_LONGEST: Final = 200
_NOT_BODY: Final = "api_key"


@dataclass(frozen=True, slots=True)
class Sending:
    """Under which name a report is sent, and what stands for its content."""

    token: str
    scope: str
    content: str


def sending_of(name: str, asked: Asked, *, key_id: int) -> Sending | None:
    """The sending, if it has a name; partners' names are their own.

    Raises:
        InvalidError: the name is too long.
    """
    if not name:
        return None
    if len(name) > _LONGEST:
        raise InvalidError(fields={HEADER: mark("This is too long.")})
    return Sending(f"{HEADER}:{name}", f"open311:{key_id}", _content(asked))


def earlier(session: Session, sending: Sending | None, *, now: datetime) -> dict[str, Any] | None:
    """What the first sending was answered; None where this is the first, or has no name.

    Raises:
        InvalidError: the name was used for another report.
    """
    if sending is None:
        return None
    known = idempotency.once(session, sending.token, sending.scope, now)
    if known is None:
        return None
    if known["content"] != sending.content:
        other = mark("Another report was sent under this name. Give each report a name of its own.")
        raise InvalidError(fields={HEADER: other})
    fields: dict[str, Any] = known["fields"]
    return fields


def keep(session: Session, sending: Sending | None, fields: Mapping[str, Any]) -> None:
    """Remember the answer for when the same is sent again."""
    if sending is not None:
        known = {"content": sending.content, "fields": dict(fields)}
        idempotency.remember(session, sending.token, sending.scope, known)


def _content(asked: Asked) -> str:
    told = sha256()
    for name, values in sorted(asked.sent.values.items()):
        if name != _NOT_BODY:
            told.update(repr((name, list(values))).encode())
    for file in asked.files:
        file.file.seek(0)
        told.update(file_digest(file.file, "sha256").digest())  # type: ignore[arg-type]  # spooled files are read as any
        file.file.seek(0)
    return told.hexdigest()
