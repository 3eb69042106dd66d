"""Matters of “it could not be done”: the list and its figures, of what somebody may see.

Formulas: open now; of these overdue; ended lately; of these in time; mean days to the end.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.rules import Actor
from app.cases.models import Case, CaseAccused
from app.cases.queries import visible_clause
from app.departments.models import Unit
from app.kernel.db import rows
from app.kernel.paging import Order, Page, list_page

_NEWEST: Final = Order.by(Case.id, descending=True)
_ABOUT: Final = aliased(Unit)
_SECONDS: Final = 86400.0


class Which(StrEnum):
    """Which of these matters a list shows."""

    OPEN = "open"
    LATE = "late"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts, and the mean of days from opening to the end; None where nothing ended."""

    open: int
    late: int
    ended: int
    in_time: int
    days: float | None


def list_of(
    session: Session,
    actor: Actor,
    category_id: int,
    which: Which,
    *,
    since: datetime,
    now: datetime,
    cursor: str | None,
) -> Page[Row[*tuple[Any, ...]]]:
    """One page, the newest first; ended ones since the given instant."""
    wanted = _listed(actor).where(Case.category_id == category_id, _which(which, since, now))
    return list_page(session, wanted, _NEWEST, cursor=cursor)


def figures_of(
    session: Session, actor: Actor, category_id: int, *, since: datetime, now: datetime
) -> Figures:
    """The figures above the list."""
    found = rows(session, _counted(actor), category_id=category_id, since=since, now=now)
    ended = [
        (row.opened_at, row.closed_at)
        for row in rows(session, _ends(actor), category_id=category_id, since=since)
    ]
    spent = sum((end - begin).total_seconds() for begin, end in ended)
    ((open_now, late, in_time),) = found
    days = spent / _SECONDS / len(ended) if ended else None
    return Figures(open_now or 0, late or 0, len(ended), in_time or 0, days)


def _which(which: Which, since: datetime, now: datetime) -> ColumnElement[bool]:
    is_open = Case.closed_at.is_(None)
    return {
        Which.OPEN: is_open,
        Which.LATE: and_(is_open, Case.due_at < now),
        Which.ENDED: Case.closed_at >= since,
    }[which]


@lru_cache(maxsize=256)
def _listed(actor: Actor) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Case.id,
            Case.number,
            Case.title,
            Case.status,
            Case.opened_at,
            Case.closed_at,
            Case.due_at,
            Case.warn_at,
            Case.is_paused,
            Case.is_provisional,
            Case.on_time,
            Unit.name.label("unit"),
            Unit.name_en.label("unit_en"),
            _ABOUT.name.label("about"),
            _ABOUT.name_en.label("about_en"),
        )
        .join(Unit, Unit.id == Case.unit_id)
        .outerjoin(CaseAccused, CaseAccused.case_id == Case.id)
        .outerjoin(_ABOUT, _ABOUT.id == CaseAccused.unit_id)
        .where(visible_clause(actor))
    )


@lru_cache(maxsize=256)
def _counted(actor: Actor) -> Select[*tuple[Any, ...]]:
    is_open = Case.closed_at.is_(None)
    return select(
        _sum(is_open),
        _sum(is_open, Case.due_at < bindparam("now")),
        _sum(Case.closed_at >= bindparam("since"), Case.on_time.is_(True)),
    ).where(visible_clause(actor), Case.category_id == bindparam("category_id"))


@lru_cache(maxsize=256)
def _ends(actor: Actor) -> Select[*tuple[Any, ...]]:
    return select(Case.opened_at, Case.closed_at).where(
        visible_clause(actor),
        Case.category_id == bindparam("category_id"),
        Case.closed_at >= bindparam("since"),
    )


def _sum(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((and_(*conditions), 1), else_=0))
