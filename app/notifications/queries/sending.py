"""What is asked before anything is sent: the person, the policy, today's count.

Its statements are built once; returns what is stored.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, func, select
from sqlalchemy.orm import Session

from app.citizens.models import Citizen, Contact
from app.citizens.rules import ContactKind
from app.kernel.db import rows
from app.kernel.outbox import Message, MessageStatus
from app.notifications.models import LedgerEntry, NoticePolicy, NoticeTemplate
from app.notifications.rules.deciding import Policy, Purpose
from app.notifications.rules.quiet import Stretch

POLICY: Final = 1  # the key of the one row
_PERSON: Final = (
    select(
        Citizen.state,
        Citizen.do_not_contact,
        Citizen.preferred_channel,
        Citizen.preferred_times,
        Citizen.language,
        Contact.id.label("contact_id"),
        Contact.kind,
        Contact.value,
        Contact.place,
        Contact.is_preferred,
        Contact.verified_at,
        Contact.failed_at,
    )
    .select_from(Citizen)
    .outerjoin(
        Contact,
        and_(
            Contact.citizen_id == Citizen.id,
            Contact.ended_at.is_(None),
            Contact.kind.in_((ContactKind.MOBILE, ContactKind.EMAIL)),
        ),
    )
    .where(Citizen.id == bindparam("citizen_id"))
    .order_by(Contact.id.desc())
)
# Perhaps sent counts as sent: nobody shall get more than the hall allows.
_SENT: Final = (
    select(func.count().label("sent"))
    .select_from(LedgerEntry)
    .join(Message, Message.id == LedgerEntry.message_id)
    .where(
        LedgerEntry.citizen_id == bindparam("citizen_id"),
        LedgerEntry.purpose != Purpose.SAFETY,
        Message.settled_at >= bindparam("since"),
        Message.status.in_((MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.UNKNOWN)),
    )
)
_POLICY: Final = select(
    NoticePolicy.quiet_from,
    NoticePolicy.quiet_until,
    NoticePolicy.most_a_day,
    NoticePolicy.only_verified,
    NoticePolicy.signature,
    NoticePolicy.signature_en,
).where(NoticePolicy.id == POLICY)
_TEMPLATE: Final = (
    select(NoticeTemplate.id, NoticeTemplate.words)
    .where(
        NoticeTemplate.code == bindparam("code"),
        NoticeTemplate.locale == bindparam("locale"),
        NoticeTemplate.published_at <= bindparam("at"),
    )
    .order_by(NoticeTemplate.id.desc())
    .limit(1)
)


def person_rows(session: Session, citizen_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """The person, once for each number and address for messages in use; at least once."""
    return rows(session, _PERSON, citizen_id=citizen_id)


def count_sent(session: Session, citizen_id: int, *, since: datetime) -> int:
    """How many messages went to this person since then."""
    return int(rows(session, _SENT, citizen_id=citizen_id, since=since)[0].sent)


def policy(session: Session) -> Policy:
    """What the hall has decided, or the defaults."""
    found = rows(session, _POLICY)
    if not found:
        return Policy()
    row = found[0]
    return Policy(
        Stretch(row.quiet_from, row.quiet_until),
        row.most_a_day,
        row.only_verified,
        row.signature,
        row.signature_en,
    )


def find_policy(session: Session) -> NoticePolicy | None:
    """The policy's row, to change it; None while the defaults hold."""
    return session.get(NoticePolicy, POLICY)


def template_at(
    session: Session, code: str, locale: str, *, at: datetime
) -> Row[*tuple[Any, ...]] | None:
    """The edited text that held at this instant: id and words; None if there was none."""
    found = rows(session, _TEMPLATE, code=code, locale=locale, at=at)
    return found[0] if found and found[0].words else None
