"""Makes supervision orders ready to print: rows of lists, one order with its course and buttons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.models import Case
from app.departments import queries as departments
from app.kernel.messages import mark
from app.sla.rules import Lamp, lamp
from app.supervision import queries
from app.supervision.labels import ACTS, ORDER_STATES
from app.supervision.queries import orders
from app.supervision.queries.orders import Found
from app.supervision.rules.orders import ENDS, Act, OrderState, open_moves
from app.supervision.service import orders as service

_DANGER: Final = frozenset({Act.WITHDRAW, Act.RAISE})
_LAMP_WORDS: Final[Mapping[Lamp, str]] = {
    Lamp.OK: mark("in time"),
    Lamp.WARN: mark("due soon"),
    Lamp.BAD: mark("overdue"),
    Lamp.PAUSED: mark("waits to be judged"),
    Lamp.DONE: mark("ended"),
}


@dataclass(frozen=True, slots=True)
class LineView:
    """One order in a list."""

    id: int
    number: str
    case_number: str
    title: str
    unit: str
    level: str
    next_level: str
    state: str
    lamp: str
    lamp_words: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class ButtonView:
    """One act open to this person."""

    act: str
    label: str
    needs_words: bool
    is_danger: bool


@dataclass(frozen=True, slots=True)
class CourseView:
    """One thing that was done."""

    at: datetime
    what: str
    who: str
    words: str


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One order as the page prints it."""

    line: LineView
    version: int
    reason: str
    demand: str
    issued_at: datetime
    issued_by: str
    is_sample: bool
    course: list[CourseView]
    buttons: list[ButtonView]
    act: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


def line_view(row: Row[*tuple[Any, ...]], now: datetime, *, english: bool) -> LineView:
    """A row of a list made ready."""
    state = _lamp(row.state, row.due_at, now)
    return LineView(
        id=row.id,
        number=row.number,
        case_number=row.case_number,
        title=row.title,
        unit=row.unit_en if english and row.unit_en else row.unit,
        level=row.level_en if english else row.level,
        next_level=(row.next_level_en if english else row.next_level) or "",
        state=ORDER_STATES[row.state],
        lamp=str(state),
        lamp_words=_LAMP_WORDS[state],
        due_at=row.due_at,
    )


def _lamp(state: OrderState, due_at: datetime | None, now: datetime) -> Lamp:
    if state in ENDS:
        return Lamp.DONE
    if state is OrderState.ANSWERED:
        return Lamp.PAUSED
    return lamp(due_at=due_at, warn_at=None, met_at=None, paused=False, provisional=False, now=now)


def lines_of_case(
    session: Session, case: Case, *, now: datetime, english: bool
) -> tuple[LineView, ...]:
    """The orders on a matter the caller has shown already."""
    found = orders.of_case(session, case.id)
    return tuple(line_view(row, now, english=english) for row in found)


def order_page(
    session: Session,
    found: Found,
    actor: Actor,
    *,
    now: datetime,
    english: bool,
    act: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> OrderPage:
    """One order with everything this person may do with it."""
    order = found.order
    rows = {row.id: row for row in orders.of_case(session, found.case.id)}
    moves = open_moves(order.state, is_proposed=order.proposed_level_id is not None)
    course = orders.course_of(session, order.id)
    return OrderPage(
        line=line_view(rows[order.id], now, english=english),
        version=order.version,
        reason=order.reason,
        demand=order.demand,
        issued_at=order.issued_at,
        issued_by=course[0].who,
        is_sample=queries.get_level(session, order.level_id).is_sample,
        course=[CourseView(row.at, ACTS[row.act], row.who, row.words) for row in course],
        buttons=[
            ButtonView(str(move.act), ACTS[move.act], move.needs_words, move.act in _DANGER)
            for move in moves
            if service.may(session, found, move, actor)
        ],
        act=act,
        values=values or {},
        errors=errors or {},
    )


def unit_name(session: Session, case: Case, *, english: bool) -> str:
    """The unit in charge as a form shows it."""
    unit = departments.view_of(session, case.unit_id)
    return unit.name_en if english and unit.name_en else unit.name
