"""Draws up the board of repairs: figures by type and by unit, times, cost, hot spots.

Reads only, and counts anew each time; `shelf` keeps what was drawn up.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.queries.lists import Filter
from app.kernel.paging import Page
from app.supervision.queries import Period, repairs
from app.supervision.rules import Window, spread
from app.supervision.rules.repairs import Figure, HotSpot, Line, Narrow, Span, Stretch, Took
from app.supervision.service.board import every_matter


@dataclass(frozen=True, slots=True)
class Named:
    """The line of one type or one unit."""

    key: int | None
    name: str
    name_en: str
    line: Line
    took: Mapping[Stretch, Took]


@dataclass(frozen=True, slots=True)
class Repairs:
    """Everything counted at one time."""

    at: datetime
    total: Line
    took: tuple[Took, ...]
    by_type: tuple[Named, ...]
    by_unit: tuple[Named, ...]
    spots: tuple[HotSpot, ...]
    size: int
    is_rough: bool


def reach_of(session: Session, actor: Actor) -> Filter:
    """The matters the person's widest appointment lets count, repairs or not.

    Raises:
        ForbiddenError: no appointment opens a board.
    """
    return every_matter(session, actor, Window.MONTH)


def draw_up(
    session: Session, base: Filter, narrow: Narrow, span: Span, *, zone: ZoneInfo, now: datetime
) -> Repairs:
    """Count in a reach, narrowed as asked."""
    period = Period(*span.bounds(zone))
    counted = repairs.count_all(session, base, narrow, period, now=now)
    total, types, units = Line(), _lines(), _lines()
    for (type_id, unit_id), line in counted.lines.items():
        for row in (total, types[type_id], units[unit_id]):
            row.add(line)
    rough = counted.is_rough
    return Repairs(
        at=now,
        total=total,
        took=tuple(_took(total, is_rough=rough).values()),
        by_type=_named(types, repairs.names_of_types(session, _keys(types)), is_rough=rough),
        by_unit=_named(units, repairs.names_of_units(session, _keys(units)), is_rough=rough),
        spots=tuple(repairs.hot_spots(session, base, narrow, period, now=now)),
        size=counted.size,
        is_rough=rough,
    )


def list_of(
    session: Session,
    actor: Actor,
    figure: Figure,
    narrow: Narrow,
    span: Span,
    *,
    zone: ZoneInfo,
    cursor: str | None,
    now: datetime,
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of exactly what the figure counts.

    Raises:
        ForbiddenError: no appointment opens a board.
    """
    base, period = reach_of(session, actor), Period(*span.bounds(zone))
    return repairs.list_of(session, figure, base, narrow, period, cursor=cursor, now=now)


def _lines() -> dict[Any, Line]:
    return defaultdict(Line)


def _keys(lines: Mapping[Any, Line]) -> set[int]:
    return {key for key in lines if key is not None}


def _named(
    lines: Mapping[Any, Line], names: Mapping[int, tuple[str, str]], *, is_rough: bool
) -> tuple[Named, ...]:
    """The lines with most reported first; what has no type is named by nobody."""
    ordered = sorted(lines.items(), key=_weight)
    return tuple(
        Named(key, *names.get(key, ("", "")), line, _took(line, is_rough=is_rough))
        for key, line in ordered
    )


def _weight(item: tuple[Hashable, Line]) -> tuple[int, int, str]:
    key, line = item
    return -line.counts[Figure.REPORTED], -line.counts[Figure.IN_HAND], str(key)


def _took(line: Line, *, is_rough: bool) -> dict[Stretch, Took]:
    spreads = {
        stretch: spread(line.times.get(stretch, {}), is_rough=is_rough) for stretch in Stretch
    }
    return {stretch: Took(stretch, found) for stretch, found in spreads.items() if found}
