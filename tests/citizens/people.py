"""Parties for tests, written as registration writes them; nobody's real number."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.citizens.models import Citizen, Contact, Identifier
from app.citizens.rules import CitizenState, ContactKind, IdentifierKind, PartyKind
from app.citizens.sealing import (
    IDENTIFIER,
    IDENTIFIER_PURPOSE,
    NAME,
    READING,
    contact_columns,
    new_place,
    phone_kind,
    seal,
)
from app.citizens.service import tokens
from app.kernel.vault import vault_of
from tests.support.clock import MONDAY_9AM


@dataclass(frozen=True)
class Who:
    """Somebody to be known to the house."""

    name: str
    phones: tuple[str, ...] = ()
    reading: str = ""
    kind: PartyKind = PartyKind.PERSON
    document: str = ""
    email: str = ""
    birth_year: int | None = None
    state: CitizenState = CitizenState.ACTIVE
    merged_into_id: int | None = None


def known(session: Session, who: Who, *, now: datetime = MONDAY_9AM) -> int:
    """Make the party known and findable; its id."""
    vault, place = vault_of(session), new_place()
    citizen = Citizen(
        kind=who.kind,
        name=seal(vault, NAME, who.name, place) if who.name else None,
        reading=seal(vault, READING, who.reading, place) if who.reading else None,
        place=place,
        birth_year=who.birth_year,
        state=who.state,
        merged_into_id=who.merged_into_id,
        created_at=now,
        updated_at=now,
    )
    session.add(citizen)
    session.flush()
    contacts = [(phone_kind(phone), phone) for phone in who.phones]
    contacts += [(ContactKind.EMAIL, who.email)] if who.email else []
    for kind, value in contacts:
        columns = contact_columns(vault, citizen.id, kind, value, now=now)
        session.execute(insert(Contact).values(**columns))
    if who.document:
        session.add(_document(session, citizen.id, who.document, now))
    session.flush()
    tokens.rewrite(session, citizen.id)
    return citizen.id


def _document(session: Session, citizen_id: int, number: str, now: datetime) -> Identifier:
    vault, place = vault_of(session), new_place()
    return Identifier(
        citizen_id=citizen_id,
        kind=IdentifierKind.RESIDENT_ID,
        value=seal(vault, IDENTIFIER, number, place),
        place=place,
        exact_index=vault.blind.exact(IDENTIFIER_PURPOSE, number),
        created_at=now,
    )
