"""Who shares something with a citizen, and the pairs that were found to be alike.

Every way in is an index on keyed digests: what it costs does not grow with the city.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, Row, bindparam, delete, or_, select, union
from sqlalchemy.orm import Session

from app.citizens.models import (
    Citizen,
    CitizenSource,
    CitizenToken,
    Contact,
    DuplicateCandidate,
    Identifier,
)
from app.citizens.rules import CitizenState, ContactKind, IdentifierKind, PartyKind
from app.citizens.rules.quality import CandidateState
from app.kernel.db import rows
from app.kernel.paging import FirstPage, Order, Page, list_page

# A telephone of a whole company or hall says nothing about anybody.
MOST_SHARING: Final = 40

_IN: Final[BindParameter[int]] = bindparam("ids", expanding=True)
_FACTS: Final = (
    select(
        Citizen.id,
        Citizen.kind,
        Citizen.state,
        Citizen.name,
        Citizen.reading,
        Citizen.place,
        Citizen.birth_year,
    )
    .where(Citizen.id.in_(_IN))
    .order_by(Citizen.id)
)
_CONTACTS: Final = select(Contact.citizen_id, Contact.kind, Contact.value, Contact.place).where(
    Contact.citizen_id.in_(_IN), Contact.ended_at.is_(None)
)
_DOCUMENTS: Final = select(
    Identifier.citizen_id, Identifier.kind, Identifier.value, Identifier.place
).where(Identifier.citizen_id.in_(_IN))
_BY_CONTACT: Final = (
    select(Contact.citizen_id)
    .where(
        Contact.exact_index.in_(bindparam("indexes", expanding=True)), Contact.ended_at.is_(None)
    )
    .order_by(Contact.id.desc())
    .limit(MOST_SHARING)
)
_BY_DOCUMENT: Final = (
    select(Identifier.citizen_id)
    .where(
        Identifier.kind.in_(list(IdentifierKind)),
        Identifier.exact_index.in_(bindparam("indexes", expanding=True)),
    )
    .limit(MOST_SHARING)
)
_BY_NAME: Final = (
    select(CitizenToken.citizen_id)
    .where(CitizenToken.token.in_(bindparam("tokens", expanding=True)))
    .limit(MOST_SHARING)
)
_LIST: Final = select(
    DuplicateCandidate.id,
    DuplicateCandidate.a_id,
    DuplicateCandidate.b_id,
    DuplicateCandidate.reasons,
    DuplicateCandidate.score,
    DuplicateCandidate.found_at,
).where(DuplicateCandidate.state == CandidateState.OPEN)
ORDER: Final = Order.by(DuplicateCandidate.score, DuplicateCandidate.id, descending=True)
_FIRST: Final = FirstPage.of(_LIST, ORDER)


class Facts(NamedTuple):
    """One citizen as stored, as far as others are compared with it."""

    id: int
    kind: PartyKind
    state: CitizenState
    name: bytes | None
    reading: bytes | None
    place: str
    birth_year: int | None


class SealedReach(NamedTuple):
    """A contact in use as stored."""

    citizen_id: int
    kind: ContactKind
    value: bytes
    place: str


class SealedPaper(NamedTuple):
    """A document as stored."""

    citizen_id: int
    kind: IdentifierKind
    value: bytes
    place: str


def facts(session: Session, ids: Sequence[int]) -> list[Facts]:
    """These citizens, by number."""
    return [Facts(*row) for row in rows(session, _FACTS, ids=ids)]


def contacts(session: Session, ids: Sequence[int]) -> list[SealedReach]:
    """Their contacts in use."""
    return [SealedReach(*row) for row in rows(session, _CONTACTS, ids=ids)]


def documents(session: Session, ids: Sequence[int]) -> list[SealedPaper]:
    """Their documents."""
    return [SealedPaper(*row) for row in rows(session, _DOCUMENTS, ids=ids)]


def with_contact(session: Session, indexes: Sequence[bytes]) -> set[int]:
    """Who uses one of these contacts; nobody where far too many share it."""
    return _few(rows(session, _BY_CONTACT, indexes=indexes))


def with_document(session: Session, indexes: Sequence[bytes]) -> set[int]:
    """Who holds one of these numbers, whatever kind of document it was called."""
    return _few(rows(session, _BY_DOCUMENT, indexes=indexes))


def with_name(session: Session, tokens: Sequence[int]) -> set[int]:
    """Who has one of these whole names; nobody where the name is a very common one."""
    return _few(rows(session, _BY_NAME, tokens=tokens))


def pairs_of(session: Session, citizen_id: int) -> Sequence[DuplicateCandidate]:
    """Every pair this citizen stands in."""
    mine = (
        select(DuplicateCandidate.id).where(DuplicateCandidate.a_id == citizen_id),
        select(DuplicateCandidate.id).where(DuplicateCandidate.b_id == citizen_id),
    )
    wanted = select(DuplicateCandidate).where(DuplicateCandidate.id.in_(union(*mine)))
    return session.scalars(wanted).all()


def pair(session: Session, one_id: int, other_id: int) -> DuplicateCandidate | None:
    """The pair of these two."""
    wanted = select(DuplicateCandidate).where(
        DuplicateCandidate.a_id == min(one_id, other_id),
        DuplicateCandidate.b_id == max(one_id, other_id),
    )
    return session.scalar(wanted)


def forget_open(session: Session, citizen_id: int) -> None:
    """Take away the open pairs of a citizen who is none any more."""
    mine = or_(DuplicateCandidate.a_id == citizen_id, DuplicateCandidate.b_id == citizen_id)
    session.execute(
        delete(DuplicateCandidate).where(mine, DuplicateCandidate.state == CandidateState.OPEN)
    )


def known_sources(session: Session, source: str, keys: Sequence[str]) -> set[str]:
    """Those keys of another system that are citizens here already."""
    wanted = select(CitizenSource.source_id).where(
        CitizenSource.source == source, CitizenSource.source_id.in_(keys)
    )
    return set(session.scalars(wanted))


def list_open(session: Session, *, cursor: str | None) -> Page[Row[*tuple[Any, ...]]]:
    """Pairs nobody has decided on, the likeliest first."""
    return list_page(session, _LIST, ORDER, cursor=cursor) if cursor else _FIRST.read(session)


def _few(found: Sequence[Row[*tuple[Any, ...]]]) -> set[int]:
    return {row[0] for row in found} if len(found) < MOST_SHARING else set()
