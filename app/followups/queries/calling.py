"""The call-back list and the record of one call-back.

Who may see a matter in the list is decided by `visible_clause`, as in every list of matters.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, bindparam, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Actor
from app.cases.models import Case
from app.cases.queries import visible_clause
from app.departments.models import Unit
from app.followups.models import Callback, CallbackTry
from app.followups.rules import Tried
from app.kernel.db import rows
from app.kernel.paging import Order, Page, list_page

PAGE_SIZE: Final = 30
_ORDER: Final = Order.by(Callback.next_at, Callback.id)


class When(StrEnum):
    """Which part of the list: to call now, later, or both."""

    NOW = "now"
    LATER = "later"
    ALL = "all"


_LIST: Final = (
    select(
        Callback.id,
        Callback.opened_at,
        Callback.attempts,
        Callback.last_at,
        Callback.next_at,
        Callback.round,
        Case.number,
        Case.title,
        Case.outcome,
        Case.category_name,
        Case.is_confidential,
        Case.master_id,
        Case.next_clock,
        Case.next_due_at,
        Case.next_warn_at,
        Case.is_provisional,
        Unit.name.label("unit_name"),
        Unit.name_en.label("unit_name_en"),
    )
    .join(Case, Case.id == Callback.case_id)
    .join(Unit, Unit.id == Case.unit_id)
    .where(Callback.ended_at.is_(None))
)
_CALLBACK: Final = select(Callback).where(
    Callback.case_id == bindparam("case_id"), Callback.round == bindparam("round")
)
_LAST_ENDED: Final = (
    select(Callback.round, Callback.ended_at, Callback.result, Callback.way)
    .where(Callback.case_id == bindparam("case_id"), Callback.ended_at.is_not(None))
    .order_by(Callback.round.desc())
    .limit(1)
)
_TRIES: Final = (
    select(
        CallbackTry.number,
        CallbackTry.at,
        CallbackTry.answer,
        CallbackTry.next_at,
        func.coalesce(Staff.display_name, "").label("name"),
    )
    .join(Callback, Callback.id == CallbackTry.callback_id)
    .outerjoin(Staff, Staff.id == CallbackTry.by_id)
    .where(Callback.case_id == bindparam("case_id"), Callback.round == bindparam("round"))
    .order_by(CallbackTry.number.desc())
)


def list_waiting(
    session: Session,
    actor: Actor,
    when: When,
    *,
    unit_id: int | None = None,
    cursor: str | None = None,
    now: datetime,
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of who is to be called back, whose turn came first at the top."""
    wanted = _LIST.where(visible_clause(actor), *_part(when, now))
    if unit_id is not None:
        wanted = wanted.where(Case.unit_id == unit_id)
    return list_page(session, wanted, _ORDER, cursor=cursor, size=PAGE_SIZE)


def find_callback(session: Session, case_id: int, round_no: int) -> Callback | None:
    """The call-back of one round of a matter, begun or ended."""
    asked = {"case_id": case_id, "round": round_no}
    return session.scalars(_CALLBACK, asked).one_or_none()


def last_ended(session: Session, case_id: int) -> Row[*tuple[Any, ...]] | None:
    """How the last call-back of a matter that came to an end did so; None before there is one."""
    found = rows(session, _LAST_ENDED, case_id=case_id)
    return found[0] if found else None


def situation_for(callback: Callback | None) -> Tried:
    """How often somebody was tried in this call-back."""
    return Tried(callback.attempts, callback.last_at) if callback else Tried()


def list_tries(session: Session, case: Case) -> Sequence[Row[*tuple[Any, ...]]]:
    """The tries of this round, the last first; never more than a person makes."""
    return rows(session, _TRIES, case_id=case.id, round=case.round)


def _part(when: When, now: datetime) -> list[ColumnElement[bool]]:
    match when:
        case When.NOW:
            return [Callback.next_at <= now]
        case When.LATER:
            return [Callback.next_at > now]
        case When.ALL:
            return []
