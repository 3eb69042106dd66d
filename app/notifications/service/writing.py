"""Writes to citizens: the one way by which a message to them comes about.

Decides first whether it may be, writes the ledger either way, and sends nothing itself:
the outbox does, after the commit. An architecture test keeps everybody else away from it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.queries.identity import citizen_behind
from app.catalogue.rules import Urgency
from app.kernel import outbox
from app.kernel.outbox import Channel, Message
from app.notifications.rules.deciding import Purpose
from app.notifications.rules.words import ARRIVED, NEWS
from app.notifications.service import ledger
from app.notifications.service.deciding import decide, decide_for_number

# What says nothing about a matter but that it is there.
NEUTRAL: Final = frozenset({ARRIVED, NEWS})


def write(
    session: Session,
    citizen_id: int,
    subject: tuple[str, int],
    msgid: str,
    *,
    params: Mapping[str, Any] | None = None,
    purpose: Purpose = Purpose.NOTICE,
    now: datetime,
) -> Message:
    """Write to somebody about something, now or when they may be written to.

    Where they may not, the message says so: its status is SUPPRESSED and `trouble` the
    code of the reason. `msgid` is a marked sentence, `params` hold no personal data.
    """
    answer = decide(session, citizen_id, purpose, now=now)
    message = outbox.post(
        session,
        subject,
        channel=answer.way.channel,
        contact_id=answer.way.contact_id,
        msgid=msgid,
        params=params,
        locale=answer.locale,
        send_after=answer.at if answer.at > now else None,
        held=answer.reason or "",
        now=now,
    )
    ledger.open_entry(session, message.id, citizen_id, purpose, answer.way)
    return message


def write_about(
    session: Session,
    case: Case,
    msgid: str,
    *,
    params: Mapping[str, Any] | None = None,
    purpose: Purpose = Purpose.NOTICE,
    now: datetime,
) -> Message | None:
    """Write to whoever a matter belongs to; None where nobody knows who that is.

    The number of the matter is always among the values. Of a confidential matter the
    message says only that there is news. Danger to life waits for no quiet hours.
    """
    citizen_id = citizen_behind(session, case)
    if citizen_id is None:
        return None
    is_quiet = case.is_confidential and msgid not in NEUTRAL
    is_urgent = purpose is Purpose.NOTICE and case.urgency == Urgency.CRITICAL
    return write(
        session,
        citizen_id,
        ("case", case.id),
        NEWS if is_quiet else msgid,
        params={"number": case.number, **({} if is_quiet else params or {})},
        purpose=Purpose.SAFETY if is_urgent else purpose,
        now=now,
    )


def write_code(
    session: Session,
    subject: tuple[str, int],
    *,
    channel: Channel,
    msgid: str,
    params: Mapping[str, Any],
    locale: str,
    now: datetime,
) -> Message:
    """Send a one-time code to where somebody has just asked for it, at any hour.

    There is nothing to decide: it answers the person, who sits before the page. Where to
    and the digits stand sealed with the code, so there is no entry in the ledger.
    """
    return outbox.post(
        session,
        subject,
        channel=channel,
        contact_id=0,
        msgid=msgid,
        params=params,
        locale=locale,
        now=now,
    )


def write_to_number(
    session: Session,
    subject: tuple[str, int],
    *,
    channel: Channel,
    msgid: str,
    params: Mapping[str, Any],
    locale: str,
    is_verified: bool = False,
    at: datetime,
    now: datetime,
) -> Message:
    """Write at an instant to where somebody asked for it, whoever that is.

    The number lies sealed with the subject, so there is no entry in the ledger. Who makes the
    letter asks `decide_for_number` again when it goes out.
    """
    decision = decide_for_number(session, is_verified=is_verified, now=max(at, now))
    return outbox.post(
        session,
        subject,
        channel=channel,
        contact_id=0,
        msgid=msgid,
        params=params,
        locale=locale,
        send_after=decision.at if decision.at > now else None,
        held=decision.reason or "",
        now=now,
    )
