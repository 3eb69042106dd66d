"""Who may come in: the jurisdiction asked for, the key and its rights, so many times an hour.

In the order of the contract: format, jurisdiction, key, and only then what was asked.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.departments import queries as departments
from app.kernel.errors import NotFoundError
from app.kernel.ids import Signer
from app.kernel.messages import mark
from app.open311.rules.asking import Sent
from app.partners import service as partners
from app.partners.rules import KeyRefusedError, KeyTerms, Right
from app.settings import Settings
from app.web.ratelimit import Knock, Limit, Verdict, hit

_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Partner:
    """The key somebody came with, and what it reaches."""

    key_id: int
    terms: KeyTerms


def check_jurisdiction(session: Session, sent: Sent, settings: Settings) -> None:
    """Refuse a jurisdiction that is not ours; none at all, or an empty one, means ours.

    Raises:
        NotFoundError: another one is asked for.
    """
    asked = sent.text("jurisdiction_id")
    if asked and asked not in jurisdictions(session, settings):
        raise NotFoundError(mark("There is no such jurisdiction_id here."))


def jurisdictions(session: Session, settings: Settings) -> tuple[str, ...]:
    """What we are called: the name set up for this, if any, and the code of the region."""
    known = (settings.georeport_jurisdiction, departments.home_region(session))
    return tuple(name for name in known if name)


def open_to(session: Session, sent: Sent, right: Right) -> Partner:
    """The partner whose key was sent, if it was given out for this.

    Raises:
        KeyRefusedError: no key, an unknown one, or not for this.
    """
    key = partners.let_in(session, sent.text("api_key"))
    key.terms.require(right)
    return Partner(key.id, key.terms)


def reader(session: Session, sent: Sent) -> int | None:
    """Whose own unreleased requests may be shown in full; a wrong key reads what everybody does."""
    key = partners.find(session, sent.text("api_key"))
    return key.id if key is not None and Right.READ in key.terms.rights else None


def count(session: Session, partner: Partner, *, signer: Signer, now: datetime) -> None:
    """Count this post for its key.

    Raises:
        KeyRefusedError: it has used up what an hour gives.
    """
    most = partner.terms.hourly
    limit = Limit("open311", _HOUR, free=most, most=most)
    knock = Knock("token", str(partner.key_id))
    if hit(session, limit, [knock], signer=signer, now=now).verdict is not Verdict.OPEN:
        raise KeyRefusedError(
            mark("This api_key may post %(most)s times an hour. Try again in the next hour."),
            most=most,
        )
    partners.count_use(session, partner.key_id, now=now)
