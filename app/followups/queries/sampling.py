"""Silent closures among which is drawn, the matters drawn, and who had a part in them.

A closing is read from the history, which nobody changes: a draw can be worked out again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, case, exists, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Actor
from app.cases.kinds import Action
from app.cases.models import Case, CaseEvent
from app.cases.queries import visible_clause
from app.departments.models import Unit
from app.followups.models import SampleCheck, SampleDraw
from app.followups.rules import is_silent
from app.kernel.db import rows
from app.kernel.paging import Order, Page, list_page

PAGE_SIZE: Final = 30
_NEWEST: Final = Order.by(SampleCheck.id, descending=True)
_DRAWS: Final = 24

_CLOSINGS: Final = (
    select(CaseEvent.case_id, CaseEvent.payload)
    .where(
        CaseEvent.action.in_((Action.CLOSE, Action.CALL_BACK)),
        CaseEvent.at >= bindparam("start"),
        CaseEvent.at < bindparam("end"),
    )
    .order_by(CaseEvent.case_id, CaseEvent.seq)
)
_INVOLVED: Final = (
    select(CaseEvent.actor_id)
    .where(CaseEvent.case_id == bindparam("case_id"), CaseEvent.actor_id.is_not(None))
    .distinct()
)
_OPEN_CHECK: Final = (
    select(SampleCheck)
    .where(SampleCheck.case_id == bindparam("case_id"), SampleCheck.checked_at.is_(None))
    .order_by(SampleCheck.id)
    .limit(1)
)
_LAST_DRAWS: Final = select(SampleDraw).order_by(SampleDraw.period.desc()).limit(_DRAWS)


def silent_closings(session: Session, start: datetime, end: datetime) -> list[int]:
    """The matters closed in this time without a word of the citizen, each once, by key."""
    found = rows(session, _CLOSINGS, start=start, end=end)
    return sorted({row.case_id for row in found if is_silent(str(row.payload.get("result")))})


def involved_in(session: Session, case_id: int) -> list[int]:
    """Every member of staff who did anything on a matter."""
    return [row.actor_id for row in rows(session, _INVOLVED, case_id=case_id)]


def find_open_check(session: Session, case_id: int) -> SampleCheck | None:
    """The check this matter still waits for."""
    return session.scalars(_OPEN_CHECK, {"case_id": case_id}).one_or_none()


def list_draws(session: Session) -> Sequence[SampleDraw]:
    """The draws of the last two years, newest first."""
    return session.scalars(_LAST_DRAWS).all()


def list_checks(
    session: Session, actor: Actor, *, is_done: bool, cursor: str | None = None
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of the matters drawn, waiting or looked at, as far as the reader may know."""
    had_part = exists().where(CaseEvent.case_id == Case.id, CaseEvent.actor_id == actor.id)
    wanted = (
        select(
            SampleCheck.id,
            SampleCheck.checked_at,
            SampleCheck.was_right,
            SampleDraw.period,
            Case.number,
            Case.title,
            Case.closed_at,
            Case.callback_result,
            Case.category_name,
            Unit.name.label("unit_name"),
            Unit.name_en.label("unit_name_en"),
            func.coalesce(Staff.display_name, "").label("checker"),
            case((had_part, True), else_=False).label("had_part"),
        )
        .join(SampleDraw, SampleDraw.id == SampleCheck.draw_id)
        .join(Case, Case.id == SampleCheck.case_id)
        .join(Unit, Unit.id == Case.unit_id)
        .outerjoin(Staff, Staff.id == SampleCheck.by_id)
        .where(visible_clause(actor))
    )
    ended = SampleCheck.checked_at.is_not(None) if is_done else SampleCheck.checked_at.is_(None)
    return list_page(session, wanted.where(ended), _NEWEST, cursor=cursor, size=PAGE_SIZE)
