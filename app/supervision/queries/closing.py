"""Counts and lists what became of matters at their end: outcomes, answers, silence, checks.

One statement a figure; its count and its list are the same rows.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, func, not_, select
from sqlalchemy.orm import Session

from app.cases.kinds import RATEABLE, SILENT, Action, CallbackResult, Outcome
from app.cases.models import Case, CaseEvent
from app.cases.queries.lists import Filter, conditions
from app.cases.rules.closing import CLEAR
from app.departments.models import Unit
from app.followups.models import Callback, SampleCheck
from app.kernel.paging import Order, Page, list_page
from app.supervision.queries.counting import Period
from app.supervision.rules.closing import ENDINGS, OUTCOMES, Figure

PAGE_SIZE: Final = 30
_LIST: Final = (
    Case.number,
    Case.title,
    Case.outcome,
    Case.category_name,
    Unit.name.label("unit_name"),
    Unit.name_en.label("unit_name_en"),
)
_RESULTS: Final[Mapping[Figure, frozenset[CallbackResult]]] = {
    Figure.ENDED: frozenset(CallbackResult),
    Figure.CLEAR: CLEAR,
    Figure.SAID_SOLVED: frozenset({CallbackResult.SOLVED}),
    Figure.SAID_PARTLY: frozenset({CallbackResult.PARTLY}),
    Figure.SAID_UNSOLVED: frozenset({CallbackResult.NOT_SOLVED}),
    Figure.SILENT: SILENT,
    Figure.NOT_REACHED: frozenset({CallbackResult.UNREACHABLE}),
    Figure.UNCLEAR: frozenset({CallbackResult.NO_CLEAR_ANSWER}),
    Figure.DECLINED: frozenset({CallbackResult.DECLINED}),
    Figure.NOT_WANTED: frozenset({CallbackResult.NOT_WANTED}),
}


def count(session: Session, figure: Figure, base: Filter, period: Period, *, now: datetime) -> int:
    """How many rows the list of the figure has."""
    at, clauses = _source(figure, period)
    wanted = _joined(select(func.count()).select_from(Case), figure)
    return session.scalar(wanted.where(*clauses, *_within(base, now), at.is_not(None))) or 0


def list_of(
    session: Session,
    figure: Figure,
    base: Filter,
    period: Period,
    *,
    cursor: str | None = None,
    now: datetime,
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of exactly the rows the figure counts, the latest first."""
    at, clauses = _source(figure, period)
    columns = select(*_LIST, at.label("at")).select_from(Case)
    wanted = _joined(columns, figure).join(Unit, Unit.id == Case.unit_id)
    order = Order.by(at, _key(figure), descending=True)
    return list_page(
        session,
        wanted.where(*clauses, *_within(base, now)),
        order,
        cursor=cursor,
        size=PAGE_SIZE,
    )


def failed_points(
    session: Session, base: Filter, period: Period, *, now: datetime
) -> tuple[Counter[str], int]:
    """How often each point of the checklist sent a reply back, and how many replies named none."""
    _, clauses = _source(Figure.SENT_BACK, period)
    wanted = _joined(select(CaseEvent.payload).select_from(Case), Figure.SENT_BACK)
    found = session.scalars(wanted.where(*clauses, *_within(base, now)))
    named = [payload.get("failed", ()) for payload in found]
    return Counter(code for codes in named for code in codes), named.count(())


def _within(base: Filter, now: datetime) -> list[ColumnElement[bool]]:
    return conditions(base, now)


def _source(figure: Figure, period: Period) -> tuple[Any, list[ColumnElement[bool]]]:
    at = _at(figure)
    clauses = [at >= period.start, at < period.end]
    answered = and_(Case.status.in_(sorted(RATEABLE)), Case.outcome.is_not(None))
    if figure in OUTCOMES:
        return at, [*clauses, answered, Case.outcome == Outcome(figure.value)]
    if figure is Figure.OTHERWISE:
        return at, [*clauses, not_(answered)]
    if figure in _RESULTS:
        return at, [*clauses, Callback.result.in_(sorted(_RESULTS[figure]))]
    if figure is Figure.WRONG:
        return at, [*clauses, SampleCheck.was_right.is_(False)]
    if figure is Figure.SENT_BACK:
        return at, [*clauses, CaseEvent.action == Action.RETURN_REPLY]
    return at, clauses


def _at(figure: Figure) -> Any:  # noqa: ANN401  # a column of one of four tables
    if figure in ENDINGS:
        return Case.closed_at
    if figure in _RESULTS:
        return Callback.ended_at
    return CaseEvent.at if figure is Figure.SENT_BACK else SampleCheck.checked_at


def _key(figure: Figure) -> Any:  # noqa: ANN401  # as above
    if figure in ENDINGS:
        return Case.id
    if figure in _RESULTS:
        return Callback.id
    return CaseEvent.id if figure is Figure.SENT_BACK else SampleCheck.id


def _joined(wanted: Select[*tuple[Any, ...]], figure: Figure) -> Select[*tuple[Any, ...]]:
    if figure in ENDINGS:
        return wanted
    if figure in _RESULTS:
        return wanted.join(Callback, Callback.case_id == Case.id)
    if figure is Figure.SENT_BACK:
        return wanted.join(CaseEvent, CaseEvent.case_id == Case.id)
    return wanted.join(SampleCheck, SampleCheck.case_id == Case.id)
