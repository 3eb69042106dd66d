"""Makes a board ready to print: every figure with the address of exactly its list.

Chooses words and numbers; the page translates them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row

from app.accounts.labels import ROLES, SCOPES
from app.accounts.rules import Grant
from app.cases.queries.addresses import address_of
from app.cases.queries.lists import Filter, LampState, Verdict
from app.kernel.messages import mark
from app.supervision import queries
from app.supervision.queries import Period
from app.supervision.rules import (
    MEASURES,
    Level,
    Measure,
    Share,
    Spread,
    Tally,
    Window,
    Words,
    parts,
    spoken,
    spread,
)
from app.supervision.service import Board, Line, Named

WINDOWS: Final = (
    (Window.WEEK, mark("7 days")),
    (Window.MONTH, mark("30 days")),
    (Window.QUARTER, mark("90 days")),
)
LEVELS: Final = (
    (Level.LEAD, mark("By responsible unit")),
    (Level.EACH, mark("Every unit alone")),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and the address of the matters it counts."""

    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Took:
    """How long things took; both figures stand for the same list."""

    median: Words
    p90: Words
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with the lists of its numerator and its denominator."""

    share: Share
    kept_href: str
    href: str


@dataclass(frozen=True, slots=True)
class Lights:
    """What is in hand, by how it stands, and the pieces of its bar (start, width)."""

    in_hand: Figure
    matters: Figure
    soon: Figure
    overdue: Figure
    paused: Figure
    bar: tuple[tuple[str, int, int], ...]
    calm: int


@dataclass(frozen=True, slots=True)
class Past:
    """What the chosen days brought."""

    opened: Figure
    new_matters: Figure
    ended: Figure
    ended_matters: Figure
    response: Took | None
    handling: Took | None
    on_time: Rate


@dataclass(frozen=True, slots=True)
class RowView:
    """One unit, alone or with all beneath it."""

    name: str
    name_en: str
    below_href: str
    is_itself: bool
    now: Lights
    past: Past


@dataclass(frozen=True, slots=True)
class Pressing:
    """One of the matters overdue longest."""

    number: str
    title: str
    unit: str
    unit_en: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to look at the board."""

    label: str
    href: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class BoardView:
    """What the page prints."""

    at: datetime
    since: datetime
    days: int
    place: str
    place_en: str
    up_href: str
    is_confidential_left_out: bool
    is_rough: bool
    is_empty: bool
    windows: tuple[Choice, ...]
    levels: tuple[Choice, ...]
    now: Lights
    past: Past
    rows: tuple[RowView, ...]
    pressing: tuple[Pressing, ...]
    pressing_href: str
    measures: tuple[Measure, ...] = MEASURES


@dataclass(frozen=True, slots=True)
class SeatChoice:
    """One of several appointments that open a board."""

    role: str
    scope: str
    href: str
    is_here: bool


def seat_choices(grants: Sequence[Grant], here: int) -> tuple[SeatChoice, ...]:
    """The seats to choose from; none where there is only one."""
    if len(grants) == 1:
        return ()
    return tuple(
        SeatChoice(ROLES[grant.role], SCOPES[grant.scope], f"/board?seat={n}", n == here)
        for n, grant in enumerate(grants)
    )


def view_of(board: Board) -> BoardView:
    """The board, ready to print."""
    asked, root = board.asked, board.root
    return BoardView(
        at=board.at,
        since=board.period.start,
        days=asked.window.days,
        place=root.name if root else "",
        place_en=root.name_en if root else "",
        up_href=_address(board, under=None) if asked.under is not None else "",
        is_confidential_left_out=board.base.is_confidential is False,
        is_rough=board.is_rough,
        is_empty=board.total.is_blank,
        windows=tuple(
            Choice(label, _address(board, window=window), window is asked.window)
            for window, label in WINDOWS
        ),
        levels=tuple(
            Choice(label, _address(board, level=level), level is asked.level)
            for level, label in LEVELS
        ),
        now=_lights(board.base, board.total),
        past=_past(board.base, board.total, board.period, is_rough=board.is_rough),
        rows=tuple(_row(board, line) for line in board.lines),
        pressing=tuple(_pressing(board.pressing)),
        pressing_href=address_of(replace(board.base, lamp=LampState.BAD)),
    )


