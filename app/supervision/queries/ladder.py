"""The levels of supervision as they are kept, and the clocks that have reached one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.kernel.db import UtcDateTime, rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.sla.models import OPEN, Clock
from app.supervision.models import Reminder, SupervisionLevel
from app.supervision.rules.ladder import Rung

_LEVEL = SupervisionLevel
_RUNGS: Final = (
    select(
        _LEVEL.id,
        _LEVEL.code,
        _LEVEL.position,
        _LEVEL.after_workdays,
        _LEVEL.tells_handler,
        _LEVEL.tells_head,
        _LEVEL.tells_supervisor,
        _LEVEL.order_workdays,
    )
    .where(_LEVEL.is_active)
    .order_by(_LEVEL.position, _LEVEL.id)
)


def rungs(session: Session) -> tuple[Rung, ...]:
    """The levels in use, lowest first."""
    return tuple(Rung(*row) for row in rows(session, _RUNGS))


def list_levels(session: Session) -> Sequence[SupervisionLevel]:
    """Every level, in use or not."""
    return session.scalars(select(_LEVEL).order_by(_LEVEL.position, _LEVEL.id)).all()


def get_level(session: Session, level_id: int) -> SupervisionLevel:
    """One level.

    Raises:
        NotFoundError: there is none with this key.
    """
    level = session.get(_LEVEL, level_id)
    if level is None:
        raise NotFoundError(mark("There is no such level."))
    return level


def order_levels(session: Session) -> list[SupervisionLevel]:
    """The levels at which an order may be issued, lowest first."""
    return [
        level
        for level in list_levels(session)
        if level.is_active and level.order_workdays is not None
    ]


# A date that may still move is left alone until it is settled.
_UNTOLD: Final = (
    select(
        Clock.id,
        Clock.kind,
        Clock.due_at,
        Clock.subject_id.label("case_id"),
    )
    .join(Case, Case.id == Clock.subject_id)
    .where(
        OPEN,
        Clock.subject_type == "case",
        Clock.provisional.is_(False),
        ~select(Reminder.id)
        .where(Reminder.clock_id == Clock.id, Reminder.level_id == bindparam("level_id"))
        .exists(),
    )
    .order_by(Clock.due_at, Clock.id)
    .limit(bindparam("most"))
)
_REACHED: Final = _UNTOLD.where(Clock.due_at < bindparam("before", type_=UtcDateTime()))
_WARNED: Final = _UNTOLD.where(
    Clock.warn_at <= bindparam("now", type_=UtcDateTime()),
    Clock.due_at >= bindparam("now", type_=UtcDateTime()),
)


def reached(
    session: Session, level_id: int, *, before: datetime, most: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Open clocks of matters due before the instant that have not come to this level yet."""
    return rows(session, _REACHED, level_id=level_id, before=before, most=most)


def warned(
    session: Session, level_id: int, *, now: datetime, most: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Open clocks of matters inside their warning that have not come to this level yet."""
    return rows(session, _WARNED, level_id=level_id, now=now, most=most)
