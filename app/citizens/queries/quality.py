"""What is wrong with which citizen's data: found for some hundreds at once, listed, counted.

Looks at the citizens it is given and at indexes; never at all of them for one page.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, Row, Select, bindparam, func, select, tuple_
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.citizens.models import (
    Citizen,
    Contact,
    DuplicateCandidate,
    Identifier,
    QualityIssue,
    QualityProgress,
)
from app.citizens.rules import CitizenState
from app.citizens.rules.quality import CandidateState, IssueKind
from app.kernel.db import rows
from app.kernel.paging import Order, Page, list_page

_IN: Final[BindParameter[int]] = bindparam("ids", expanding=True)
_PARTIES: Final = select(
    Citizen.id, Citizen.kind, Citizen.state, Citizen.name.is_not(None), Citizen.birth_year
).where(Citizen.id.in_(_IN))
_CONTACTS: Final = select(
    Contact.citizen_id,
    Contact.created_at,
    Contact.verified_at,
    Contact.confirmed_at,
    Contact.failed_at,
).where(Contact.citizen_id.in_(_IN), Contact.ended_at.is_(None))
_DOCUMENTS: Final = select(
    Identifier.citizen_id,
    Identifier.kind,
    Identifier.value,
    Identifier.place,
    Identifier.verified_at.is_not(None),
).where(Identifier.citizen_id.in_(_IN))
_KNOWN: Final = select(QualityIssue.citizen_id, QualityIssue.kind).where(
    QualityIssue.citizen_id.in_(_IN)
)
_CHANGED: Final = (
    select(Citizen.updated_at, Citizen.id)
    .where(
        tuple_(Citizen.updated_at, Citizen.id)
        > tuple_(bindparam("at", type_=Citizen.updated_at.type), bindparam("id"))
    )
    .order_by(Citizen.updated_at, Citizen.id)
    .limit(bindparam("most"))
)
_AFTER: Final = (
    select(Citizen.id)
    .where(Citizen.id > bindparam("after"))
    .order_by(Citizen.id)
    .limit(bindparam("most"))
)
_LIST: Final = select(QualityIssue.citizen_id, QualityIssue.since).join(
    Citizen, Citizen.id == QualityIssue.citizen_id
)
_IN_USE: Final = Citizen.state == CitizenState.ACTIVE  # restricted data are only stored (art. 47)
ORDER: Final = Order.by(QualityIssue.citizen_id, descending=True)


class Party(NamedTuple):
    """One citizen, as far as its data is judged."""

    id: int
    kind: str
    state: CitizenState
    has_name: bool
    birth_year: int | None


def parties(session: Session, ids: Sequence[int]) -> list[Party]:
    """These citizens."""
    return [Party(*row) for row in rows(session, _PARTIES, ids=ids)]


def contacts(session: Session, ids: Sequence[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """When each of their contacts was last known to be good, or bad."""
    return rows(session, _CONTACTS, ids=ids)


def documents(session: Session, ids: Sequence[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    """Their documents as stored, and whether somebody saw them."""
    return rows(session, _DOCUMENTS, ids=ids)


def known_issues(session: Session, ids: Sequence[int]) -> set[tuple[int, IssueKind]]:
    """What is already written down about them."""
    return {(row[0], row[1]) for row in rows(session, _KNOWN, ids=ids)}


def changed_since(
    session: Session, at: datetime, citizen_id: int, most: int
) -> list[tuple[datetime, int]]:
    """Who was changed after that, the earliest first."""
    found = rows(session, _CHANGED, at=at, id=citizen_id, most=most)
    return [(row[0], row[1]) for row in found]


def ids_after(session: Session, after: int, most: int) -> list[int]:
    """The next citizens by id."""
    return [row[0] for row in rows(session, _AFTER, after=after, most=most)]


def progress(session: Session, name: str) -> QualityProgress | None:
    """How far a walk has come."""
    return session.get(QualityProgress, name)


def figures(session: Session) -> dict[str, QualityProgress]:
    """Everything the walks have written down, by name."""
    return {each.name: each for each in session.scalars(select(QualityProgress))}


def count_issues(session: Session) -> dict[str, int]:
    """How many citizens have each kind of trouble, and how many pairs are open.

    Of the citizens whose data may be put right; whoever is restricted is in no figure.
    """
    trouble = select(QualityIssue.kind, func.count()).join(
        Citizen, Citizen.id == QualityIssue.citizen_id
    )
    counted = trouble.where(_IN_USE).group_by(QualityIssue.kind)
    found = {str(row[0]): int(row[1]) for row in session.execute(counted)}
    open_pairs = select(func.count()).where(DuplicateCandidate.state == CandidateState.OPEN)
    return found | {"duplicates": session.scalar(open_pairs) or 0}


def list_issue(
    session: Session, actor: Actor, kind: IssueKind, *, cursor: str | None
) -> Page[Row[*tuple[Any, ...]]]:
    """Who has this trouble, the newest citizens first.

    Whoever is restricted is there only for who keeps the data of restricted people.
    """
    wanted = _LIST.where(QualityIssue.kind == kind)
    if not actor.may(Permission.PRIVACY_MANAGE):
        wanted = wanted.where(_IN_USE)
    return list_page(session, wanted, ORDER, cursor=cursor)


def whole_issue(kind: IssueKind) -> Select[*tuple[Any, ...]]:
    """Everybody with this trouble, the newest citizens first; nobody restricted, whoever asks."""
    wanted = _LIST.where(QualityIssue.kind == kind, _IN_USE)
    return wanted.order_by(QualityIssue.citizen_id.desc())
