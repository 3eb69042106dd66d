"""Counts the board's figures, unit by unit, in the same conditions the lists use.

Reads only `cases` and `units`; which cases may be counted is the caller's filter.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, ColumnElement, Row, case, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.cases.kinds import RATEABLE
from app.cases.models import Case, CaseEvent
from app.cases.queries.lists import (
    Filter,
    LampState,
    Verdict,
    conditions,
    lamp_clause,
    verdict_clause,
)
from app.departments.models import Unit
from app.kernel.db import rows
from app.supervision.rules import EXACT_UP_TO, Tally

Dates = ColumnElement[Any] | InstrumentedAttribute[Any]
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
HANDLED: Final = tuple(sorted(RATEABLE))
_LAST_EVENT: Final = select(func.max(CaseEvent.id))
# Orders that follow another are the same matter (并案, rulebook §2.6): counted once.
_MATTERS: Final = func.count().filter(Case.master_id.is_(None))
_UNITS: Final = select(Unit.id, Unit.parent_id, Unit.path, Unit.name, Unit.name_en)


class whole_seconds(FunctionElement[int]):  # noqa: N801  # named as SQL functions are
    """Whole seconds from the first instant to the second."""

    type = BigInteger()
    inherit_cache = True


@compiles(whole_seconds)
def _on_postgresql(element: whole_seconds, compiler: SQLCompiler, **kw: object) -> str:
    start, end = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST(floor(extract(epoch from {end})) - floor(extract(epoch from {start})) AS BIGINT)"


@compiles(whole_seconds, "sqlite")
def _on_sqlite(element: whole_seconds, compiler: SQLCompiler, **kw: object) -> str:
    start, end = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"(strftime('%s', {end}) - strftime('%s', {start}))"


@dataclass(frozen=True, slots=True)
class Period:
    """From an instant on, up to but without another."""

    start: datetime
    end: datetime


def opened(base: Filter, period: Period) -> Filter:
    """What came in."""
    return replace(base, is_open=None, opened_from=period.start, opened_to=period.end)


def ended(base: Filter, period: Period) -> Filter:
    """What came to an end, whatever the end."""
    return replace(base, is_open=False, closed_from=period.start, closed_to=period.end)


def handled(base: Filter, period: Period) -> Filter:
    """What was handled to its end and answered."""
    return replace(ended(base, period), states=HANDLED)


def responded(base: Filter, period: Period) -> Filter:
    """Whose citizen heard from us for the first time."""
    return replace(base, is_open=None, responded_from=period.start, responded_to=period.end)


def due(base: Filter, period: Period, verdict: Verdict) -> Filter:
    """What fell due, and how it stood to its limit."""
    return replace(base, is_open=None, verdict=verdict, due_from=period.start, due_to=period.end)


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of every unit, how many rows were read for them, and whether times are rough."""

    by_unit: Mapping[int, Tally]
    size: int
    is_rough: bool


def count_all(
    session: Session,
    base: Filter,
    period: Period,
    *,
    now: datetime,
    exact_up_to: int = EXACT_UP_TO,
) -> Counted:
    """Every figure of every unit that has any; always the same few statements."""
    found: dict[int, Tally] = defaultdict(Tally)
    _count_open(session, base, found, now)
    _count_flow(session, base, period, found, now)
    _count_due(session, base, period, found, now)
    size = sum(t.in_hand + t.opened + t.ended + t.settled for t in found.values())
    is_rough = size > exact_up_to
    responses = _times(
        session, responded(base, period), Case.first_response_at, now, is_rough=is_rough
    )
    handlings = _times(session, handled(base, period), Case.closed_at, now, is_rough=is_rough)
    for unit_id, times in responses.items():
        found[unit_id].responses = times
    for unit_id, times in handlings.items():
        found[unit_id].handlings = times
    return Counted(dict(found), size, is_rough)


def _count_open(session: Session, base: Filter, found: dict[int, Tally], now: datetime) -> None:
    lamps = (LampState.WARN, LampState.BAD, LampState.PAUSED)
    counts = [func.count().filter(lamp_clause(lamp, now)) for lamp in lamps]
    asked = select(Case.unit_id, func.count(), _MATTERS, *counts).where(*conditions(base, now))
    for unit_id, *figures in session.execute(asked.group_by(Case.unit_id)):
        tally = found[unit_id]
        tally.in_hand, tally.matters, tally.soon, tally.overdue, tally.paused = figures


def _count_flow(
    session: Session, base: Filter, period: Period, found: dict[int, Tally], now: datetime
) -> None:
    came = _by_unit(opened(base, period), now).add_columns(_MATTERS)
    for unit_id, *figures in session.execute(came):
        found[unit_id].opened, found[unit_id].new_matters = figures
    went = _by_unit(ended(base, period), now).add_columns(_MATTERS)
    for unit_id, *figures in session.execute(went):
        found[unit_id].ended, found[unit_id].ended_matters = figures


def _count_due(
    session: Session, base: Filter, period: Period, found: dict[int, Tally], now: datetime
) -> None:
    kept = func.count().filter(verdict_clause(Verdict.KEPT, now))
    asked = _by_unit(due(base, period, Verdict.SETTLED), now).add_columns(kept)
    for unit_id, settled, in_time in session.execute(asked):
        found[unit_id].settled, found[unit_id].kept = settled, in_time


def _by_unit(wanted: Filter, now: datetime) -> Any:  # noqa: ANN401  # a Select of whatever is added
    counted = select(Case.unit_id, func.count()).where(*conditions(wanted, now))
    return counted.group_by(Case.unit_id)


def _times(
    session: Session, wanted: Filter, end: Dates, now: datetime, *, is_rough: bool
) -> dict[int, dict[int, int]]:
    seconds: ColumnElement[int] = whole_seconds(Case.opened_at, end)
    if is_rough:  # to the minute within a day, to the hour beyond: 4 % off at most
        size = case((seconds < _DAY, _MINUTE), else_=_HOUR)
        seconds = seconds - seconds % size
    asked = (
        select(Case.unit_id, seconds.label("seconds"), func.count())
        .where(*conditions(wanted, now))
        .group_by(Case.unit_id, "seconds")
    )
    found: dict[int, dict[int, int]] = {}
    for unit_id, length, count in session.execute(asked):
        times = found.setdefault(unit_id, {})
        taken = max(length, 0)  # imported history knows ends before their beginnings
        times[taken] = times.get(taken, 0) + count
    return found


def list_units(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Every unit with its place in the tree, parents before children."""
    return session.execute(_UNITS.order_by(Unit.path)).all()


def last_event_id(session: Session) -> int:
    """A number that grows with every change of any matter."""
    ((last,),) = rows(session, _LAST_EVENT)
    return last or 0
