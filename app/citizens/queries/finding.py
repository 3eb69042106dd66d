"""What the find box asks: who is stored under a token or a number, and what a list shows of them.

Every statement stops after some hundred rows, however common a name is; statements are
built once for each number of keys in use.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, Select, and_, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from app.citizens.models import Citizen, CitizenToken, Contact, Identifier
from app.citizens.rules import CitizenState, IdentifierKind, PartyKind
from app.citizens.sealing import PHONES
from app.kernel.db import rows

_T: Final = CitizenToken
_SURVIVOR: Final = func.coalesce(Citizen.merged_into_id, Citizen.id)
_IDS: Final[BindParameter[int]] = bindparam("ids", expanding=True)

_BY_CONTACT: Final = (
    select(_SURVIVOR)
    .join(Contact, Contact.citizen_id == Citizen.id)
    .where(Contact.exact_index.in_(bindparam("indexes", expanding=True)))
    .order_by(Contact.id.desc())
    .limit(bindparam("most"))
)
_BY_DOCUMENT: Final = (
    select(_SURVIVOR)
    .join(Identifier, Identifier.citizen_id == Citizen.id)
    .where(
        Identifier.kind.in_(tuple(IdentifierKind)),  # the index begins with the kind
        Identifier.exact_index.in_(bindparam("indexes", expanding=True)),
    )
    .limit(bindparam("most"))
)
_BY_ID: Final = select(_SURVIVOR).where(Citizen.id == bindparam("citizen_id"))
_WITH_TAIL: Final = (
    select(Contact.citizen_id, Contact.value, Contact.place)
    .where(Contact.tail_index.in_(bindparam("indexes", expanding=True)), Contact.ended_at.is_(None))
    .order_by(Contact.id.desc())
    .limit(bindparam("most"))
)
_TAIL_AMONG: Final = select(Contact.citizen_id).where(
    Contact.tail_index.in_(bindparam("indexes", expanding=True)),
    Contact.citizen_id.in_(_IDS),
    Contact.ended_at.is_(None),
)
_AMONG: Final = select(_T.citizen_id, _T.token).where(
    _T.token.in_(bindparam("tokens", expanding=True)), _T.citizen_id.in_(_IDS)
)
_PHONE: Final = and_(
    Contact.citizen_id == Citizen.id,
    Contact.kind.in_(tuple(PHONES)),
    Contact.ended_at.is_(None),
)
_SHOWN: Final = (
    select(
        Citizen.id,
        Citizen.kind,
        Citizen.state,
        Citizen.name,
        Citizen.reading,
        Citizen.place,
        Citizen.birth_year,
        Contact.value,
        Contact.place,
    )
    .outerjoin(Contact, _PHONE)
    .where(Citizen.id.in_(_IDS), Citizen.state.not_in(("merged", "anonymised")))
    .order_by(Contact.is_preferred.desc(), Contact.id.desc())
)
_PHONES: Final = select(Contact.citizen_id, Contact.value, Contact.place).where(
    Contact.citizen_id.in_(_IDS), Contact.kind.in_(tuple(PHONES)), Contact.ended_at.is_(None)
)
_FINDABLE: Final = select(
    Citizen.id,
    Citizen.kind,
    Citizen.state,
    Citizen.name,
    Citizen.reading,
    Citizen.place,
    Citizen.tokens,
).where(Citizen.id.in_(_IDS))
_UNFINDABLE: Final = (
    select(Citizen.id).where(Citizen.tokens.is_(None)).order_by(Citizen.id).limit(bindparam("most"))
)


class Findable(NamedTuple):
    """What tokens are made of, and those made before."""

    citizen_id: int
    kind: PartyKind
    state: CitizenState
    name: bytes | None
    reading: bytes | None
    place: str
    tokens: bytes | None


class Shown(NamedTuple):
    """What a list shows of one party, as stored; a phone with the place it opens in."""

    id: int
    kind: PartyKind
    state: CitizenState
    name: bytes | None
    reading: bytes | None
    place: str
    birth_year: int | None
    phones: list[tuple[bytes, str]]


class SealedPhone(NamedTuple):
    """A telephone as it is stored."""

    citizen_id: int
    value: bytes
    place: str


def newest_with(session: Session, tokens: Sequence[int], most: int) -> list[tuple[int, int]]:
    """Parties stored under any of these tokens, each with its token's place in the list.

    The newest of each token, at most so many; the walk stops there.
    """
    given = {f"token{at}": token for at, token in enumerate(tokens)}
    found = rows(session, _newest(len(tokens)), most=most, **given)
    return [(citizen_id, at) for citizen_id, at in found]


@lru_cache(maxsize=64)
def _newest(tokens: int) -> Select[Any]:
    walks = [
        select(
            select(_T.citizen_id, literal(at).label("at"))
            .where(_T.token == bindparam(f"token{at}"))
            .order_by(_T.citizen_id.desc())
            .limit(bindparam("most"))
            .subquery(f"walk{at}")
        )
        for at in range(tokens)
    ]
    return walks[0] if tokens == 1 else select(union_all(*walks).subquery("found"))


def among(session: Session, tokens: Sequence[int], ids: Sequence[int]) -> list[tuple[int, int]]:
    """Which of these few parties are stored under any of the tokens, as `newest_with`."""
    if not ids:
        return []
    place = {token: at for at, token in reversed(list(enumerate(tokens)))}
    found = rows(session, _AMONG, tokens=tokens, ids=ids)
    return [(citizen_id, place[token]) for citizen_id, token in found]


def with_all(session: Session, pairs: Sequence[Sequence[int]], most: int) -> list[int]:
    """Parties stored under one token of each group: parts of an organisation's name."""
    given = {f"tokens{at}": list(tokens) for at, tokens in enumerate(pairs)}
    return [row[0] for row in rows(session, _all_of(len(pairs)), most=most, **given)]


