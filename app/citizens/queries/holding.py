"""Who holds a document or uses a contact, as stored; for writing them down only once.

Statements are built once.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import BindParameter, Row, bindparam, select
from sqlalchemy.orm import Session

from app.citizens.models import Contact, Identifier, Mark, Representation, Tag
from app.citizens.queries.getting import identifiers_of
from app.citizens.rules import ContactKind, Ground, IdentifierKind, MarkKind
from app.kernel.db import rows

__all__ = [
    "count_contacts",
    "find_mark",
    "find_representation",
    "find_tag",
    "holder_of",
    "holders_of",
    "identifiers_of",
    "living_like",
    "others_preferred",
]

_ID: Final[BindParameter[int]] = bindparam("citizen_id")
_INDEXES: Final[BindParameter[bytes]] = bindparam("indexes", expanding=True)

_HOLDER: Final = (
    select(Identifier.citizen_id)
    .where(Identifier.kind == bindparam("kind"), Identifier.exact_index.in_(_INDEXES))
    .limit(1)
)
_HOLDERS: Final = select(Identifier.kind, Identifier.exact_index, Identifier.citizen_id).where(
    Identifier.kind.in_(list(IdentifierKind)), Identifier.exact_index.in_(_INDEXES)
)
_LIKE: Final = (
    select(Contact.id, Contact.kind, Contact.value, Contact.place)
    .where(
        Contact.citizen_id == _ID,
        Contact.exact_index.in_(_INDEXES),
        Contact.ended_at.is_(None),
    )
    .order_by(Contact.id)
)


def holder_of(session: Session, kind: IdentifierKind, indexes: Sequence[bytes]) -> int | None:
    """The citizen whose document of this kind has one of these indexes."""
    found = rows(session, _HOLDER, kind=kind, indexes=indexes)
    return found[0].citizen_id if found else None


def holders_of(
    session: Session, indexes: Sequence[bytes]
) -> dict[tuple[IdentifierKind, bytes], int]:
    """Who holds the documents with these indexes, by kind and index."""
    if not indexes:
        return {}
    found = rows(session, _HOLDERS, indexes=indexes)
    return {(row.kind, row.exact_index): row.citizen_id for row in found}


def living_like(
    session: Session, citizen_id: int, indexes: Sequence[bytes]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The citizen's contacts in use that are found under one of these indexes, as stored."""
    return rows(session, _LIKE, citizen_id=citizen_id, indexes=indexes)


def others_preferred(session: Session, contact: Contact) -> Sequence[Contact]:
    """The other contacts in use that were preferred so far."""
    wanted = select(Contact).where(
        Contact.citizen_id == contact.citizen_id,
        Contact.id != contact.id,
        Contact.is_preferred,
        Contact.ended_at.is_(None),
    )
    return session.scalars(wanted).all()


def count_contacts(session: Session, citizen_id: int, kind: ContactKind) -> int:
    """How many of a kind are in use."""
    wanted = select(Contact.id).where(
        Contact.citizen_id == citizen_id, Contact.kind == kind, Contact.ended_at.is_(None)
    )
    return len(session.scalars(wanted).all())


def find_representation(
    session: Session, agent_id: int, principal_id: int, ground: Ground
) -> Representation | None:
    """The representation in force between these two on this ground."""
    wanted = select(Representation).where(
        Representation.agent_id == agent_id,
        Representation.principal_id == principal_id,
        Representation.ground == ground,
        Representation.ended_at.is_(None),
    )
    return session.scalars(wanted).first()


def find_mark(session: Session, citizen_id: int, kind: MarkKind) -> Mark | None:
    """The mark of this kind that has not been ended."""
    wanted = select(Mark).where(
        Mark.citizen_id == citizen_id, Mark.kind == kind, Mark.ended_at.is_(None)
    )
    return session.scalars(wanted).first()


def find_tag(session: Session, citizen_id: int, word: str, unit_id: int) -> Tag | None:
    """The tag with this word that this unit hung on the citizen."""
    wanted = select(Tag).where(
        Tag.citizen_id == citizen_id,
        Tag.word == word,
        Tag.unit_id == unit_id,
        Tag.ended_at.is_(None),
    )
    return session.scalars(wanted).first()
