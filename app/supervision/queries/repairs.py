"""Counts and lists repairs: in hand, reported, closed, fallen due; times, cost, hot spots.

Every count is made once by type and unit; totals and lines are sums of the same numbers.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    func,
    literal_column,
    select,
    text,
    true,
)
from sqlalchemy.orm import Session

from app.cases.kinds import Status
from app.cases.models import Case
from app.cases.queries.lists import (
    Filter,
    LampState,
    Verdict,
    conditions,
    lamp_clause,
    verdict_clause,
)
from app.cases.repair_models import Repair
from app.catalogue.models import Category
from app.departments.models import Unit
from app.kernel.paging import Order, Page, list_page
from app.repairs.models import MaterialUse
from app.supervision.queries.counting import Period, whole_seconds
from app.supervision.rules import EXACT_UP_TO
from app.supervision.rules.repairs import (
    CAME,
    FELL,
    NOW,
    WENT,
    Figure,
    HotSpot,
    Line,
    Narrow,
    Stretch,
)

PAGE_SIZE: Final = 30
SPOTS: Final = 12
_AT_LEAST: Final = 2
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_LIST: Final = (
    Case.number,
    Case.title,
    Case.status,
    Unit.name.label("unit_name"),
    Unit.name_en.label("unit_name_en"),
)
Key = tuple[int | None, int]


@dataclass(frozen=True, slots=True, eq=False)
class _Source:
    """Rows several figures are counted from: when they count, and in which order they are shown."""

    at: Any
    order: Order
    clauses: tuple[Any, ...] = ()
    is_dated: bool = True

    def where(self, period: Period) -> list[Any]:
        """What makes a row one of the period."""
        if not self.is_dated:
            return list(self.clauses)
        return [*self.clauses, self.at >= period.start, self.at < period.end]


def _dated(at: Any, *clauses: ColumnElement[bool]) -> _Source:  # noqa: ANN401  # a column
    return _Source(at, Order.by(at, Case.id, descending=True), (_IS_REPAIR, *clauses))


# As their indexes say it: bound, SQLite does not see that the index holds enough.
_IS_REPAIR: Final = text("cases.kind = 'repair'")
_OPEN: Final = _Source(
    Case.opened_at,
    Order.by(Case.sort_at, Case.id),
    (_IS_REPAIR, Case.closed_at.is_(None)),
    is_dated=False,
)
_CAME: Final = _dated(Case.opened_at)
_WENT: Final = _dated(Case.closed_at, Case.status == Status.CLOSED)
_FELL: Final = _dated(Case.due_at)
_SOURCES: Final[Mapping[Figure, _Source]] = {
    **dict.fromkeys(NOW, _OPEN),
    **dict.fromkeys(CAME, _CAME),
    **dict.fromkeys(WENT, _WENT),
    **dict.fromkeys(FELL, _FELL),
}
# Each source once, whole: how many rows were read.
_READ: Final = (Figure.IN_HAND, Figure.REPORTED, Figure.CLOSED, Figure.DUE)
# Taken over from elsewhere, a repair has no row of its own: its first answer was no arrival.
_WAS_ON_SITE: Final = and_(Repair.case_id.is_not(None), Case.first_response_at.is_not(None))
_WAS_CHECKED: Final = and_(Repair.repaired_at.is_not(None), Repair.checked_at.is_not(None))
_SETTLED: Final[Mapping[Figure, ColumnElement[bool]]] = {
    Figure.DANGERS: Repair.is_danger.is_(True),
    Figure.FILED: Repair.filed_at.is_not(None),
    Figure.NOT_FILED: Repair.not_filed.is_not(None),
    Figure.DISPATCHED: Repair.dispatched_at.is_not(None),
    Figure.ON_SITE: _WAS_ON_SITE,
    Figure.TERRITORIAL: and_(Repair.dispatched_at.is_not(None), Repair.is_territorial.is_(True)),
    Figure.REPAIRED: Repair.repaired_at.is_not(None),
    Figure.CHECKED: _WAS_CHECKED,
    Figure.FIRST_FIX: and_(_WAS_CHECKED, Repair.rework_count == 0),
    Figure.REWORKED: and_(Repair.repaired_at.is_not(None), Repair.rework_count > 0),
}
_LAMPS: Final = {
    Figure.RED: LampState.BAD,
    Figure.YELLOW: LampState.WARN,
    Figure.PAUSED: LampState.PAUSED,
}
_VERDICTS: Final = {
    Figure.DUE: Verdict.SETTLED,
    Figure.KEPT: Verdict.KEPT,
    Figure.MISSED: Verdict.MISSED,
}
_STRETCHES: Final[Mapping[Stretch, tuple[_Source, Any, Any, ColumnElement[bool]]]] = {
    Stretch.TO_FILE: (_CAME, Case.opened_at, Repair.filed_at, _SETTLED[Figure.FILED]),
    Stretch.TO_DISPATCH: (
        _CAME,
        Case.opened_at,
        Repair.dispatched_at,
        _SETTLED[Figure.DISPATCHED],
    ),
    Stretch.TO_SITE: (_CAME, Case.opened_at, Case.first_response_at, _WAS_ON_SITE),
    Stretch.TO_REPAIR: (_WENT, Case.opened_at, Repair.repaired_at, _SETTLED[Figure.REPAIRED]),
    Stretch.TO_CHECK: (_WENT, Repair.repaired_at, Repair.checked_at, _WAS_CHECKED),
    Stretch.TO_CLOSE: (_WENT, Case.opened_at, Case.closed_at, true()),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """Every line by type and unit, how many rows were read, whether times are rough."""

    lines: Mapping[Key, Line]
    size: int
    is_rough: bool


def count_all(
    session: Session,
    base: Filter,
    narrow: Narrow,
    period: Period,
    *,
    now: datetime,
    exact_up_to: int = EXACT_UP_TO,
) -> Counted:
    """Every figure of every type at every unit that has any; always the same few statements."""
    found: dict[Key, Line] = defaultdict(Line)
    within = _within(base, narrow, now)
    for source in dict.fromkeys(_SOURCES.values()):
        own = [figure for figure in Figure if _SOURCES[figure] is source]
        counts = [func.count().filter(_narrowed(figure, now)) for figure in own]
        for type_id, unit_id, row in _by_key(session, source, period, within, counts):
            found[type_id, unit_id].counts.update(zip(own, row, strict=True))
    read = [sum(line.counts[one] for line in found.values()) for one in _READ]
    size, is_rough = sum(read), max(read) > exact_up_to
    for stretch in Stretch:
        _measure(session, stretch, period, within, found, is_rough=is_rough)
    _cost(session, period, within, found)
    return Counted(dict(found), size, is_rough)


def list_of(
    session: Session,
    figure: Figure,
    base: Filter,
    narrow: Narrow,
    period: Period,
    *,
    cursor: str | None = None,
    now: datetime,
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of exactly the rows the figure counts; in hand the most pressing first.

    The others with the latest first.
    """
    source = _SOURCES[figure]
    wanted = (
        _joined(*_LIST, source.at.label("at"))
        .join(Unit, Unit.id == Case.unit_id)
        .where(*source.where(period), *_within(base, narrow, now), _narrowed(figure, now))
    )
    return list_page(session, wanted, source.order, cursor=cursor, size=PAGE_SIZE)


