"""Reads of what is old enough: matters by category and kind, people whom nothing needs any more.

Returns ids and counts; never a word of what would be erased.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    and_,
    bindparam,
    column,
    exists,
    func,
    or_,
    select,
    table,
)
from sqlalchemy.orm import Session

from app.cases.complaint_models import CaseIdentity
from app.cases.models import Case
from app.catalogue.rules import CaseKind
from app.citizens.models import Citizen
from app.citizens.rules import CitizenState
from app.kernel.db import BigInt, UtcDateTime, rows
from app.privacy.models import DataRequest, RetentionItem, Tombstone
from app.privacy.queries.erasure.holds import CASE_HELD, PERSON_HELD
from app.privacy.rules import LIVING, ItemState

_CUTOFF: Final[BindParameter[datetime]] = bindparam("cutoff")
_MOST: Final[BindParameter[int]] = bindparam("most")

_ERASED: Final = exists().where(Tombstone.case_id == Case.id)
_QUEUED: Final = exists().where(
    RetentionItem.case_id == Case.id, RetentionItem.state == ItemState.WAITING
)
_OLD: Final = and_(Case.closed_at < _CUTOFF, ~_ERASED, ~_QUEUED)
_GROUPS: Final = (
    select(Case.category_id, Case.kind, CASE_HELD.label("is_held"), func.count())
    .where(_OLD)
    .group_by(Case.category_id, Case.kind, CASE_HELD)
)


# By name: conversations stand beside this package, not under it.
_TALKS: Final = table(
    "interactions", column("citizen_id", BigInt), column("began_at", UtcDateTime())
)
_UNNEEDED: Final = and_(
    Citizen.updated_at < _CUTOFF,
    Citizen.state.not_in([CitizenState.ANONYMISED, CitizenState.MERGED]),
    ~exists().where(Case.citizen_id == Citizen.id),
    ~exists().where(CaseIdentity.citizen_id == Citizen.id),
    ~exists().where(DataRequest.citizen_id == Citizen.id, DataRequest.status.in_(LIVING)),
    ~exists().where(_TALKS.c.citizen_id == Citizen.id, _TALKS.c.began_at >= _CUTOFF),
    ~exists().where(
        RetentionItem.citizen_id == Citizen.id, RetentionItem.state == ItemState.WAITING
    ),
)
_PEOPLE: Final = (
    select(Citizen.id)
    .where(_UNNEEDED, ~PERSON_HELD)
    .order_by(Citizen.updated_at, Citizen.id)
    .limit(_MOST)
)
_PEOPLE_NUMBER: Final = (
    select(PERSON_HELD.label("is_held"), func.count()).where(_UNNEEDED).group_by(PERSON_HELD)
)


class Group(NamedTuple):
    """How many matters of a category and kind ended before an instant."""

    category_id: int | None
    kind: CaseKind
    is_held: bool
    number: int


class OldCase(NamedTuple):
    """One matter a dry run names."""

    id: int
    number: str
    category_id: int | None
    category_name: str
    kind: CaseKind
    closed_at: datetime


def groups_before(session: Session, cutoff: datetime, *, today: date) -> list[Group]:
    """What ended before that instant and was not erased yet, counted."""
    return [Group(*row) for row in rows(session, _GROUPS, cutoff=cutoff, today=today)]


def old_cases(
    session: Session,
    cutoff: datetime,
    pairs: Sequence[tuple[int | None, CaseKind]],
    *,
    today: date,
    most: int,
) -> list[OldCase]:
    """The matters of these categories and kinds that may be erased, the oldest first."""
    fitting = or_(*(_is_of(category_id, kind) for category_id, kind in pairs))
    wanted = (
        select(
            Case.id,
            Case.number,
            Case.category_id,
            Case.category_name,
            Case.kind,
            Case.closed_at,
        )
        .where(_OLD, ~CASE_HELD, fitting)
        .order_by(Case.closed_at, Case.id)
        .limit(_MOST)
    )
    return [OldCase(*row) for row in rows(session, wanted, cutoff=cutoff, today=today, most=most)]


def old_people(session: Session, cutoff: datetime, *, today: date, most: int) -> list[int]:
    """Who has no matter any more and was not in touch since then, the longest ago first."""
    return [row[0] for row in rows(session, _PEOPLE, cutoff=cutoff, today=today, most=most)]


def count_people(session: Session, cutoff: datetime, *, today: date) -> tuple[int, int]:
    """How many they are, and how many more a hold keeps."""
    found = {
        bool(row[0]): row[1] for row in rows(session, _PEOPLE_NUMBER, cutoff=cutoff, today=today)
    }
    return found.get(False, 0), found.get(True, 0)


def _is_of(category_id: int | None, kind: CaseKind) -> ColumnElement[bool]:
    category = Case.category_id
    of_category = category.is_(None) if category_id is None else category == category_id
    return and_(of_category, Case.kind == kind)
