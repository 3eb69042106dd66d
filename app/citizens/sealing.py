"""How one value of a citizen is sealed, opened and made findable.

Knows columns and purposes; neither sessions nor tables.
"""

import secrets
from datetime import datetime
from typing import Final

from app.citizens.rules import ContactKind
from app.kernel.vault import Vault

TAIL: Final = 4
PHONES: Final = frozenset({ContactKind.MOBILE, ContactKind.LANDLINE})

NAME: Final = "citizens.name"
READING: Final = "citizens.reading"
CONTACT: Final = "contacts.value"
PARTS: Final = "contacts.parts"
IDENTIFIER: Final = "identifiers.value"
NOTE: Final = "citizen_notes.text"


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


def contact_columns(
    vault: Vault, citizen_id: int, kind: ContactKind, value: str, *, now: datetime
) -> dict[str, object]:
    """The columns of one new contact that hang on its value."""
    place = new_place()
    purpose = contact_purpose(kind)
    return {
        "citizen_id": citizen_id,
        "kind": kind,
        "place": place,
        "value": seal(vault, CONTACT, value, place),
        "exact_index": vault.blind.exact(purpose, value),
        "tail_index": vault.blind.tail(purpose, value) if kind in PHONES else None,
        "created_at": now,
    }
