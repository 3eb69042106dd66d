"""Which citizens somebody may see, and the rows one whole picture is made of.

Statements are built once; a picture costs the same number of them however long it is.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import BindParameter, Row, Select, bindparam, false, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.citizens.models import (
    Citizen,
    Contact,
    Identifier,
    Mark,
    Note,
    Representation,
    Tag,
)
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark

Rows = Sequence[Row[*tuple[Any, ...]]]
_ID: Final[BindParameter[int]] = bindparam("citizen_id")

_IDENTIFIERS: Final = (
    select(
        Identifier.id,
        Identifier.kind,
        Identifier.value,
        Identifier.place,
        Identifier.issued_by,
        Identifier.valid_until,
        Identifier.verified_at,
    )
    .where(Identifier.citizen_id == _ID)
    .order_by(Identifier.id)
)
_CONTACTS: Final = (
    select(
        Contact.id,
        Contact.kind,
        Contact.value,
        Contact.place,
        Contact.parts,
        Contact.region_code,
        Contact.is_preferred,
        Contact.created_at,
        Contact.verified_at,
        Contact.confirmed_at,
        Contact.failed_at,
    )
    .where(Contact.citizen_id == _ID, Contact.ended_at.is_(None))
    .order_by(Contact.is_preferred.desc(), Contact.id.desc())
)
_ACTING_COLUMNS: Final = (
    Representation.id,
    Representation.ground,
    Representation.document,
    Representation.valid_from,
    Representation.valid_until,
    Citizen.id.label("other_id"),
    Citizen.name,
    Citizen.place,
    Citizen.kind,
)
_ACTS_FOR: Final = (
    select(*_ACTING_COLUMNS)
    .join(Citizen, Citizen.id == Representation.principal_id)
    .where(Representation.agent_id == _ID, Representation.ended_at.is_(None))
    .order_by(Representation.id)
)
_ACTED_BY: Final = (
    select(*_ACTING_COLUMNS)
    .join(Citizen, Citizen.id == Representation.agent_id)
    .where(Representation.principal_id == _ID, Representation.ended_at.is_(None))
    .order_by(Representation.id)
)
_MARKS: Final = (
    select(Mark.id, Mark.kind, Mark.basis, Mark.valid_until)
    .where(Mark.citizen_id == _ID, Mark.ended_at.is_(None))
    .order_by(Mark.id)
)
_TAGS: Final = (
    select(Tag.id, Tag.word, Tag.visibility, Tag.unit_id)
    .where(Tag.citizen_id == _ID, Tag.ended_at.is_(None))
    .order_by(Tag.word, Tag.id)
)
_NOTES: Final = (
    select(
        Note.id,
        Note.text,
        Note.place,
        Note.visibility,
        Note.unit_id,
        Note.created_at,
        Note.created_by_id,
    )
    .where(Note.citizen_id == _ID, Note.ended_at.is_(None))
    .order_by(Note.id.desc())
)


def visible_to(actor: Actor) -> Select[Citizen]:
    """The citizens somebody may see: all of them or none.

    A citizen belongs to no unit: whoever serves people at a window or on the telephone
    must find anybody who comes. What is shown of them is masked, and looking behind the
    mask is written down (architecture §9). Who restricts processing is told by the state.
    """
    every = select(Citizen)
    return every if actor.may(Permission.CITIZEN_READ) else every.where(false())


def get_visible(session: Session, actor: Actor, citizen_id: int | None) -> Citizen:
    """The citizen, whatever their state; a merged one too, so that its number leads on.

    Raises:
        NotFoundError: there is none, or the actor may not know that there is.
    """
    found = None
    if citizen_id is not None:
        found = session.scalars(visible_to(actor).where(Citizen.id == citizen_id)).one_or_none()
    if found is None:
        raise NotFoundError(mark("There is no such citizen."))
    return found


def identifiers_of(session: Session, citizen_id: int) -> Rows:
    """The documents, as stored."""
    return rows(session, _IDENTIFIERS, citizen_id=citizen_id)


def contacts_of(session: Session, citizen_id: int) -> Rows:
    """The contacts in use as stored, the preferred first, then the newest."""
    return rows(session, _CONTACTS, citizen_id=citizen_id)


def acting_of(session: Session, citizen_id: int) -> tuple[Rows, Rows]:
    """For whom the citizen acts, and who acts for the citizen; names sealed."""
    return (
        rows(session, _ACTS_FOR, citizen_id=citizen_id),
        rows(session, _ACTED_BY, citizen_id=citizen_id),
    )


def marks_of(session: Session, citizen_id: int) -> Rows:
    """The marks in force that somebody set."""
    return rows(session, _MARKS, citizen_id=citizen_id)


def tags_of(session: Session, citizen_id: int) -> Rows:
    """The tags, whoever may read them."""
    return rows(session, _TAGS, citizen_id=citizen_id)


def notes_of(session: Session, citizen_id: int) -> Rows:
    """The notes as stored, newest first, whoever may read them."""
    return rows(session, _NOTES, citizen_id=citizen_id)
