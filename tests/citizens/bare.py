"""Citizens for tests, written straight into their tables, and everything a merge may not lose."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert
from sqlalchemy.orm import Session

from app.citizens.models import Citizen, Contact, Identifier
from app.citizens.rules import CitizenState, ContactKind, IdentifierKind, PartyKind
from app.citizens.rules.identity import check_sign
from app.citizens.sealing import (
    IDENTIFIER,
    IDENTIFIER_PURPOSE,
    NAME,
    contact_columns,
    new_place,
    phone_kind,
    seal,
)
from app.kernel.authors import Author
from app.kernel.vault import vault_of
from app.tables import metadata
from tests.support.clock import MONDAY_9AM

CLERK = Author(None, "clerk")
# What merging itself writes, or what is worked out anew.
OWN = {
    *("citizen_merges", "citizen_merge_moves", "duplicate_candidates", "quality_issues"),
    *("audit_entries", "jobs", "citizen_tokens"),
}
# The picture of a party has changed twice, and no form drawn before may pass for fresh;
# by what a name is found is worked out anew.
COUNTING = {"version", "updated_at", "tokens"}


def a_citizen(
    session: Session,
    name: str = "",
    *,
    phone: str = "",
    email: str = "",
    address: str = "",
    number: str = "",
    now: datetime = MONDAY_9AM,
    **columns: object,
) -> int:
    """A citizen with what is given; the id."""
    vault, place = vault_of(session), new_place()
    known: dict[str, object] = {
        "kind": PartyKind.PERSON,
        "state": CitizenState.ACTIVE,
        "version": 1,
        "name": seal(vault, NAME, name, place) if name else None,
        "place": place,
        "created_at": now,
        "updated_at": now,
    }
    made = insert(Citizen).values(**(known | columns)).returning(Citizen.id)
    citizen_id: int = session.execute(made).scalar_one()
    given = {ContactKind.EMAIL: email, ContactKind.ADDRESS: address}
    if phone:
        given[phone_kind(phone)] = phone
    for kind, value in given.items():
        if value:
            a_contact(session, citizen_id, kind, value, now=now)
    if number:
        a_document(session, citizen_id, number, now=now)
    return citizen_id


def a_contact(
    session: Session,
    citizen_id: int,
    kind: ContactKind,
    value: str,
    *,
    now: datetime = MONDAY_9AM,
    **columns: object,
) -> int:
    """A way to reach this citizen; its id."""
    made = contact_columns(vault_of(session), citizen_id, kind, value, now=now) | columns
    return session.execute(insert(Contact).values(**made).returning(Contact.id)).scalar_one()


def a_document(
    session: Session,
    citizen_id: int,
    number: str,
    kind: IdentifierKind = IdentifierKind.RESIDENT_ID,
    *,
    now: datetime = MONDAY_9AM,
    **columns: Any,  # noqa: ANN401  # columns by name
) -> None:
    """An identity document of this citizen, right or wrong."""
    vault, place = vault_of(session), new_place()
    session.add(
        Identifier(
            citizen_id=citizen_id,
            kind=kind,
            value=seal(vault, IDENTIFIER, number, place),
            place=place,
            exact_index=vault.blind.exact(IDENTIFIER_PURPOSE, number),
            created_at=now,
            **columns,
        )
    )
    session.flush()


def resident(birth: str, sequence: int = 1) -> str:
    """A resident number of a region that does not exist, for a date such as 19800101."""
    seventeen = f"990101{birth}{sequence:03d}"
    return seventeen + check_sign(seventeen)


def dump(
    connection: Connection | Session, *, without: Iterable[str] = OWN
) -> dict[str, list[Mapping[str, Any]]]:
    """Every row of every table, but for what merging keeps for itself."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for table in metadata.sorted_tables:
        if table.name in without:
            continue
        hidden = COUNTING if table.name == "citizens" else set()
        rows = connection.execute(table.select()).mappings().all()
        kept = [{k: v for k, v in row.items() if k not in hidden} for row in rows]
        found[table.name] = sorted(kept, key=repr)
    return found