_KEEP: Final[Any] = object()


def _address(
    board: Board,
    *,
    window: Window | None = None,
    level: Level | None = None,
    under: Any = _KEEP,  # noqa: ANN401  # an id, None for the whole reach, or left as it is
) -> str:
    asked = board.asked
    unit_id = asked.under if under is _KEEP else under
    wanted = {
        "days": (window or asked.window).value,
        "rows": (level or asked.level).value,
        "under": "" if unit_id is None else str(unit_id),
        "seat": str(asked.seat or ""),
    }
    return "/board?" + "&".join(f"{name}={value}" for name, value in wanted.items() if value)


def _row(board: Board, line: Line) -> RowView:
    unit = line.unit
    is_itself = unit == board.root and unit.has_units_below
    return RowView(
        name=unit.name,
        name_en=unit.name_en,
        below_href=_below(board, unit, is_itself=is_itself),
        is_itself=is_itself and board.asked.level is Level.LEAD,
        now=_lights(line.wanted, line.tally),
        past=_past(line.wanted, line.tally, board.period, is_rough=board.is_rough),
    )


def _below(board: Board, unit: Named, *, is_itself: bool) -> str:
    if is_itself or not unit.has_units_below or board.asked.level is Level.EACH:
        return ""
    return _address(board, under=unit.id)


def _lights(wanted: Filter, tally: Tally) -> Lights:
    calm = tally.in_hand - tally.soon - tally.overdue - tally.paused
    pieces = zip(
        ("s-bad", "s-warn", "s-ok", "s-rest"),
        parts((tally.overdue, tally.soon, calm, tally.paused)),
        strict=True,
    )
    return Lights(
        in_hand=Figure(tally.in_hand, address_of(wanted)),
        matters=Figure(tally.matters, address_of(replace(wanted, is_led=False))),
        soon=Figure(tally.soon, address_of(replace(wanted, lamp=LampState.WARN))),
        overdue=Figure(tally.overdue, address_of(replace(wanted, lamp=LampState.BAD))),
        paused=Figure(tally.paused, address_of(replace(wanted, lamp=LampState.PAUSED))),
        bar=tuple((name, start, width) for name, (start, width) in pieces if width),
        calm=calm,
    )


def _past(wanted: Filter, tally: Tally, period: Period, *, is_rough: bool) -> Past:
    responses = spread(tally.responses or {}, is_rough=is_rough)
    handlings = spread(tally.handlings or {}, is_rough=is_rough)
    matters = replace(wanted, is_led=False)
    return Past(
        opened=Figure(tally.opened, address_of(queries.opened(wanted, period))),
        new_matters=Figure(tally.new_matters, address_of(queries.opened(matters, period))),
        ended=Figure(tally.ended, address_of(queries.ended(wanted, period))),
        ended_matters=Figure(tally.ended_matters, address_of(queries.ended(matters, period))),
        response=_took(responses, queries.responded(wanted, period)),
        handling=_took(handlings, queries.handled(wanted, period)),
        on_time=Rate(
            Share(tally.kept, tally.settled),
            address_of(queries.due(wanted, period, Verdict.KEPT)),
            address_of(queries.due(wanted, period, Verdict.SETTLED)),
        ),
    )


def _took(times: Spread | None, wanted: Filter) -> Took | None:
    if times is None:
        return None
    return Took(spoken(times.median), spoken(times.p90), times.count, address_of(wanted))


def _pressing(rows: Sequence[Row[*tuple[Any, ...]]]) -> Iterable[Pressing]:
    for row in rows:
        yield Pressing(
            row.number, row.title, row.unit_name, row.unit_name_en or row.unit_name, row.due_at
        )
