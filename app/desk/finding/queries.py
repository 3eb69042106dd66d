"""What the find box asks of matters and conversations: who was here lately, what is open.

Statements are built once; each stops after some hundred rows.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, select, union_all
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.kinds import AccessRole
from app.cases.models import Case, CaseAccess
from app.cases.queries import visible_clause
from app.interactions.models import Interaction
from app.kernel.db import rows

Rows = Sequence[Row[*tuple[Any, ...]]]
LATELY_MOST: Final = 150
_OPEN_MOST: Final = 300

_TAKEN_IN: Final = (
    select(Case.citizen_id, Case.opened_at.label("at"))
    .join(CaseAccess, CaseAccess.case_id == Case.id)
    .where(
        CaseAccess.unit_id == bindparam("unit_id"),
        CaseAccess.role == AccessRole.INTAKE,
        Case.citizen_id.is_not(None),
        Case.opened_at >= bindparam("since"),
    )
    .order_by(CaseAccess.case_id.desc())
    .limit(LATELY_MOST)
    .subquery()
)
_SPOKEN_WITH: Final = (
    select(Interaction.citizen_id, Interaction.began_at.label("at"))
    .where(
        Interaction.unit_id == bindparam("unit_id"),
        Interaction.citizen_id.is_not(None),
        Interaction.began_at >= bindparam("since"),
    )
    .order_by(Interaction.id.desc())
    .limit(LATELY_MOST)
    .subquery()
)
_BOTH: Final = union_all(select(_TAKEN_IN), select(_SPOKEN_WITH)).subquery()
_LATELY: Final = select(_BOTH.c.citizen_id).order_by(_BOTH.c.at.desc())


def lately_at(session: Session, unit_id: int, *, since: datetime) -> list[int]:
    """Citizens whose matter this unit took in, or with whom it spoke; the latest first."""
    found = rows(session, _LATELY, unit_id=unit_id, since=since)
    return list(dict.fromkeys(row[0] for row in found))


def open_matters(session: Session, actor: Actor, citizen_ids: Sequence[int]) -> Rows:
    """The open matters of these citizens that the actor may see, with their most pressing limit."""
    return rows(session, _open_of(actor), ids=citizen_ids) if citizen_ids else []


@lru_cache(maxsize=256)
def _open_of(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Case.citizen_id,
            Case.next_due_at,
            Case.next_warn_at,
            Case.is_paused,
            Case.is_provisional,
        )
        .where(
            Case.citizen_id.in_(bindparam("ids", expanding=True)),
            Case.closed_at.is_(None),
            visible_clause(actor),
        )
        .limit(_OPEN_MOST)
    )


def matter(session: Session, actor: Actor, number: str) -> Row[*tuple[Any, ...]] | None:
    """Number, title and citizen of the matter with this number, if the actor may see it."""
    found = rows(session, _with_number(actor), number=number)
    return found[0] if found else None


@lru_cache(maxsize=256)
def _with_number(actor: Actor) -> Select[*tuple[Any, ...]]:
    return select(Case.number, Case.title, Case.status, Case.citizen_id).where(
        Case.number == bindparam("number"), visible_clause(actor)
    )
