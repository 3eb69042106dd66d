"""How one value of a citizen is sealed, opened and made findable.

Knows columns and purposes; neither sessions nor tables.
"""

import json
import secrets
from datetime import datetime
from typing import Final

from app.citizens.rules import ContactKind
from app.citizens.rules.addresses import household_of, parts_of
from app.citizens.rules.phones import base_of
from app.kernel.vault import Vault

TAIL: Final = 4
PHONES: Final = frozenset({ContactKind.MOBILE, ContactKind.LANDLINE})

NAME: Final = "citizens.name"
READING: Final = "citizens.reading"
CONTACT: Final = "contacts.value"
PARTS: Final = "contacts.parts"
IDENTIFIER: Final = "identifiers.value"
NOTE: Final = "citizen_notes.text"

IDENTIFIER_PURPOSE: Final = "identifier"


def new_place() -> str:
    """What the sealed values of one new row are bound to; moves with the row."""
    return secrets.token_hex(8)


def seal(vault: Vault, column: str, text: str, place: str) -> bytes:
    """The text as it is stored in this column of the row with this place."""
    return vault.cipher.encrypt(text, aad=f"{column}|{place}")


def unseal(vault: Vault, column: str, sealed: bytes | None, place: str) -> str:
    """The text again, empty where nothing is stored.

    Raises:
        SealError: changed, brought from elsewhere, or its key is missing.
    """
    return "" if sealed is None else vault.cipher.decrypt(sealed, aad=f"{column}|{place}")


def phone_kind(phone: str) -> ContactKind:
    """Mobile numbers of the mainland begin with 1 (rulebook §8)."""
    return ContactKind.MOBILE if phone.startswith("1") else ContactKind.LANDLINE


def contact_purpose(kind: ContactKind) -> str:
    """Under which key a contact is found: one for all telephones, one for each other kind."""
    return "phone" if kind in PHONES else str(kind)


def contact_key(kind: ContactKind, value: str) -> str:
    """By what a contact is found: a number without its extension, an address by its dwelling."""
    if kind in PHONES:
        return base_of(value)
    if kind is ContactKind.ADDRESS:
        return household_of(value) or value
    return value.lower()


def contact_indexes(vault: Vault, kind: ContactKind, value: str) -> dict[str, bytes | None]:
    """The keyed digests of one contact, under the keys of today."""
    purpose, key = contact_purpose(kind), contact_key(kind, value)
    return {
        "exact_index": vault.blind.exact(purpose, key),
        "tail_index": vault.blind.tail(purpose, key) if kind in PHONES else None,
    }


def contact_columns(
    vault: Vault, citizen_id: int, kind: ContactKind, value: str, *, now: datetime
) -> dict[str, object]:
    """The columns of one new contact that hang on its value."""
    place = new_place()
    parts = parts_of(value).told() if kind is ContactKind.ADDRESS else None
    return {
        "citizen_id": citizen_id,
        "kind": kind,
        "place": place,
        "value": seal(vault, CONTACT, value, place),
        "parts": seal(vault, PARTS, json.dumps(parts, ensure_ascii=False), place)
        if parts
        else None,
        **contact_indexes(vault, kind, value),
        "created_at": now,
    }
