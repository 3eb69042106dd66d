"""Whether anything may be sent to this person by this way now: the one decision.

Pure: the facts are gathered by `service.deciding`, which every sending path asks.
"""

from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from app.kernel.messages import mark
from app.notifications.rules.quiet import (
    Stretch,
    after_quiet,
    next_day,
    stretches_in,
    within,
)


class Purpose(StrEnum):
    """Why somebody is written to; what is needed for it depends on this."""

    SAFETY = "safety"  # danger to life or property: waits for nothing
    NOTICE = "notice"  # a step of their own matter: owed by law, needs no consent
    RIGHTS = "rights"  # an answer to a request about their own data
    SURVEY = "survey"  # only with consent, 个人信息保护法 arts. 13, 14


class Reason(StrEnum):
    """Why nothing was sent."""

    NO_CONTACT = "no_contact"
    DO_NOT_CONTACT = "do_not_contact"
    RESTRICTED = "restricted"
    GONE = "gone"
    NO_CONSENT = "no_consent"
    UNVERIFIED = "unverified"
    BAD_CONTACT = "bad_contact"


REASONS: Final = {
    Reason.NO_CONTACT: mark("not sent: no number or address for messages"),
    Reason.DO_NOT_CONTACT: mark("not sent: this person does not wish to be contacted"),
    Reason.RESTRICTED: mark("not sent: use of this person's data is restricted"),
    Reason.GONE: mark("not sent: this person's data were erased or merged"),
    Reason.NO_CONSENT: mark("not sent: this person has not agreed to such messages"),
    Reason.UNVERIFIED: mark("not sent: the number or address is not verified"),
    Reason.BAD_CONTACT: mark("not sent: messages to this number or address did not arrive"),
}

# What waits for the end of the quiet time, for the person's own times and for tomorrow. Not
# what is said about somebody's own data: an erasure may take their number away meanwhile.
_WAITING: Final = frozenset({Purpose.NOTICE, Purpose.SURVEY})


@dataclass(frozen=True, slots=True)
class Policy:
    """What the hall has decided about writing to citizens; times on its own clock."""

    quiet: Stretch = field(default_factory=lambda: Stretch(time(21), time(8)))
    most_a_day: int = 10
    only_verified: bool = False
    signature: str = "【市民之窗】"
    signature_en: str = "[Civic Window] "


class Standing(StrEnum):
    """As much of a person's state as matters here."""

    LIVING = "living"
    RESTRICTED = "restricted"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of the person and the contact when it is asked."""

    standing: Standing
    do_not_contact: bool = False
    has_contact: bool = True
    is_verified: bool = True
    is_bad: bool = False
    has_consent: bool = False
    sent_today: int = 0
    preferred_times: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Send at `at`, which is now or later; or, with a reason, not at all."""

    at: datetime
    reason: Reason | None = None


def decide(
    purpose: Purpose, facts: Facts, policy: Policy, *, zone: ZoneInfo, now: datetime
) -> Decision:
    """Whether and when; the first reason against it is the one that is told."""
    reason = _against(purpose, facts, policy)
    if reason is not None or purpose not in _WAITING:
        return Decision(now, reason)
    return Decision(_earliest(facts, policy, zone, now))


def _against(purpose: Purpose, facts: Facts, policy: Policy) -> Reason | None:
    against = (
        (facts.standing is Standing.GONE, Reason.GONE),
        # 个人信息保护法 art. 47: stored and kept safe, nothing else.
        (facts.standing is Standing.RESTRICTED, Reason.RESTRICTED),
        (facts.do_not_contact, Reason.DO_NOT_CONTACT),
        (purpose is Purpose.SURVEY and not facts.has_consent, Reason.NO_CONSENT),
        (not facts.has_contact, Reason.NO_CONTACT),
        (facts.is_bad, Reason.BAD_CONTACT),
        (policy.only_verified and not facts.is_verified, Reason.UNVERIFIED),
    )
    return next((reason for holds, reason in against if holds), None)


def _earliest(facts: Facts, policy: Policy, zone: ZoneInfo, now: datetime) -> datetime:
    """The person's own times come first: who asks for ten at night is told at ten at night."""
    start = next_day(now, zone) if facts.sent_today >= policy.most_a_day else now
    wished = stretches_in(facts.preferred_times)
    return within(start, wished, zone) if wished else after_quiet(start, policy.quiet, zone)
