"""What each figure of the board means, and the arithmetic behind it.

Pure. The lists that the figures stand for are built in `service`; nothing here
knows a database.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from app.kernel.messages import mark

# A share of fewer than this many says little and is shown grey (rulebook §9).
THIN: Final = 10
# Percentiles are exact up to this many matters, from classes above (architecture §6).
EXACT_UP_TO: Final = 100_000
_MINUTE, _HOUR, _DAY = 60, 3600, 86400
_TWO: Final = 2


class Window(StrEnum):
    """Over how many days the board looks back, today included."""

    WEEK = "7"
    MONTH = "30"
    QUARTER = "90"

    @property
    def days(self) -> int:
        return int(self.value)


class Level(StrEnum):
    """How units are gathered into rows."""

    LEAD = "lead"  # the first level below the one looked at, each with all beneath it
    EACH = "each"  # every unit alone


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure as it is defined: the only place that says so."""

    name: str
    numerator: str
    denominator: str = ""
    exclusions: str = ""
    window: str = ""
    source: str = ""


_ARRIVED: Final = mark("What was withdrawn, declined, referred, merged or terminated.")
_PERIOD: Final = mark("The days chosen above, up to the time of the figures.")
_NOW: Final = mark("The time of the figures.")
_CLOCK: Final = mark("The clock of the citizen’s limit")

MEASURES: Final = (
    Measure(mark("In hand"), mark("Orders that have not ended."), window=_NOW),
    Measure(
        mark("Matters"),
        mark("The same orders, those merged with another counted once with it."),
        exclusions=mark("Orders that follow or followed another to its end."),
        window=_NOW,
        source=mark("The register of merges"),
    ),
    Measure(
        mark("Due soon"),
        mark("In hand, inside the warning window and not overdue."),
        exclusions=mark("Paused matters."),
        window=_NOW,
        source=_CLOCK,
    ),
    Measure(
        mark("Overdue"),
        mark("In hand and past the citizen’s limit."),
        exclusions=mark("Paused matters; limits that may still move, for ten days."),
        window=_NOW,
        source=_CLOCK,
    ),
    Measure(mark("Paused"), mark("In hand, the clock stopped on a legal ground."), source=_CLOCK),
    Measure(
        mark("First response"),
        mark("Time from arrival to the first contact, question or reply."),
        exclusions=mark("Matters without a first response yet."),
        window=mark("First responses of the days chosen above."),
        source=mark("The matter’s history; nights and rest days count."),
    ),
    Measure(
        mark("Handling time"),
        mark("Time from arrival to closing, pauses included."),
        exclusions=_ARRIVED,
        window=mark("Closings of the days chosen above."),
        source=mark("The matter’s history; nights and rest days count."),
    ),
    Measure(
        mark("On time"),
        mark("Answered within the citizen’s limit, extensions included."),
        mark("Due in the days chosen above: answered, or overdue and not answered."),
        exclusions=mark("Paused matters, and what ended without an answer."),
        window=_PERIOD,
        source=_CLOCK,
    ),
)


def since(now: datetime, window: Window, zone: ZoneInfo) -> datetime:
    """The first midnight of the window on the hall's clock."""
    today = now.astimezone(zone).date()
    return datetime.combine(today - timedelta(days=window.days - 1), time(), zone)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole; both are shown."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """From 0 to 1; None where there is nothing to divide by."""
        return self.part / self.whole if self.whole else None

    @property
    def is_thin(self) -> bool:
        """Too few to say much."""
        return self.whole < THIN


@dataclass(frozen=True, slots=True)
class Spread:
    """How long things took, in seconds: half took at most the median, nine in ten at most P90."""

    count: int
    median: int
    p90: int
    is_rough: bool = False


Times = Mapping[int, int]


def spread(times: Times, *, is_rough: bool = False) -> Spread | None:
    """Median (mean of the two middle ones) and P90 (nearest rank) of seconds with their counts."""
    count = sum(times.values())
    if not count:
        return None
    ranks = ((count + 1) // 2, count // 2 + 1, ceil(count * 0.9))
    low, high, p90 = _at_ranks(times, ranks)
    return Spread(count, (low + high) // 2, p90, is_rough)


def _at_ranks(times: Times, ranks: Iterable[int]) -> list[int]:
    wanted, found, passed = list(ranks), [], 0
    for seconds in sorted(times):
        passed += times[seconds]
        while wanted and wanted[0] <= passed:
            found.append(seconds)
            del wanted[0]
    return found


@dataclass(slots=True)
class Tally:
    """The raw figures of one row; rows are added up, spreads only at the end."""

    in_hand: int = 0
    matters: int = 0
    soon: int = 0
    overdue: int = 0
    paused: int = 0
    opened: int = 0
    new_matters: int = 0
    ended: int = 0
    ended_matters: int = 0
    kept: int = 0
    settled: int = 0
    responses: dict[int, int] | None = None
    handlings: dict[int, int] | None = None

    def add(self, other: "Tally") -> None:
        """Take another row's figures in."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.responses = _merged(self.responses, other.responses)
        self.handlings = _merged(self.handlings, other.handlings)

    @property
    def is_blank(self) -> bool:
        """Nothing to show."""
        counted = any(getattr(self, name) for name in _COUNTS)
        return not (counted or self.responses or self.handlings)


_COUNTS: Final = (
    "in_hand",
    "matters",
    "soon",
    "overdue",
    "paused",
    "opened",
    "new_matters",
    "ended",
    "ended_matters",
    "kept",
    "settled",
)


def _merged(one: dict[int, int] | None, other: dict[int, int] | None) -> dict[int, int]:
    merged = dict(one or {})
    for seconds, count in (other or {}).items():
        merged[seconds] = merged.get(seconds, 0) + count
    return merged


def row_path(path: str, root: str, level: Level) -> str:
    """The path of the unit in whose row a unit is counted; `root` is the one looked at."""
    if level is Level.EACH or path == root:
        return path
    return root + path[len(root) :].split("/", 1)[0] + "/"


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence with two numbers in it, still to be translated."""

    msgid: str
    n: int = 0
    m: int = 0


def spoken(seconds: int) -> Words:
    """A length of time in the two units that matter."""
    if seconds < _HOUR:
        return Words(mark("%(n)s min"), round(seconds / _MINUTE))
    if seconds < _TWO * _DAY:
        minutes = round(seconds / _MINUTE)
        return Words(mark("%(n)s h %(m)s min"), minutes // 60, minutes % 60)
    hours = round(seconds / _HOUR)
    return Words(mark("%(n)s d %(m)s h"), hours // 24, hours % 24)


def parts(counts: Iterable[int], width: int = 100) -> list[tuple[int, int]]:
    """Where the pieces of a stacked bar begin and how wide they are; they fill it to the end."""
    given = list(counts)
    whole = sum(given)
    if not whole:
        return [(0, 0) for _ in given]
    edges = [0]
    for count in given:
        edges.append(edges[-1] + count)
    at = [round(edge * width / whole) for edge in edges]
    return [(start, end - start) for start, end in pairwise(at)]
