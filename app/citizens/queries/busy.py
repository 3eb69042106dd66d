"""What is asked with every case and every message; its statements are built once.

Returns what is stored; opening sealed values is the services' business.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.citizens.models import Citizen, Contact
from app.citizens.rules import ContactKind
from app.kernel.db import rows

_NAME_OF: Final = select(Citizen.id, Citizen.name, Citizen.place).where(
    Citizen.id == bindparam("citizen_id")
)
_CONTACTS: Final = (
    select(Contact.kind, Contact.value, Contact.place)
    .where(Contact.citizen_id == bindparam("citizen_id"), Contact.ended_at.is_(None))
    .order_by(Contact.id.desc())
)
_WITH_NUMBER: Final = select(Contact.citizen_id).where(
    Contact.exact_index.in_(bindparam("indexes", expanding=True))
)
_WITH_TAIL: Final = (
    select(Contact.citizen_id)
    .where(Contact.tail_index.in_(bindparam("indexes", expanding=True)), Contact.ended_at.is_(None))
    .order_by(Contact.id.desc())
)
_NAMESAKES: Final = (
    select(Citizen.id, Citizen.name, Citizen.place)
    .join(Contact, Contact.citizen_id == Citizen.id)
    .where(
        Contact.exact_index.in_(bindparam("indexes", expanding=True)),
        Contact.ended_at.is_(None),  # a number out of use may be somebody else's by now
        Citizen.merged_into_id.is_(None),
    )
    .order_by(Citizen.id)
)


class SealedName(NamedTuple):
    """A name as it is stored, and the place it opens in."""

    citizen_id: int
    name: bytes | None
    place: str


class SealedContact(NamedTuple):
    """A contact as it is stored, and the place it opens in."""

    kind: ContactKind
    value: bytes
    place: str


def sealed_name(session: Session, citizen_id: int) -> SealedName:
    """The name of one citizen, as stored."""
    return SealedName(*rows(session, _NAME_OF, citizen_id=citizen_id)[0])


def living_contacts(session: Session, citizen_id: int) -> Sequence[SealedContact]:
    """Every contact still in use, newest first."""
    return [SealedContact(*row) for row in rows(session, _CONTACTS, citizen_id=citizen_id)]


def with_number(session: Session, indexes: Sequence[bytes]) -> list[int]:
    """Citizens who ever had one of these numbers."""
    return list(dict.fromkeys(row[0] for row in rows(session, _WITH_NUMBER, indexes=indexes)))


def with_tail(session: Session, indexes: Sequence[bytes], among: Select[Any]) -> list[int]:
    """Which of the citizens chosen have a number that ends so, who gave it last first."""
    found = rows(session, _WITH_TAIL.where(Contact.citizen_id.in_(among)), indexes=indexes)
    return list(dict.fromkeys(row[0] for row in found))


def namesakes(session: Session, indexes: Sequence[bytes]) -> Sequence[SealedName]:
    """The names of the living citizens with one of these numbers."""
    return [SealedName(*row) for row in rows(session, _NAMESAKES, indexes=indexes)]
