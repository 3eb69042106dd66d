"""Gathers what is known of a person and asks the one decision: may this be sent, how, and when.

Every message to a citizen passes here twice: when it is written, and before it goes out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.citizens.rules import CitizenState, ContactKind
from app.citizens.sealing import CONTACT, unseal
from app.kernel import outbox
from app.kernel.outbox import Channel
from app.kernel.vault import vault_of
from app.notifications.queries import sending
from app.notifications.rules import deciding
from app.notifications.rules.deciding import Decision, Facts, Purpose, Reason, Standing
from app.notifications.rules.quiet import start_of_day
from app.notifications.service import consent

CHANNELS: Final = {ContactKind.MOBILE: Channel.SMS, ContactKind.EMAIL: Channel.MAIL}
_STANDING: Final = {
    CitizenState.ACTIVE: Standing.LIVING,
    CitizenState.RESTRICTED: Standing.RESTRICTED,
}


@dataclass(frozen=True, slots=True, repr=False)  # the address is in clear
class Way:
    """By what and where to somebody is written; without a contact there is no address."""

    channel: Channel
    contact_id: int
    address: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What was decided, the way chosen, and the language the person reads."""

    at: datetime
    reason: Reason | None
    way: Way
    locale: str


def decide(
    session: Session,
    citizen_id: int,
    purpose: Purpose,
    *,
    contact_id: int | None = None,
    now: datetime,
) -> Answer:
    """Whether this person may be written to for this purpose, by which way, and when.

    `contact_id` holds to a way that was chosen before; otherwise the person's own choice
    goes first, then a number before an address, and what is known to be dead last.
    """
    found = sending.person_rows(session, citizen_id)
    zone = calendars.load(session).statutory.zone
    person = found[0]
    chosen = _chosen(found, contact_id)
    facts = Facts(
        standing=_STANDING.get(person.state, Standing.GONE),
        do_not_contact=person.do_not_contact,
        has_contact=chosen is not None,
        is_verified=chosen is not None and chosen.verified_at is not None,
        is_bad=chosen is not None and chosen.failed_at is not None,
        has_consent=purpose is Purpose.SURVEY and consent.is_given(session, citizen_id),
        sent_today=sending.count_sent(session, citizen_id, since=start_of_day(now, zone)),
        preferred_times=person.preferred_times,
    )
    decision = deciding.decide(purpose, facts, sending.policy(session), zone=zone, now=now)
    locale = "en" if person.language.startswith("en") else "zh_CN"
    return Answer(decision.at, decision.reason, _way(session, chosen), locale)


def decide_for_number(session: Session, *, is_verified: bool = False, now: datetime) -> Decision:
    """The same of a number somebody gave for one message, whoever that is.

    Nothing is known of the person; quiet hours and the wish for verified numbers count. A
    number is verified where its holder confirmed by a link sent to it.
    """
    facts = Facts(standing=Standing.LIVING, is_verified=is_verified)
    zone = calendars.load(session).statutory.zone
    return deciding.decide(Purpose.NOTICE, facts, sending.policy(session), zone=zone, now=now)


def _chosen(
    found: Sequence[Row[*tuple[Any, ...]]], contact_id: int | None
) -> Row[*tuple[Any, ...]] | None:
    contacts = [row for row in found if row.contact_id is not None]
    if contact_id is not None:
        return next((row for row in contacts if row.contact_id == contact_id), None)
    return min(contacts, key=_rank, default=None)


def _rank(row: Row[*tuple[Any, ...]]) -> tuple[bool, ...]:
    """What speaks against a way, the gravest first; the newest of equals stands first already."""
    return (
        row.failed_at is not None,
        not outbox.has_way(CHANNELS[row.kind]),
        row.kind != row.preferred_channel,
        row.kind is not ContactKind.MOBILE,
        not row.is_preferred,
    )


def _way(session: Session, chosen: Row[*tuple[Any, ...]] | None) -> Way:
    if chosen is None:
        return Way(Channel.SMS, 0, "")
    address = unseal(vault_of(session), CONTACT, chosen.value, chosen.place)
    return Way(CHANNELS[chosen.kind], chosen.contact_id, address)
