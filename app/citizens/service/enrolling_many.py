"""Registers many parties of a list at once: the same rows as `enrolling.enrol`, in few statements.

Whoever calls it has read and checked every field of every party, and found that nobody is
known under any of the documents; the unique index has the last word on that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.citizens.models import Citizen, Contact, Identifier
from app.citizens.rules import CitizenState, ContactKind, PartyKind
from app.citizens.rules.identity import Identity
from app.citizens.sealing import (
    IDENTIFIER,
    IDENTIFIER_PURPOSE,
    NAME,
    PHONES,
    contact_columns,
    new_place,
    seal,
)
from app.citizens.service import tokens
from app.kernel import audit
from app.kernel.vault import Vault, vault_of

_CITIZENS: Final = insert(Citizen.__table__).returning(  # type: ignore[arg-type]  # a table, typed wider
    Citizen.__table__.c.id, sort_by_parameter_order=True
)
_IDENTIFIERS: Final = insert(Identifier.__table__)  # type: ignore[arg-type]  # a table, typed wider
_CONTACTS: Final = insert(Contact.__table__)  # type: ignore[arg-type]  # a table, typed wider


@dataclass(frozen=True, slots=True, repr=False)  # a person's data does not belong in a traceback
class Checked:
    """A party whose every field was read into its one spelling."""

    name: str
    kind: PartyKind = PartyKind.PERSON
    birth_year: int | None = None
    documents: tuple[Identity, ...] = ()
    reaches: tuple[tuple[ContactKind, str], ...] = ()

    @property
    def born(self) -> int | None:
        """The year of birth as told, or as the first document that knows it says."""
        dates = (each.birth_on for each in self.documents)
        return self.birth_year or next((day.year for day in dates if day), None)


def enrol_many(
    session: Session, parties: Sequence[Checked], *, actor: Actor, now: datetime
) -> list[int]:
    """Register these parties; their ids, in order.

    Raises:
        ForbiddenError: the actor may not edit citizens.
        IntegrityError: somebody became known under one of the documents meanwhile.
    """
    actor.require(Permission.CITIZEN_EDIT)
    if not parties:
        return []
    vault = vault_of(session)
    session.flush()
    connection = session.connection()
    found_by = [_found_by(vault, each) for each in parties]
    made = [_citizen(vault, *each, now) for each in zip(parties, found_by, strict=True)]
    ids = list(connection.execute(_CITIZENS, made).scalars())
    named = list(zip(ids, parties, strict=True))
    if documents := [
        _document(vault, citizen_id, document, now)
        for citizen_id, party in named
        for document in party.documents
    ]:
        connection.execute(_IDENTIFIERS, documents)
    if contacts := [
        {**contact_columns(vault, citizen_id, kind, value, now=now)}
        for citizen_id, party in named
        for kind, value in dict.fromkeys(party.reaches)
    ]:
        connection.execute(_CONTACTS, contacts)
    tokens.put_many(session, dict(zip(ids, found_by, strict=True)))
    for citizen_id, party in named:
        said = {"kind": str(party.kind)}
        subject = ("citizen", citizen_id)
        audit.note(session, actor.author(), "citizen:register", subject, at=now, details=said)
    return ids


def _found_by(vault: Vault, party: Checked) -> tuple[int, ...]:
    phones = [value for kind, value in party.reaches if kind in PHONES]
    return tokens.tokens_of(vault, party.name, phones, kind=party.kind)


def _citizen(
    vault: Vault, party: Checked, found_by: Sequence[int], now: datetime
) -> dict[str, object]:
    place = new_place()
    return {
        "kind": party.kind,
        "state": CitizenState.ACTIVE,
        "name": seal(vault, NAME, party.name, place),
        "place": place,
        "birth_year": party.born,
        "tokens": tokens.packed(found_by),
        "created_at": now,
        "updated_at": now,
        "version": 1,
    }


def _document(
    vault: Vault, citizen_id: int, document: Identity, now: datetime
) -> dict[str, object]:
    place = new_place()
    return {
        "citizen_id": citizen_id,
        "kind": document.kind,
        "value": seal(vault, IDENTIFIER, document.value, place),
        "place": place,
        "exact_index": vault.blind.exact(IDENTIFIER_PURPOSE, document.value),
        "created_at": now,
    }
