"""What the deeds beside the steps need to know, and which applications are over their promise."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Row, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.application_models import CaseApplication
from app.cases.kinds import Action
from app.cases.models import Case, CaseEvent, CaseText
from app.cases.queries.visibility import visible_clause
from app.departments.models import Unit
from app.kernel.db import rows
from app.sla.models import Clock
from app.sla.rules import PROVISIONAL_GRACE, ClockKind, Subject

SHOWN: Final = 100
_TYPE: Final = Subject.case(0).type
_BY: Final = select(CaseEvent.actor_id).where(
    CaseEvent.case_id == bindparam("case_id"), CaseEvent.action == Action.VERIFY
)
_WHY_LATE: Final = (
    select(func.coalesce(CaseText.public_text, ""))
    .select_from(CaseEvent)
    .outerjoin(CaseText, CaseText.event_id == CaseEvent.id)
    .where(CaseEvent.case_id == bindparam("case_id"), CaseEvent.action == Action.EXPLAIN_LATE)
    .limit(1)
)
# Over its promise: the clock ran out, whether it was met later or is still running.
_OVER: Final = and_(
    Clock.due_at < bindparam("now"),
    or_(~Clock.provisional, Clock.due_at < bindparam("graced")),
    Clock.cancelled_at.is_(None),
    or_(Clock.met_at.is_(None), Clock.met_at > Clock.due_at),
)


def verified_by(session: Session, case_id: int) -> frozenset[int]:
    """Who wrote down whether the promise holds."""
    found = rows(session, _BY, case_id=case_id)
    return frozenset(row.actor_id for row in found if row.actor_id is not None)


def why_late(session: Session, case_id: int) -> str:
    """Why it takes longer than promised, as everybody concerned reads it."""
    found = rows(session, _WHY_LATE, case_id=case_id)
    return str(found[0][0]) if found else ""


@lru_cache(maxsize=512)
def _late(actor: Actor) -> Select[*tuple[Any, ...]]:
    found: Select[*tuple[Any, ...]] = (
        select(
            Case.number,
            CaseApplication.item_name,
            CaseApplication.item_version_id,
            CaseApplication.late_told_at,
            Unit.name.label("unit"),
            Unit.name_en.label("unit_en"),
            Clock.due_at,
            Clock.met_at,
        )
        .select_from(Clock)
        .join(Case, Case.id == Clock.subject_id)
        .join(CaseApplication, CaseApplication.case_id == Case.id)
        .join(Unit, Unit.id == Case.unit_id)
        .where(
            Clock.subject_type == _TYPE,
            Clock.kind == ClockKind.RESOLVE,
            Clock.due_at >= bindparam("since"),
            _OVER,
            visible_clause(actor),
        )
    )
    return found


def late_list(
    session: Session, actor: Actor, *, since: datetime, now: datetime
) -> Sequence[Row[*tuple[Any, ...]]]:
    """What passed its promised limit since then: unexplained first, then the oldest."""
    wanted = _late(actor).order_by(
        case((CaseApplication.late_told_at.is_(None), 0), else_=1), Clock.due_at, Case.id
    )
    graced = now - PROVISIONAL_GRACE
    return rows(session, wanted.limit(SHOWN), since=since, now=now, graced=graced)


def late_counts(
    session: Session, actor: Actor, *, since: datetime, now: datetime
) -> tuple[int, int]:
    """How many passed their promised limit since then, and of how many it was said why."""
    inner = _late(actor).subquery()
    wanted = select(func.count(), func.count(inner.c.late_told_at)).select_from(inner)
    found = rows(session, wanted, since=since, now=now, graced=now - PROVISIONAL_GRACE)
    return int(found[0][0]), int(found[0][1])
