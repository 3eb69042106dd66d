"""The list of suspended matters with their day; a suspension always has one (rulebook §2.2)."""

from typing import Any, Final

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.rules import Actor
from app.cases.kinds import ApprovalKind, Status
from app.cases.models import Approval, Case
from app.cases.queries.visibility import visible_clause
from app.departments.models import Unit
from app.kernel.paging import Order, Page, list_page

_again: Final = aliased(Approval)
_LATEST: Final = (
    select(func.max(Approval.id))
    .where(
        Approval.case_id == Case.id,
        Approval.kind == ApprovalKind.SUSPENSION,
        Approval.was_granted.is_(True),
    )
    .correlate(Case)
    .scalar_subquery()
)
_LIST: Final = (
    select(
        Case.number,
        Case.title,
        Unit.name.label("unit_name"),
        Unit.name_en.label("unit_name_en"),
        Approval.ground,
        Approval.document_no,
        Approval.decided_at,
        Approval.until_on,
        select(func.count())
        .where(_again.case_id == Case.id, _again.decided_at.is_(None))
        .correlate(Case)
        .scalar_subquery()
        .label("asks_again"),
    )
    .join(Unit, Unit.id == Case.unit_id)
    .join(Approval, Approval.id == _LATEST)
    .where(Case.status == Status.SUSPENDED, Approval.until_on.is_not(None))
)
_ORDER: Final = Order.by(Approval.until_on, Case.id)


def list_suspended(
    session: Session, actor: Actor, *, cursor: str | None, size: int = 30
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of what stands suspended and the actor may see, the nearest day first."""
    statement = _LIST.where(visible_clause(actor))
    return list_page(session, statement, _ORDER, cursor=cursor, size=size)
