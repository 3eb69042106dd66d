"""Supervision orders: one, those of a matter, lists of them; never of a matter one may not see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Staff
from app.accounts.rules import Actor, Permission
from app.cases.models import Case, CaseEvent, CaseText
from app.cases.queries import visible_clause
from app.departments.models import Unit
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.paging import Order, Page, list_page
from app.supervision.models import SupervisionAct, SupervisionLevel, SupervisionOrder
from app.supervision.queries.reminders import within
from app.supervision.rules.orders import Act, Deed, OrderState

_ORDER: Final = SupervisionOrder
_NEWEST: Final = Order.by(_ORDER.id, descending=True)
_OWED: Final = (OrderState.ISSUED, OrderState.SIGNED)


class Show(StrEnum):
    """Which orders a list holds."""

    OPEN = "open"
    UNIT = "unit"  # those my units owe something
    MINE = "mine"  # those I issued, still open
    JUDGE = "judge"  # answered, waiting for a supervisor
    LATE = "late"
    RAISE = "raise"  # a higher level is proposed
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Found:
    """An order and the matter it is about."""

    order: SupervisionOrder
    case: Case


def get_order(session: Session, order_id: int, actor: Actor) -> Found:
    """One order on a matter this person may see.

    Raises:
        NotFoundError: there is none, or the matter is not theirs to see.
    """
    wanted = (
        select(_ORDER, Case)
        .join(Case, Case.id == _ORDER.case_id)
        .where(_ORDER.id == order_id, visible_clause(actor))
    )
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotFoundError(mark("There is no such supervision order, or it is not yours to see."))
    return Found(*found)


def find_open(session: Session, case_id: int) -> SupervisionOrder | None:
    """The order that is open on this matter."""
    wanted = select(_ORDER).where(_ORDER.case_id == case_id, _ORDER.closed_at.is_(None))
    return session.scalars(wanted).one_or_none()


_NEXT: Final = aliased(SupervisionLevel)
_LIST: Final[Select[*tuple[Any, ...]]] = (
    select(
        _ORDER.id,
        _ORDER.number,
        _ORDER.state,
        _ORDER.issued_at,
        _ORDER.due_at,
        _ORDER.closed_at,
        _ORDER.on_time,
        SupervisionLevel.name.label("level"),
        SupervisionLevel.name_en.label("level_en"),
        _NEXT.name.label("next_level"),
        _NEXT.name_en.label("next_level_en"),
        Case.number.label("case_number"),
        Case.title,
        Unit.name.label("unit"),
        Unit.name_en.label("unit_en"),
    )
    .join(Case, Case.id == _ORDER.case_id)
    .join(Unit, Unit.id == _ORDER.unit_id)
    .join(SupervisionLevel, SupervisionLevel.id == _ORDER.level_id)
    .outerjoin(_NEXT, _NEXT.id == _ORDER.proposed_level_id)
)
_OF_CASE: Final = _LIST.where(_ORDER.case_id == bindparam("case_id")).order_by(_ORDER.id.desc())


def of_case(session: Session, case_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every order on a matter the caller has shown already, the newest first."""
    return rows(session, _OF_CASE, case_id=case_id)


def list_orders(
    session: Session, actor: Actor, show: Show, *, now: datetime, cursor: str | None
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of the orders of this kind."""
    statement = _LIST.where(visible_clause(actor), shown(actor, show, now))
    return list_page(session, statement, _NEWEST, cursor=cursor)


def count_each(session: Session, actor: Actor, *, now: datetime) -> dict[Show, int]:
    """How many are in each list of what is still open; one statement."""
    kinds = [show for show in Show if show is not Show.ENDED]
    counts = [func.count().filter(shown(actor, show, now)) for show in kinds]
    wanted = select(*counts).select_from(_ORDER).join(Case, Case.id == _ORDER.case_id)
    wanted = wanted.where(_ORDER.closed_at.is_(None), visible_clause(actor))
    return dict(zip(kinds, session.execute(wanted).one(), strict=True))


def shown(actor: Actor, show: Show, now: datetime) -> ColumnElement[bool]:
    """The condition behind a list."""
    is_open = _ORDER.closed_at.is_(None)
    conditions: dict[Show, ColumnElement[bool]] = {
        Show.OPEN: true(),
        Show.UNIT: _ORDER.state.in_(_OWED) & in_hand(actor),
        Show.MINE: _ORDER.issued_by == actor.id,
        Show.JUDGE: _ORDER.state == OrderState.ANSWERED,
        Show.LATE: _ORDER.state.in_(_OWED) & (_ORDER.due_at < now.replace(microsecond=0)),
        Show.RAISE: _ORDER.proposed_level_id.is_not(None),
    }
    return ~is_open if show is Show.ENDED else is_open & conditions[show]


def in_hand(actor: Actor) -> ColumnElement[bool]:
    """Matters this person works on, by any of the rights with which one does."""
    wanted = (Permission.CASE_HANDLE, Permission.CASE_SIGN, Permission.CASE_ACCEPT)
    return or_(*(within(actor, needs) for needs in wanted))


_COURSE: Final = (
    select(
        SupervisionAct.at,
        SupervisionAct.act,
        SupervisionAct.staff_id,
        func.coalesce(Staff.display_name, "").label("who"),
        func.coalesce(CaseText.internal_text, "").label("words"),
    )
    .outerjoin(Staff, Staff.id == SupervisionAct.staff_id)
    .outerjoin(CaseText, CaseText.event_id == SupervisionAct.event_id)
    .where(SupervisionAct.order_id == bindparam("order_id"))
    .order_by(SupervisionAct.id)
)


def course_of(session: Session, order_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """What was done with an order, the first first."""
    return rows(session, _COURSE, order_id=order_id)


def acted_for_unit(session: Session, order_id: int, staff_id: int) -> bool:
    """Whether this person signed or answered the order."""
    wanted = select(SupervisionAct.id).where(
        SupervisionAct.order_id == order_id,
        SupervisionAct.staff_id == staff_id,
        SupervisionAct.act.in_((Act.SIGN, Act.ANSWER)),
    )
    return session.scalar(wanted.limit(1)) is not None


_DEEDS: Final = select(
    CaseEvent.action, CaseEvent.actor_kind, CaseEvent.actor_id, CaseEvent.payload
).where(CaseEvent.case_id == bindparam("case_id"))


def deeds_of(session: Session, case_id: int) -> list[Deed]:
    """The matter's history as far as it says who handled it."""
    return [Deed(*row) for row in rows(session, _DEEDS, case_id=case_id)]
