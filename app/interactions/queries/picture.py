"""What the picture of one citizen asks of the log: the last contacts, what was promised.

A constant number of statements over the newest few rows, whatever the log holds.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, Select, and_, bindparam, exists, literal, or_, select, union_all
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Actor
from app.cases.models import Case
from app.cases.queries import visible_clause
from app.departments.models import Unit
from app.interactions.models import Interaction, InteractionCase, Promise
from app.interactions.rules import Direction, Medium, TalkState
from app.kernel.db import rows

_WAITING_MOST: Final = 5
_KEPT_MOST: Final = 3

_PROMISED: Final = (
    select(
        Promise.id,
        Promise.text,
        Promise.place,
        Promise.made_at,
        Promise.due_at,
        Promise.kept_at,
        Staff.display_name.label("staff_name"),
        Promise.staff_id,
        Promise.unit_id,
        Promise.interaction_id,
        Promise.case_id,
        Unit.path,
        Unit.region_code,
    )
    .join(Staff, Staff.id == Promise.staff_id)
    .join(Unit, Unit.id == Promise.unit_id)
    .where(Promise.citizen_id == bindparam("citizen_id"))
    .order_by(Promise.id.desc())
)


@lru_cache(maxsize=256)
def _promises(actor: Actor) -> Select[*tuple[Any, ...]]:
    waiting = _PROMISED.where(Promise.kept_at.is_(None)).limit(_WAITING_MOST).subquery()
    kept = _PROMISED.where(Promise.kept_at.is_not(None)).limit(_KEPT_MOST).subquery()
    both = union_all(
        select(literal(0).label("is_kept"), waiting), select(literal(1).label("is_kept"), kept)
    ).subquery()
    seen = visible_clause(actor)
    is_own_seen = exists().where(Case.id == both.c.case_id, seen)
    is_linked_seen = exists().where(Case.id == InteractionCase.case_id, seen)
    has_unseen = exists().where(
        InteractionCase.interaction_id == both.c.interaction_id, ~is_linked_seen
    )
    is_visible = and_(or_(both.c.case_id.is_(None), is_own_seen), ~has_unseen)
    return select(both, is_visible.label("is_visible")).order_by(both.c.is_kept, both.c.due_at)


class Said(NamedTuple):
    """One contact of the log, once for each matter of it; the summary as stored.

    `is_visible` tells whether the reader may know of that matter; None without one.
    """

    id: int
    medium: Medium
    direction: Direction
    state: TalkState
    began_at: datetime
    taken_at: datetime | None
    summary: bytes | None
    place: str
    staff_id: int
    staff_name: str
    unit_id: int
    unit_path: str
    region_code: str
    case_id: int | None
    number: str | None
    is_visible: bool | None


@lru_cache(maxsize=256)
def _contacts(actor: Actor) -> Select[*tuple[Any, ...]]:
    last = (
        select(Interaction.id)
        .where(Interaction.citizen_id == bindparam("citizen_id"))
        .order_by(Interaction.id.desc())
        .limit(bindparam("most"))
        .subquery()
    )
    return (
        select(
            Interaction.id,
            Interaction.medium,
            Interaction.direction,
            Interaction.state,
            Interaction.began_at,
            Interaction.taken_at,
            Interaction.summary,
            Interaction.place,
            Interaction.staff_id,
            Staff.display_name,
            Interaction.unit_id,
            Unit.path,
            Unit.region_code,
            Case.id.label("case_id"),
            Case.number,
            visible_clause(actor).label("is_visible"),
        )
        .join(last, last.c.id == Interaction.id)
        .join(Staff, Staff.id == Interaction.staff_id)
        .join(Unit, Unit.id == Interaction.unit_id)
        .outerjoin(InteractionCase, InteractionCase.interaction_id == Interaction.id)
        .outerjoin(Case, Case.id == InteractionCase.case_id)
        .order_by(Interaction.id.desc(), Case.id)
    )


def contacts_of(session: Session, actor: Actor, citizen_id: int, *, most: int) -> list[Said]:
    """The last contacts with this citizen, newest first, with their matters."""
    found = rows(session, _contacts(actor), citizen_id=citizen_id, most=most)
    return [Said(*row) for row in found]


def promises_of(session: Session, actor: Actor, citizen_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was promised to this citizen: what waits first, then what was kept.

    `is_visible` tells whether the reader may know of every matter it was promised about.
    """
    return rows(session, _promises(actor), citizen_id=citizen_id)