@lru_cache(maxsize=8)
def _all_of(groups: int) -> Select[Any]:
    first = aliased(_T)
    found = select(first.citizen_id).where(first.token.in_(bindparam("tokens0", expanding=True)))
    for at in range(1, groups):
        other = aliased(_T)
        tokens: BindParameter[int] = bindparam(f"tokens{at}", expanding=True)
        # One probe of the key for each: never a walk over a common part.
        found = found.where(
            select(literal(1))
            .where(other.token.in_(tokens), other.citizen_id == first.citizen_id)
            .exists()
        )
    return found.limit(bindparam("most"))


def by_contact(session: Session, indexes: Sequence[bytes], most: int) -> list[int]:
    """Who has, or had, one of these telephones or addresses; newest first; survivors of merges."""
    return [row[0] for row in rows(session, _BY_CONTACT, indexes=indexes, most=most)]


def by_document(session: Session, indexes: Sequence[bytes], most: int) -> list[int]:
    """Who holds a document with one of these numbers."""
    return [row[0] for row in rows(session, _BY_DOCUMENT, indexes=indexes, most=most)]


def by_id(session: Session, citizen_id: int) -> list[int]:
    """The party with this id, or the one it was merged into."""
    return [row[0] for row in rows(session, _BY_ID, citizen_id=citizen_id)]


def with_tail_among(session: Session, indexes: Sequence[bytes], ids: Sequence[int]) -> list[int]:
    """Which of these few parties have a telephone that ends so."""
    return [row[0] for row in rows(session, _TAIL_AMONG, indexes=indexes, ids=ids)] if ids else []


def with_tail(session: Session, indexes: Sequence[bytes], most: int) -> list[SealedPhone]:
    """Telephones in use that end so, the newest first."""
    return [SealedPhone(*row) for row in rows(session, _WITH_TAIL, indexes=indexes, most=most)]


def shown(session: Session, ids: Sequence[int]) -> list[Shown]:
    """These parties and their telephones in use, preferred and newest first.

    Merged and erased ones are left out.
    """
    found: dict[int, Shown] = {}
    for *own, value, place in rows(session, _SHOWN, ids=ids) if ids else ():
        one = found.get(own[0]) or found.setdefault(own[0], Shown._make([*own, []]))
        if value is not None:
            one.phones.append((value, place))
    return list(found.values())


def living_phones(session: Session, ids: Sequence[int]) -> list[SealedPhone]:
    """The telephones in use of these parties."""
    return [SealedPhone(*row) for row in rows(session, _PHONES, ids=ids)] if ids else []


def findables(session: Session, ids: Sequence[int]) -> list[Findable]:
    """What the tokens of these parties are made of."""
    return [Findable(*row) for row in rows(session, _FINDABLE, ids=ids)] if ids else []


def unfindable(session: Session, most: int) -> list[int]:
    """Parties whose tokens were never made, oldest first."""
    return [row[0] for row in rows(session, _UNFINDABLE, most=most)]