def hot_spots(
    session: Session, base: Filter, narrow: Narrow, period: Period, *, now: datetime
) -> list[HotSpot]:
    """Where most was reported: squares of the map with several reports, each with a place."""
    count = func.count()
    wanted = (
        select(Case.cell, count, func.max(Case.id))
        .where(*_CAME.where(period), *_within(base, narrow, now), Case.cell.is_not(None))
        .group_by(Case.cell)
        .having(count >= _AT_LEAST)
        .order_by(count.desc(), Case.cell)
        .limit(SPOTS)
    )
    found = session.execute(wanted).all()
    latest = select(Case.id, Case.place).where(Case.id.in_([row[2] for row in found]))
    places = {row.id: row.place for row in session.execute(latest)}
    return [HotSpot(row[0] or 0, row[1], places[row[2]]) for row in found]


def names_of_types(session: Session, ids: set[int]) -> dict[int, tuple[str, str]]:
    """The names of these types, Chinese and English."""
    wanted = select(Category.id, Category.name, Category.name_en).where(Category.id.in_(ids))
    return {row.id: (row.name, row.name_en) for row in session.execute(wanted)}


def names_of_units(session: Session, ids: set[int]) -> dict[int, tuple[str, str]]:
    """The names of these units, Chinese and English."""
    wanted = select(Unit.id, Unit.name, Unit.name_en).where(Unit.id.in_(ids))
    return {row.id: (row.name, row.name_en) for row in session.execute(wanted)}


