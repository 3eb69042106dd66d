"""What merging asks: both rows under lock, what they hold, what was merged before.

Returns what is stored; opening sealed values is the services' business.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.citizens.models import (
    Citizen,
    CitizenMerge,
    CitizenMergeMove,
    Contact,
    Identifier,
    Representation,
)
from app.citizens.rules import IdentifierKind
from app.kernel.db import rows
from app.kernel.paging import FirstPage, Order, Page, list_page

_MERGED_INTO: Final = select(Citizen.id, Citizen.merged_into_id).where(
    Citizen.id == bindparam("citizen_id")
)
_DOCUMENTS: Final = (
    select(Identifier.citizen_id, Identifier.kind, Identifier.value, Identifier.place)
    .where(Identifier.citizen_id.in_(bindparam("citizen_ids", expanding=True)))
    .order_by(Identifier.id)
)
_LIST: Final = select(
    CitizenMerge.id,
    CitizenMerge.survivor_id,
    CitizenMerge.merged_id,
    CitizenMerge.at,
    CitizenMerge.by_id,
    CitizenMerge.reason,
    CitizenMerge.undone_at,
)
ORDER: Final = Order.by(CitizenMerge.id, descending=True)
_FIRST: Final = FirstPage.of(_LIST, ORDER)


class SealedDocument(NamedTuple):
    """An identity document as it is stored, and the place it opens in."""

    citizen_id: int
    kind: IdentifierKind
    value: bytes
    place: str


def locked(session: Session, *ids: int) -> Sequence[Citizen]:
    """These citizens and all that is part of them, kept from other writers till the end.

    In the order of their ids, so that two who lock the same people cannot wait for each
    other. The key is not locked: a case may be opened for one of them meanwhile.
    """
    family = or_(Citizen.id.in_(ids), Citizen.merged_into_id.in_(ids))
    wanted = select(Citizen).where(family).order_by(Citizen.id)
    return session.scalars(
        wanted.with_for_update(key_share=True), execution_options={"populate_existing": True}
    ).all()


def locked_merge(session: Session, merge_id: int) -> CitizenMerge | None:
    """The merge, kept from other writers until the transaction ends."""
    return session.get(CitizenMerge, merge_id, with_for_update=True, populate_existing=True)


def current_id(session: Session, citizen_id: int) -> int | None:
    """The citizen this one is part of now, or itself; None if there is none."""
    found = rows(session, _MERGED_INTO, citizen_id=citizen_id)
    return (found[0].merged_into_id or found[0].id) if found else None


def documents(session: Session, citizen_ids: Sequence[int]) -> Sequence[SealedDocument]:
    """The identity documents of these citizens, oldest first."""
    return [SealedDocument(*row) for row in rows(session, _DOCUMENTS, citizen_ids=citizen_ids)]


def contacts_in_use(session: Session, citizen_ids: Sequence[int]) -> Sequence[Contact]:
    """The ways to reach these citizens that have not ended."""
    wanted = select(Contact).where(Contact.citizen_id.in_(citizen_ids), Contact.ended_at.is_(None))
    return session.scalars(wanted.order_by(Contact.id)).all()


def acts_for(session: Session, one_id: int, other_id: int) -> bool:
    """Whether one of the two ever acted for the other."""
    pairs = or_(
        and_(Representation.principal_id == one_id, Representation.agent_id == other_id),
        and_(Representation.principal_id == other_id, Representation.agent_id == one_id),
    )
    return bool(session.scalar(select(exists().where(pairs))))


def later_merge(session: Session, merge: CitizenMerge) -> CitizenMerge | None:
    """The newest merge after this one that stands and touches one of the two; None if none does."""
    pair = (merge.survivor_id, merge.merged_id)
    wanted = (
        select(CitizenMerge)
        .where(
            CitizenMerge.id > merge.id,
            CitizenMerge.undone_at.is_(None),
            or_(CitizenMerge.survivor_id.in_(pair), CitizenMerge.merged_id.in_(pair)),
        )
        .order_by(CitizenMerge.id.desc())
        .limit(1)
    )
    return session.scalar(wanted)


def moves(session: Session, merge_id: int) -> Sequence[CitizenMergeMove]:
    """Every cell a merge changed, in the order it changed them."""
    wanted = select(CitizenMergeMove).where(CitizenMergeMove.merge_id == merge_id)
    return session.scalars(wanted.order_by(CitizenMergeMove.id)).all()


def moved_counts(session: Session, merge_id: int) -> dict[str, int]:
    """How many rows of each table a merge moved."""
    counted = (
        select(CitizenMergeMove.table_name, func.count())
        .where(CitizenMergeMove.merge_id == merge_id)
        .group_by(CitizenMergeMove.table_name)
    )
    return {row[0]: row[1] for row in session.execute(counted)}


def standing_since(session: Session, since: datetime) -> Sequence[CitizenMerge]:
    """Merges made since then that were not undone."""
    wanted = select(CitizenMerge).where(CitizenMerge.at >= since, CitizenMerge.undone_at.is_(None))
    return session.scalars(wanted.order_by(CitizenMerge.id)).all()


def merged_into(session: Session, survivor_id: int) -> Sequence[int]:
    """The rows that are part of this citizen now; their numbers still lead to it."""
    wanted = select(Citizen.id).where(Citizen.merged_into_id == survivor_id)
    return session.scalars(wanted.order_by(Citizen.id)).all()


def list_merges(session: Session, *, cursor: str | None) -> Page[Row[*tuple[Any, ...]]]:
    """Merges, newest first."""
    return list_page(session, _LIST, ORDER, cursor=cursor) if cursor else _FIRST.read(session)


def staff_names(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """The names of the staff who merged or undid."""
    wanted = select(Staff.id, Staff.display_name).where(Staff.id.in_(sorted(ids)))
    return {row[0]: row[1] for row in session.execute(wanted)}
