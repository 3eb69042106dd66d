"""Registers citizens and reads back what may be shown of them.

Kernel of the citizens package: a name and ways to reach somebody, nothing more yet.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.citizens.models import Citizen, Contact, ContactKind
from app.kernel.db import rows
from app.kernel.vault import vault_of

TAIL = 4
_NAME = "citizens.name"
_VALUE = "contacts.value"


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody says they are, and how to reach them; empty where not told."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


def register(session: Session, person: Person, *, now: datetime) -> Citizen:
    """The citizen with this phone and this name, or a new one.

    A telephone number alone never attaches a matter to somebody already known:
    anybody can type another person's number.
    """
    known = _find_known(session, person)
    if known is not None:
        return known
    vault = vault_of(session)
    citizen = Citizen(created_at=now)
    session.add(citizen)
    session.flush()
    if person.name:
        citizen.name = vault.cipher.encrypt(person.name, aad=f"{_NAME}|{citizen.id}")
    for kind, value in (
        (_phone_kind(person.phone), person.phone),
        (ContactKind.EMAIL, person.email),
        (ContactKind.ADDRESS, person.address),
    ):
        if value:
            session.add(_contact(session, citizen, kind, value))
    session.flush()
    return citizen


def person_of(session: Session, citizen_id: int) -> Person:
    """The citizen in clear text; callers mask before showing and log a reveal."""
    found = {ContactKind.MOBILE: "", ContactKind.EMAIL: "", ContactKind.ADDRESS: ""}
    for kept, value in rows(session, _CONTACTS, citizen_id=citizen_id):
        kind = ContactKind.MOBILE if kept is ContactKind.LANDLINE else kept
        found[kind] = _opened(session, citizen_id, kept, value)
    return Person(
        name=_name(session, citizen_id, rows(session, _NAME_OF, citizen_id=citizen_id)[0].name),
        phone=found[ContactKind.MOBILE],
        email=found[ContactKind.EMAIL],
        address=found[ContactKind.ADDRESS],
    )


_NAME_OF: Final = select(Citizen.name).where(Citizen.id == bindparam("citizen_id"))
_CONTACTS: Final = (
    select(Contact.kind, Contact.value)
    .where(Contact.citizen_id == bindparam("citizen_id"))
    .order_by(Contact.id.desc())
)


def mobile_of(session: Session, citizen_id: int) -> int | None:
    """The id of the mobile number the citizen gave last, if any."""
    found = rows(session, _MOBILE, citizen_id=citizen_id)
    return found[0].id if found else None


_MOBILE: Final = (
    select(Contact.id)
    .where(Contact.citizen_id == bindparam("citizen_id"), Contact.kind == ContactKind.MOBILE)
    .order_by(Contact.id.desc())
    .limit(1)
)


def reach(session: Session, contact_id: int) -> str | None:
    """The number or address itself, for who delivers something to it; None if it is gone."""
    contact = session.get(Contact, contact_id)
    return None if contact is None else _value(session, contact)


def name_of(session: Session, citizen: Citizen) -> str:
    """The name in clear text, empty if never told."""
    return _name(session, citizen.id, citizen.name)


def _name(session: Session, citizen_id: int, sealed: bytes | None) -> str:
    if sealed is None:
        return ""
    return vault_of(session).cipher.decrypt(sealed, aad=f"{_NAME}|{citizen_id}")


def ids_by_phone_tail(session: Session, tail: str, *, limit: int = 200) -> list[int]:
    """Citizens whose number ends so; a tail has few values, so callers log its use."""
    index = vault_of(session).blind.tail("phone", tail)
    wanted = (
        select(Contact.citizen_id)
        .where(Contact.tail_index == index)
        .order_by(Contact.id.desc())
        .limit(limit)
    )
    return list(dict.fromkeys(session.scalars(wanted)))


def ids_by_phone(session: Session, phone: str) -> list[int]:
    """Citizens with exactly this number."""
    index = vault_of(session).blind.exact("phone", phone)
    return list(dict.fromkeys(row.citizen_id for row in rows(session, _WITH_NUMBER, index=index)))


_WITH_NUMBER: Final = select(Contact.citizen_id).where(Contact.exact_index == bindparam("index"))


def _find_known(session: Session, person: Person) -> Citizen | None:
    if not (person.phone and person.name):
        return None
    for citizen_id in ids_by_phone(session, person.phone):
        (sealed,) = rows(session, _NAME_OF, citizen_id=citizen_id)[0]
        if _name(session, citizen_id, sealed) == person.name:
            return session.get_one(Citizen, citizen_id)
    return None


def _phone_kind(phone: str) -> ContactKind:
    return ContactKind.MOBILE if phone.startswith("1") else ContactKind.LANDLINE


def _contact(session: Session, citizen: Citizen, kind: ContactKind, value: str) -> Contact:
    vault = vault_of(session)
    is_phone = kind in (ContactKind.MOBILE, ContactKind.LANDLINE)
    purpose = "phone" if is_phone else str(kind)
    return Contact(
        citizen_id=citizen.id,
        kind=kind,
        value=vault.cipher.encrypt(value, aad=f"{_VALUE}|{citizen.id}|{kind}"),
        exact_index=vault.blind.exact(purpose, value),
        tail_index=vault.blind.tail(purpose, value[-TAIL:]) if is_phone else None,
    )


def _value(session: Session, contact: Contact) -> str:
    return _opened(session, contact.citizen_id, contact.kind, contact.value)


def _opened(session: Session, citizen_id: int, kind: ContactKind, value: bytes) -> str:
    return vault_of(session).cipher.decrypt(value, aad=f"{_VALUE}|{citizen_id}|{kind}")