def _joined(*columns: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401  # of several tables
    return select(*columns).select_from(Case).outerjoin(Repair, Repair.case_id == Case.id)


def _within(base: Filter, narrow: Narrow, now: datetime) -> list[ColumnElement[bool]]:
    # An integer column compared with None says IS NULL.
    asked = (
        (Case.category_id, narrow.type_id),
        (Case.unit_id, narrow.unit_id),
        (Case.cell, narrow.cell),
    )
    named = (column == (key or None) for column, key in asked if key is not None)
    return [*conditions(base, now), *named]


def _narrowed(figure: Figure, now: datetime) -> ColumnElement[bool]:
    """What makes a row of the source one of the figure's."""
    if figure in _LAMPS:
        return lamp_clause(_LAMPS[figure], now)
    if figure in _VERDICTS:
        return verdict_clause(_VERDICTS[figure], now)
    if figure is Figure.UNSAFE:
        return and_(Repair.safety_due_at < now, Repair.safety_done_at.is_(None))
    return _SETTLED.get(figure, true())


def _by_key(
    session: Session,
    source: _Source,
    period: Period,
    within: list[ColumnElement[bool]],
    counts: list[Any],
) -> list[tuple[int | None, int, tuple[int, ...]]]:
    wanted = (
        _joined(Case.category_id, Case.unit_id, *counts)
        .where(*source.where(period), *within)
        .group_by(Case.category_id, Case.unit_id)
    )
    return [(row[0], row[1], tuple(row[2:])) for row in session.execute(wanted)]


def _measure(
    session: Session,
    stretch: Stretch,
    period: Period,
    within: list[ColumnElement[bool]],
    found: Mapping[Key, Line],
    *,
    is_rough: bool,
) -> None:
    source, start, end, is_known = _STRETCHES[stretch]
    seconds: ColumnElement[int] = whole_seconds(start, end)
    if is_rough:  # to the minute within a day, to the hour beyond: 4 % off at most
        size = case((seconds < _DAY, _MINUTE), else_=_HOUR)
        seconds = seconds - seconds % size
    wanted = (
        _joined(Case.category_id, Case.unit_id, seconds.label("seconds"), func.count())
        .where(*source.where(period), *within, is_known)
        .group_by(Case.category_id, Case.unit_id, literal_column("seconds"))
    )
    for type_id, unit_id, length, count in session.execute(wanted):
        times = found[type_id, unit_id].times.setdefault(stretch, {})
        taken = max(length, 0)  # imported history knows ends before their beginnings
        times[taken] = times.get(taken, 0) + count


def _cost(
    session: Session,
    period: Period,
    within: list[ColumnElement[bool]],
    found: Mapping[Key, Line],
) -> None:
    keys = (Case.category_id, Case.unit_id)
    where = (*_WENT.where(period), *within)
    other = _joined(*keys, func.coalesce(func.sum(Repair.cost), 0)).where(*where).group_by(*keys)
    used = (
        _joined(*keys, func.coalesce(func.sum(MaterialUse.cost), 0))
        .join(MaterialUse, MaterialUse.case_id == Case.id)
        .where(*where)
        .group_by(*keys)
    )
    for statement in (other, used):
        for type_id, unit_id, cents in session.execute(statement):
            found[type_id, unit_id].cost += int(cents)
