"""Documents of a citizen: taken in, verified, taken away again.

Refuses what contradicts itself, and offers whoever is already known under the same number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.citizens.models import Citizen, Identifier
from app.citizens.queries import holding
from app.citizens.rules import IdentifierKind
from app.citizens.rules.identity import Identity, check, contradiction
from app.citizens.sealing import IDENTIFIER, IDENTIFIER_PURPOSE, new_place, seal, unseal
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.upsert import insert
from app.kernel.vault import vault_of

FIELD: Final = "document"
_KNOWN: Final = mark("This document is already known, with another citizen.")


@dataclass(frozen=True, slots=True)
class GivenIdentity:
    """A document as somebody typed or scanned it; without a kind it is recognised."""

    text: str
    kind: IdentifierKind | None = None
    issued_by: str = ""
    valid_until: date | None = None
    is_seen: bool = False  # the clerk had the document itself before them


class KnownIdentityError(InvalidError):
    """Somebody is already known under this number; `citizen_id` says who."""

    code = "known_identity"

    def __init__(self, citizen_id: int) -> None:
        self.citizen_id = citizen_id
        super().__init__(_KNOWN, fields={FIELD: _KNOWN})


def read_given(given: GivenIdentity, *, today: date) -> Identity:
    """The document in its one spelling.

    Raises:
        InvalidError: it is no such number, or its holder would not be born yet.
    """
    try:
        found = check(given.text, given.kind)
    except InvalidError as error:
        raise InvalidError(fields={FIELD: error.msgid}) from error
    if found.birth_on is not None and found.birth_on > today:
        raise InvalidError(fields={FIELD: mark("The date of birth in it lies in the future.")})
    return found


def find_holder(session: Session, identity: Identity) -> int | None:
    """The citizen with exactly this document, under any key still in use."""
    indexes = vault_of(session).blind.candidates(IDENTIFIER_PURPOSE, identity.value)
    return holding.holder_of(session, identity.kind, indexes)


def held_already(session: Session, identities: Sequence[Identity]) -> dict[Identity, int]:
    """Which of these documents somebody has, and who."""
    blind = vault_of(session).blind
    indexes = {each: blind.candidates(IDENTIFIER_PURPOSE, each.value) for each in identities}
    found = holding.holders_of(session, [one for many in indexes.values() for one in many])
    return {
        each: found[each.kind, index]
        for each, many in indexes.items()
        for index in many
        if (each.kind, index) in found
    }


def identities_of(session: Session, citizen_id: int) -> list[Identity]:
    """The documents in clear text, to be compared; never shown."""
    vault = vault_of(session)
    found = []
    for row in holding.identifiers_of(session, citizen_id):
        value = unseal(vault, IDENTIFIER, row.value, row.place)
        found.append(check(value, row.kind))
    return found


def add(
    session: Session, citizen: Citizen, given: GivenIdentity, *, now: datetime, today: date
) -> int:
    """Write the document down; tells the year of birth if nobody knew it. Its id.

    Raises:
        InvalidError: it is no such number, or contradicts what is known of the citizen.
        KnownIdentityError: somebody else is known under it.
    """
    identity = read_given(given, today=today)
    refuse_contradiction(citizen, [*identities_of(session, citizen.id), identity])
    known = find_holder(session, identity)
    if known == citizen.id:
        raise InvalidError(fields={FIELD: mark("This document is already written down here.")})
    if known is not None:
        raise KnownIdentityError(known)
    added = _insert(session, citizen.id, given, identity, now)
    if citizen.birth_year is None and identity.birth_on is not None:
        citizen.birth_year = identity.birth_on.year
    return added


def refuse_contradiction(citizen: Citizen, identities: Sequence[Identity]) -> None:
    """Refuse documents that cannot be one party's.

    Raises:
        InvalidError: the sentence says why.
    """
    sentence = contradiction(citizen.kind, identities, citizen.birth_year)
    if sentence is not None:
        raise InvalidError(fields={FIELD: sentence})


def verify(session: Session, citizen: Citizen, identifier_id: int, *, now: datetime) -> None:
    """Somebody held the document itself in their hands today."""
    _own(session, citizen, identifier_id).verified_at = now


def take_away(session: Session, citizen: Citizen, identifier_id: int, *, now: datetime) -> None:
    """Forget a document that was written down by mistake."""
    session.delete(_own(session, citizen, identifier_id))
    citizen.updated_at = now


def _insert(
    session: Session, citizen_id: int, given: GivenIdentity, identity: Identity, now: datetime
) -> int:
    vault = vault_of(session)
    place = new_place()
    session.flush()
    # Another clerk may be writing the same number down just now: the index decides, and
    # who comes second is offered the first one's citizen.
    new = insert(session, Identifier).values(
        citizen_id=citizen_id,
        kind=identity.kind,
        value=seal(vault, IDENTIFIER, identity.value, place),
        place=place,
        exact_index=vault.blind.exact(IDENTIFIER_PURPOSE, identity.value),
        issued_by=given.issued_by,
        valid_until=given.valid_until,
        verified_at=now if given.is_seen else None,
        created_at=now,
    )
    unless_known = new.on_conflict_do_nothing(
        index_elements=[Identifier.kind, Identifier.exact_index]
    ).returning(Identifier.id)
    added: int | None = session.execute(unless_known).scalar_one_or_none()
    if added is None:
        raise KnownIdentityError(find_holder(session, identity) or citizen_id)
    return added


def _own(session: Session, citizen: Citizen, identifier_id: int) -> Identifier:
    found = session.get(Identifier, identifier_id)
    if found is None or found.citizen_id != citizen.id:
        raise NotFoundError(mark("There is no such document."))
    return found
