"""Reads back what is known of a citizen, in clear text.

Callers mask before they show anything, and log a reveal.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from app.citizens import queries
from app.citizens.sealing import CONTACT, NAME, PHONES, TAIL, unseal
from app.kernel.text import identifier
from app.kernel.vault import vault_of


@dataclass(frozen=True, slots=True)
class Person:
    """Who somebody says they are, and how to reach them; empty where not told."""

    name: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""


def person_of(session: Session, citizen_id: int) -> Person:
    """The citizen in clear text: the name, and what was given last of each way to reach them."""
    vault = vault_of(session)
    found: dict[str, str] = {}
    for kind, value, place in queries.living_contacts(session, citizen_id):
        field = "phone" if kind in PHONES else str(kind)
        if field not in found:
            found[field] = unseal(vault, CONTACT, value, place)
    return Person(name=name_of(session, citizen_id), **found)


def name_of(session: Session, citizen_id: int) -> str:
    """The name in clear text, empty if never told."""
    stored = queries.sealed_name(session, citizen_id)
    return unseal(vault_of(session), NAME, stored.name, stored.place)


def ids_by_phone(session: Session, phone: str) -> list[int]:
    """Citizens with exactly this number, under any key still in use."""
    return queries.with_number(session, vault_of(session).blind.candidates("phone", phone))


def ids_by_phone_tail(session: Session, tail: str, *, among: Select[Any]) -> list[int]:
    """Which of the citizens chosen have a number that ends so.

    A tail has few values: callers say among whom, and log its use.
    """
    last = identifier(tail)[-TAIL:]
    indexes = vault_of(session).blind.candidates("phone tail", last)
    return queries.with_tail(session, indexes, among)
