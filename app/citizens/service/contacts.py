"""Ways to reach a citizen: taken in, verified, confirmed, preferred, ended.

Nothing is overwritten: a number that is out of use ends, so that old messages stay explained.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.citizens.models import Citizen, Contact
from app.citizens.queries import holding
from app.citizens.rules import ContactKind
from app.citizens.rules.addresses import read_address
from app.citizens.rules.phones import read_email, read_phone
from app.citizens.sealing import (
    CONTACT,
    PHONES,
    contact_columns,
    contact_key,
    contact_purpose,
    unseal,
)
from app.citizens.service.reading import Person
from app.departments import queries as departments
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.vault import vault_of

MOST_OF_A_KIND: Final = 20


@dataclass(frozen=True, slots=True)
class GivenContact:
    """A number or address as somebody typed it; a telephone finds its kind by itself."""

    kind: ContactKind
    text: str
    region_code: str = ""
    is_preferred: bool = False


def field_of(kind: ContactKind) -> str:
    """The field a sentence about such a contact belongs to."""
    return "phone" if kind in PHONES else str(kind)


def read_given(given: GivenContact) -> tuple[ContactKind, str]:
    """The kind and the one spelling.

    Raises:
        InvalidError: nobody can be reached by it; the sentence stands at its field.
    """
    try:
        if given.kind in PHONES:
            phone = read_phone(given.text)
            return phone.kind, str(phone)
        if given.kind is ContactKind.EMAIL:
            return given.kind, read_email(given.text)
        return given.kind, read_address(given.text).text
    except InvalidError as error:
        raise InvalidError(fields={field_of(given.kind): error.msgid}) from error


def add(session: Session, citizen: Citizen, given: GivenContact, *, now: datetime) -> int:
    """Write the contact down; one that is known already counts as confirmed. Its id.

    Raises:
        InvalidError: nobody can be reached by it, or far too many are known.
    """
    kind, value = read_given(given)
    if given.region_code and not departments.is_region(session, given.region_code):
        raise InvalidError(fields={"region_code": mark("Choose the district or street.")})
    known = _find_same(session, citizen.id, kind, value)
    if known is not None:
        contact = get_own(session, citizen, known)
        contact.confirmed_at = now
        contact.failed_at = None
    else:
        contact = _insert(session, citizen, kind, value, given.region_code, now)
    if given.is_preferred:
        prefer(session, citizen, contact.id)
    return contact.id


def take_in(session: Session, citizen_id: int, person: Person, *, now: datetime) -> None:
    """What somebody said of themselves at the window, kept beside what was known.

    Only for staff who spoke with the person: anybody can type another's name on the portal.

    Raises:
        InvalidError: nobody can be reached by a number or address; its sentence at its field.
    """
    citizen = session.get_one(Citizen, citizen_id)
    if citizen.created_at == now:  # registered with them a moment ago
        return
    for kind, text in (
        (ContactKind.MOBILE, person.phone),
        (ContactKind.EMAIL, person.email),
        (ContactKind.ADDRESS, person.address),
    ):
        if text:
            add(session, citizen, GivenContact(kind, text), now=now)


def prefer(session: Session, citizen: Citizen, contact_id: int) -> None:
    """Use this one first; its kind becomes the preferred channel."""
    contact = get_own(session, citizen, contact_id)
    for other in holding.others_preferred(session, contact):
        other.is_preferred = False
    contact.is_preferred = True
    citizen.preferred_channel = contact.kind


def verify(session: Session, citizen: Citizen, contact_id: int, *, now: datetime) -> None:
    """The citizen proved that it reaches them: by a code, a call back, a letter that came."""
    contact = get_own(session, citizen, contact_id)
    contact.verified_at = contact.confirmed_at = now
    contact.failed_at = None


def confirm(session: Session, citizen: Citizen, contact_id: int, *, now: datetime) -> None:
    """The citizen said that it still holds; the date by which stale contacts are told."""
    get_own(session, citizen, contact_id).confirmed_at = now


def note_failure(session: Session, citizen: Citizen, contact_id: int, *, now: datetime) -> None:
    """Nobody could be reached by it."""
    get_own(session, citizen, contact_id).failed_at = now


def end(session: Session, citizen: Citizen, contact_id: int, *, now: datetime) -> None:
    """It is not in use any more; nothing is sent there from now on."""
    contact = get_own(session, citizen, contact_id)
    contact.ended_at = now
    contact.is_preferred = False


def get_own(session: Session, citizen: Citizen, contact_id: int) -> Contact:
    """The citizen's contact in use.

    Raises:
        NotFoundError: there is none of this id.
    """
    found = session.get(Contact, contact_id)
    if found is None or found.citizen_id != citizen.id or found.ended_at is not None:
        raise NotFoundError(mark("There is no such contact."))
    return found


def _find_same(session: Session, citizen_id: int, kind: ContactKind, value: str) -> int | None:
    vault = vault_of(session)
    indexes = vault.blind.candidates(contact_purpose(kind), contact_key(kind, value))
    for row in holding.living_like(session, citizen_id, indexes):
        # Two addresses may be one dwelling in other words, two numbers differ by extension.
        if unseal(vault, CONTACT, row.value, row.place) == value:
            return int(row.id)
    return None


def _insert(
    session: Session,
    citizen: Citizen,
    kind: ContactKind,
    value: str,
    region_code: str,
    now: datetime,
) -> Contact:
    if holding.count_contacts(session, citizen.id, kind) >= MOST_OF_A_KIND:
        raise InvalidError(
            fields={field_of(kind): mark("These are too many. End some that are out of use.")}
        )
    columns = contact_columns(vault_of(session), citizen.id, kind, value, now=now)
    new = insert(Contact).values(**columns, region_code=region_code).returning(Contact)
    return session.scalars(new).one()
