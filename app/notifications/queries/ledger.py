"""Every look at the ledger of messages to citizens."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.citizens.models import Contact
from app.kernel.db import rows
from app.kernel.outbox import Message, MessageStatus
from app.kernel.paging import Order, Page, list_page
from app.notifications.models import LedgerEntry

_ORDER: Final = Order.by(Message.id, descending=True)
_ABOUT: Final = (
    select(
        Message.id,
        Message.created_at,
        Message.channel,
        LedgerEntry.purpose,
        LedgerEntry.address,
        LedgerEntry.words,
        LedgerEntry.place,
        Message.status,
        Message.trouble,
        Message.msgid,
        Message.params,
        Message.attempts,
        Message.settled_at,
        Message.delivered_at,
        Message.send_after,
        Message.left_at,
    )
    .outerjoin(LedgerEntry, LedgerEntry.message_id == Message.id)
    .where(Message.subject_type == bindparam("type"), Message.subject_id == bindparam("id"))
    .order_by(Message.id.desc())
    .limit(200)
)
# Failed, or perhaps sent, and nobody has decided about it yet. No words and no address: who
# administers the house reads no matters.
_OPEN: Final = (
    select(
        Message.id,
        Message.created_at,
        Message.channel,
        Message.status,
        Message.trouble,
        Message.msgid,
        Message.params,
        Message.attempts,
        Message.settled_at,
        Case.number,
    )
    .outerjoin(Case, (Message.subject_type == "case") & (Case.id == Message.subject_id))
    .where(
        Message.status.in_((MessageStatus.FAILED, MessageStatus.UNKNOWN)),
        Message.left_at.is_(None),
    )
)


def about(session: Session, subject: tuple[str, int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """The messages about one thing, newest first, sealed values as stored."""
    return rows(session, _ABOUT, type=subject[0], id=subject[1])


def list_open(session: Session, *, cursor: str | None) -> Page[Row[*tuple[Any, ...]]]:
    """One page of messages somebody has to decide about, newest first."""
    return list_page(session, _OPEN, _ORDER, cursor=cursor)


def find_entry(session: Session, message_id: int) -> LedgerEntry | None:
    """The entry of one message; None where it was never a citizen's, or was erased."""
    return session.get(LedgerEntry, message_id)


def is_theirs(session: Session, citizen_id: int, contact_id: int) -> bool:
    """Whether this number or address is still in use by this person."""
    contact = session.get(Contact, contact_id)
    return contact is not None and contact.citizen_id == citizen_id and contact.ended_at is None
