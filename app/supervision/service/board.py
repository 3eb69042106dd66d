"""Draws up a board: whose figures, over which days, gathered how.

Reads only, and counts anew each time; `shelf` keeps what was drawn up.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Grant, Permission, Scope
from app.cases.queries import is_somebody_accused, lists
from app.cases.queries.lists import Filter, LampState
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.supervision import queries
from app.supervision.queries import Period
from app.supervision.rules import Level, Tally, Window, row_path, since

PRESSING: Final = 8
NO_BOARD: Final = mark("There is no such board. Open it again from the top.")
_WIDEST: Final = (Scope.ALL, Scope.REGION, Scope.SUBTREE, Scope.UNIT, Scope.SELF)


@dataclass(frozen=True, slots=True)
class Named:
    """A unit as a row is headed."""

    id: int
    path: str
    name: str
    name_en: str
    has_units_below: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What makes two boards the same: the reach of the person, the unit, the days, the rows.

    `seat` is which of their appointments the person reads it in; the widest is 0.
    """

    reach: Filter
    reach_path: str
    under: int | None
    window: Window
    level: Level
    seat: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a unit alone or with all beneath it, and its figures."""

    unit: Named
    wanted: Filter
    tally: Tally


@dataclass(frozen=True, slots=True)
class Board:
    """Everything counted at one time."""

    at: datetime
    period: Period
    asked: Asked
    base: Filter
    root: Named | None
    total: Tally
    lines: tuple[Line, ...]
    pressing: Sequence[Row[*tuple[Any, ...]]]
    size: int
    is_rough: bool


def seats(actor: Actor) -> tuple[Grant, ...]:
    """The appointments that open a board, the widest first.

    Raises:
        ForbiddenError: none does.
    """
    actor.require(Permission.BOARD_READ)
    grants = actor.grants_for(Permission.BOARD_READ)
    return tuple(sorted(grants, key=lambda grant: _WIDEST.index(grant.scope)))


def reach_of(grant: Grant, actor: Actor) -> Filter:
    """The matters an appointment lets count: never more than its lists would show.

    Without clearance confidential matters are left out of figures and lists alike.
    """
    cleared = Filter() if grant.may_see_confidential else Filter(is_confidential=False)
    match grant.scope:
        case Scope.ALL:
            return cleared
        case Scope.REGION:
            return replace(cleared, region_code=grant.region_code)
        case Scope.SUBTREE:
            return replace(cleared, under_unit_id=grant.unit_id)
        case Scope.UNIT:
            return replace(cleared, unit_id=grant.unit_id)
        case Scope.SELF:
            return replace(cleared, handler_id=actor.id)


def asked_of(actor: Actor, *, seat: int, under: int | None, window: Window, level: Level) -> Asked:
    """The board this person asks for in one of their seats.

    Raises:
        ForbiddenError: no appointment opens a board.
        NotFoundError: the person has no such seat.
    """
    found = seats(actor)
    if not 0 <= seat < len(found):
        raise NotFoundError(NO_BOARD)
    grant = found[seat]
    is_within_units = grant.scope in (Scope.SUBTREE, Scope.UNIT)
    path = grant.unit_path if is_within_units else ""
    return Asked(reach_of(grant, actor), path, under, window, level, seat)


def spared(session: Session, asked: Asked, actor: Actor) -> Asked:
    """The same board without what is about this person or their units, where there is any.

    Boards are shared between all who ask the same: only the accused get one of their own.
    """
    if not is_somebody_accused(session, actor):
        return asked
    return replace(asked, reach=replace(asked.reach, sparing=actor))


def every_matter(session: Session, actor: Actor, window: Window) -> Filter:
    """Open and ended matters in the reach of the person's widest appointment.

    Raises:
        ForbiddenError: no appointment opens a board.
    """
    asked = asked_of(actor, seat=0, under=None, window=window, level=Level.EACH)
    return replace(spared(session, asked, actor).reach, is_open=None)


def draw_up(session: Session, asked: Asked, *, zone: ZoneInfo, now: datetime) -> Board:
    """Count the board as things stand.

    Raises:
        NotFoundError: the unit asked for is not within the person's reach.
    """
    units = _named(queries.list_units(session))
    root = _root(units, asked)
    base = _base(asked)
    period = Period(since(now, asked.window, zone), now)
    counted = queries.count_all(session, base, period, now=now)
    total = Tally()
    for tally in counted.by_unit.values():
        total.add(tally)
    overdue = replace(base, lamp=LampState.BAD)
    return Board(
        at=now,
        period=period,
        asked=asked,
        base=base,
        root=root,
        total=total,
        lines=_lines(units, root, base, asked.level, counted.by_unit.items()),
        # Whoever has this reach sees all of these, so they need not be asked for in a name.
        pressing=lists.worklist(session, Actor.system(), overdue, now=now, size=PRESSING).items,
        size=counted.size,
        is_rough=counted.is_rough,
    )


def _base(asked: Asked) -> Filter:
    if asked.under is None or asked.reach.unit_id is not None:
        return asked.reach
    return replace(asked.reach, under_unit_id=asked.under)


def _named(rows: Iterable[Row[*tuple[Any, ...]]]) -> dict[int, Named]:
    found = list(rows)
    parents = {row.parent_id for row in found}
    return {
        row.id: Named(row.id, row.path, row.name, row.name_en or row.name, row.id in parents)
        for row in found
    }


def _root(units: dict[int, Named], asked: Asked) -> Named | None:
    by_path = {unit.path: unit for unit in units.values()}
    if asked.under is None:
        if asked.reach_path:
            return by_path.get(asked.reach_path)
        tops = [unit for unit in units.values() if unit.path.count("/") == len("//")]
        return tops[0] if len(tops) == 1 else None
    unit = units.get(asked.under)
    is_other = asked.reach.unit_id not in (None, asked.under)
    if unit is None or is_other or not unit.path.startswith(asked.reach_path):
        raise NotFoundError(mark("There is no such unit."))
    return unit


def _lines(
    units: dict[int, Named],
    root: Named | None,
    base: Filter,
    level: Level,
    tallies: Iterable[tuple[int, Tally]],
) -> tuple[Line, ...]:
    by_path = {unit.path: unit for unit in units.values()}
    top = root.path if root else "/"
    gathered: dict[str, Tally] = {}
    for unit_id, tally in tallies:
        path = row_path(units[unit_id].path, top, level)
        gathered.setdefault(path, Tally()).add(tally)
    return tuple(
        Line(by_path[path], _row_filter(base, by_path[path], root, level), gathered[path])
        for path in sorted(gathered, key=lambda path: _rank(gathered[path], path))
        if not gathered[path].is_blank
    )


def _row_filter(base: Filter, unit: Named, root: Named | None, level: Level) -> Filter:
    is_alone = level is Level.EACH or unit == root or not unit.has_units_below
    if is_alone:
        return replace(base, unit_id=unit.id, under_unit_id=None)
    return replace(base, unit_id=None, under_unit_id=unit.id)


def _rank(tally: Tally, path: str) -> tuple[int, int, str]:
    return -tally.overdue, -tally.in_hand, path
