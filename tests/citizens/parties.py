"""Builders for parties in tests: nobody real, numbers with regions that do not exist."""

from datetime import date

from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.citizens.models import Citizen
from app.citizens.rules import ContactKind
from app.citizens.rules.identity import check_sign, organisation_check_sign
from app.citizens.service.contacts import GivenContact
from app.citizens.service.enrolling import NewParty, enrol
from app.citizens.service.identities import GivenIdentity
from app.citizens.service.parties import Party, picture_of
from tests.support.city import City
from tests.support.clock import MONDAY_9AM

TODAY = date(2026, 3, 2)


def a_number(born: str = "19900307", sequence: int = 1, region: str = "990101") -> str:
    """An identity number with a right check sign and a region that does not exist."""
    front = f"{region}{born}{sequence:03d}"
    return front + check_sign(front)


def a_code(sequence: int = 1) -> str:
    """A social credit code of nobody."""
    front = f"91990101MA{sequence:07d}"
    return front + organisation_check_sign(front)


def mobile(number: str, *, is_preferred: bool = False) -> GivenContact:
    return GivenContact(ContactKind.MOBILE, number, is_preferred=is_preferred)


def document(number: str) -> GivenIdentity:
    return GivenIdentity(number)


def enrolled(city: City, session: Session, name: str = "林示例", **given: object) -> Citizen:
    """A party registered by the clerk."""
    new = NewParty(name, **given)  # type: ignore[arg-type]  # keywords are checked by NewParty itself
    citizen_id = enrol(session, new, actor=city[Role.CLERK], ip="192.0.2.1", now=MONDAY_9AM)
    citizen = session.get(Citizen, citizen_id)
    assert citizen is not None
    return citizen


def seen_by(
    city: City, session: Session, citizen_id: int, role: Role = Role.CLERK, *, clear: bool = False
) -> Party:
    """The party as somebody of this role sees it."""
    return picture_of(session, citizen_id, viewer=city[role], now=MONDAY_9AM, is_clear=clear)
