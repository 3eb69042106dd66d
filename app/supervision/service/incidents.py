"""Draws up what happened by unit: returns, rulings, limits passed, reworks, urges, orders.

Every figure is the number of matters in exactly the list it leads to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.models import Case
from app.cases.queries.incidents import Incident, count_by_unit, count_in_all
from app.cases.queries.lists import Filter, conditions
from app.departments import queries as departments
from app.departments.models import Unit
from app.kernel.messages import mark
from app.supervision.queries import Period
from app.supervision.rules import Level, Measure, Window, since
from app.supervision.service.board import asked_of, spared

_FROM_HISTORY: Final = mark("The matters’ histories; each under the unit that had it then.")
_PERIOD: Final = mark("The days chosen above.")

# What each column means; the only place that says so.
COLUMNS: Final[Mapping[Incident, Measure]] = {
    Incident.RETURN: Measure(
        mark("Returned"),
        mark("Matters the unit asked to send back."),
        window=_PERIOD,
        source=_FROM_HISTORY,
    ),
    Incident.RULING: Measure(
        mark("Ruled"),
        mark("Matters a ruling gave to the unit."),
        window=_PERIOD,
        source=_FROM_HISTORY,
    ),
    Incident.OVERDUE: Measure(
        mark("Limit passed"),
        mark("Matters whose limit for the citizen passed."),
        exclusions=mark("Limits of single steps, such as signing."),
        window=_PERIOD,
        source=_FROM_HISTORY,
    ),
    Incident.REWORK: Measure(
        mark("Reworked"),
        mark("Matters sent to be handled again after the call-back."),
        window=_PERIOD,
        source=_FROM_HISTORY,
    ),
    Incident.URGE: Measure(
        mark("Urged"),
        mark("Matters whose citizen asked for speed, once or more."),
        window=_PERIOD,
        source=_FROM_HISTORY,
    ),
    Incident.SUPERVISED: Measure(
        mark("Supervision orders"),
        mark("Matters on which a supervision order was issued."),
        window=_PERIOD,
        source=_FROM_HISTORY,
    ),
}
WAITING: Final = Measure(
    mark("Urge unanswered"),
    mark("Matters in hand whose citizen waits for an answer to an urge."),
    window=mark("The time of the figures."),
    source=mark("The matter’s history."),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """How many matters, and the filter of their list."""

    count: int
    wanted: Filter


@dataclass(frozen=True, slots=True)
class Line:
    """One unit, or all of them together."""

    unit_id: int | None
    figures: tuple[Figure, ...]
    waiting: Figure


@dataclass(frozen=True, slots=True)
class Incidents:
    """Everything counted at one time."""

    at: datetime
    period: Period
    total: Line
    lines: tuple[Line, ...]
    is_confidential_left_out: bool


def draw_up(
    session: Session, actor: Actor, *, window: Window, zone: ZoneInfo, now: datetime
) -> Incidents:
    """Count what happened in the reach of the person's widest appointment.

    Raises:
        ForbiddenError: no appointment opens a board.
    """
    asked = asked_of(actor, seat=0, under=None, window=window, level=Level.EACH)
    reach = spared(session, asked, actor).reach
    period = Period(since(now, window, zone), now)
    base = replace(
        reach,
        is_open=None,
        unit_id=None,
        under_unit_id=None,
        happened_unit_id=reach.unit_id,
        happened_under_id=reach.under_unit_id,
        happened_from=period.start,
        happened_to=period.end,
    )
    units = _units(reach)
    seen = conditions(base, now)
    by_unit: dict[int, dict[Incident, int]] = {}
    start, end = period.start, period.end
    for action, many, unit_id in count_by_unit(session, seen, start=start, end=end, units=units):
        by_unit.setdefault(unit_id, {})[Incident(action)] = many
    found = count_in_all(session, seen, start=start, end=end, units=units)
    total = {Incident(action): many for action, many in found}
    waiting = _waiting(session, reach, now)
    known = departments.views_of(session, by_unit.keys() | waiting.keys())
    lines = [
        _line(base, reach, unit.id, by_unit.get(unit.id, {}), waiting.get(unit.id, 0))
        for unit in known
    ]
    return Incidents(
        at=now,
        period=period,
        total=_line(base, reach, None, total, sum(waiting.values())),
        lines=tuple(sorted(lines, key=_rank)),
        is_confidential_left_out=reach.is_confidential is False,
    )


def _units(reach: Filter) -> Select[int] | None:
    if reach.unit_id is not None:
        return select(Unit.id).where(Unit.id == reach.unit_id)
    if reach.under_unit_id is not None:
        root = select(Unit.path).where(Unit.id == reach.under_unit_id).scalar_subquery()
        return select(Unit.id).where(Unit.path.startswith(root))
    return None


def _waiting(session: Session, reach: Filter, now: datetime) -> dict[int, int]:
    wanted = conditions(replace(reach, is_open=True, urge_waits=True), now)
    counted = select(Case.unit_id, func.count()).where(*wanted).group_by(Case.unit_id)
    return dict(session.execute(counted).all())


def _line(
    base: Filter, reach: Filter, unit_id: int | None, counts: Mapping[Incident, int], waiting: int
) -> Line:
    own, now = base, replace(reach, is_open=True, urge_waits=True)
    if unit_id is not None:
        own = replace(base, happened_unit_id=unit_id, happened_under_id=None)
        now = replace(now, unit_id=unit_id, under_unit_id=None)
    figures = tuple(Figure(counts.get(what, 0), replace(own, happened=what)) for what in COLUMNS)
    return Line(unit_id, figures, Figure(waiting, now))


def _rank(line: Line) -> tuple[int, int]:
    return -sum(figure.count for figure in line.figures), line.unit_id or 0
