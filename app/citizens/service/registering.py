"""Registers a citizen from what a form asks: a name and ways to reach somebody.

Finds the one already known; never attaches anybody by a telephone number alone.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.citizens import queries
from app.citizens.models import Citizen, Contact
from app.citizens.rules import CitizenState, ContactKind, PartyKind
from app.citizens.rules.names import key_of, spelt
from app.citizens.rules.phones import base_of, read_email, read_phone
from app.citizens.sealing import NAME, contact_columns, new_place, phone_kind, seal, unseal
from app.citizens.service import tokens
from app.citizens.service.reading import Person
from app.kernel.errors import InvalidError
from app.kernel.text import clean_line
from app.kernel.vault import Vault, vault_of

_CITIZEN: Final = insert(Citizen.__table__).returning(Citizen.__table__.c.id)  # type: ignore[arg-type]  # a table, typed wider
_CONTACT: Final = insert(Contact.__table__)  # type: ignore[arg-type]  # a table, typed wider


def register(session: Session, person: Person, *, now: datetime) -> int:
    """The id of the citizen with this phone and this name, or of a new one.

    A telephone number alone never attaches a matter to somebody already known:
    anybody can type another person's number, and families share one.
    """
    person = _spelt(person)
    known = _find_known(session, person)
    if known is not None:
        return known
    vault = vault_of(session)
    place = new_place()
    found_by = tokens.tokens_of(vault, person.name, [person.phone] if person.phone else [])
    citizen_id: int = (
        session.connection()
        .execute(
            _CITIZEN,
            {
                "kind": PartyKind.PERSON,
                "state": CitizenState.ACTIVE,
                "name": seal(vault, NAME, person.name, place) if person.name else None,
                "place": place,
                "tokens": tokens.packed(found_by),
                "created_at": now,
                "updated_at": now,
                "version": 1,
            },
        )
        .scalar_one()
    )
    contacts = _contacts(vault, citizen_id, person, now)
    if contacts:
        session.connection().execute(_CONTACT, contacts)
    tokens.put(session, citizen_id, found_by)
    return citizen_id


def _contacts(
    vault: Vault, citizen_id: int, person: Person, now: datetime
) -> list[dict[str, object]]:
    given = (
        (phone_kind(person.phone), person.phone),
        (ContactKind.EMAIL, person.email),
        (ContactKind.ADDRESS, person.address),
    )
    return [
        contact_columns(vault, citizen_id, kind, value, now=now) for kind, value in given if value
    ]


def _spelt(person: Person) -> Person:
    """As a clerk would write it; what cannot be read is kept as it was told."""
    return Person(
        name=spelt(person.name),
        phone=_read_or_kept(lambda: str(read_phone(person.phone)), person.phone),
        email=_read_or_kept(lambda: read_email(person.email), person.email),
        address=clean_line(person.address),
    )


def _read_or_kept(read: Callable[[], str], told: str) -> str:
    try:
        return read() if told else ""
    except InvalidError:
        return told


def _find_known(session: Session, person: Person) -> int | None:
    if not (person.phone and person.name):
        return None
    vault = vault_of(session)
    wanted = key_of(person.name)
    indexes = vault.blind.candidates("phone", base_of(person.phone))
    for citizen_id, name, place in queries.namesakes(session, indexes):
        if key_of(unseal(vault, NAME, name, place)) == wanted:
            return citizen_id
    return None
