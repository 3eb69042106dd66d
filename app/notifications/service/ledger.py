"""The ledger beside each message to a citizen: to whom, where, and in exactly which words.

Seals what it writes; whoever reads it has been allowed to see the matter.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.citizens.sealing import new_place, seal, unseal
from app.kernel.outbox import Channel, Letter, MessageStatus
from app.kernel.text import mask_email, mask_phone
from app.kernel.vault import vault_of
from app.kernel.writing import write
from app.notifications.models import LedgerEntry
from app.notifications.queries import ledger as queries
from app.notifications.rules.deciding import Purpose
from app.notifications.service.deciding import Way

ADDRESS: Final = "notice_ledger.address"
WORDS: Final = "notice_ledger.words"


@dataclass(frozen=True, slots=True)
class Line:
    """One message as people read it; `words` are empty until it went out."""

    id: int
    at: datetime
    channel: Channel
    purpose: Purpose | None
    address: str
    status: MessageStatus
    trouble: str
    msgid: str
    params: Mapping[str, Any]
    words: str
    attempts: int
    settled_at: datetime | None
    delivered_at: datetime | None
    send_after: datetime | None
    left_at: datetime | None  # when somebody decided that it is not sent again


def open_entry(
    session: Session, message_id: int, citizen_id: int, purpose: Purpose, way: Way
) -> None:
    """Write down to whom a message is meant, and where to, masked."""
    place = new_place()
    entry = LedgerEntry(message_id=message_id, citizen_id=citizen_id, purpose=purpose, place=place)
    entry.address = _sealed_mask(session, way.channel, way.address, place)
    write(session, entry)


def record(
    session: Session, entry: LedgerEntry, letter: Letter, *, template_id: int | None
) -> None:
    """Write down the very words that are about to go out, and where to."""
    entry.place = entry.place or new_place()
    entry.address = _sealed_mask(session, letter.channel, letter.address, entry.place)
    entry.words = seal(vault_of(session), WORDS, letter.text, entry.place)
    entry.template_id = template_id


def about(session: Session, subject: tuple[str, int]) -> Sequence[Line]:
    """Everything that was to be sent about one thing, newest first."""
    vault = vault_of(session)
    return [
        Line(
            id=row.id,
            at=row.created_at,
            channel=row.channel,
            purpose=row.purpose,
            address=unseal(vault, ADDRESS, row.address, row.place or ""),
            status=row.status,
            trouble=row.trouble,
            msgid=row.msgid,
            params=row.params,
            words=unseal(vault, WORDS, row.words, row.place or ""),
            attempts=row.attempts,
            settled_at=row.settled_at,
            delivered_at=row.delivered_at,
            send_after=row.send_after,
            left_at=row.left_at,
        )
        for row in queries.about(session, subject)
    ]


def _sealed_mask(session: Session, channel: Channel, address: str, place: str) -> bytes | None:
    if not address:
        return None
    mask = mask_phone if channel is Channel.SMS else mask_email
    return seal(vault_of(session), ADDRESS, mask(address), place)
