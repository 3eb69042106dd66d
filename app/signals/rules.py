"""When many people at one place are a signal, and how loud it is (rulebook §2.6).

Pure. The numbers are data; those here are samples that hold until a hall writes its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.cases.rules.alike import distance
from app.kernel.text import fold

STREET_DIGITS: Final = 9


class Level(StrEnum):
    """How loud a signal is."""

    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class Threshold:
    """So many people within so many hours and metres, about one category."""

    level: Level
    persons: int
    hours: int
    metres: int
    is_sample: bool = False


# [S] rulebook §2.6: at least 5, and at least 10, in 24 hours within 500 metres.
SAMPLES: Final = (
    Threshold(Level.RED, 10, 24, 500, is_sample=True),
    Threshold(Level.YELLOW, 5, 24, 500, is_sample=True),
)
# [S] rulebook §2.6: one of these is enough for red.
SAMPLE_WORDS: Final = ("讨薪", "坍塌", "中毒", "轻生", "聚集", "断水")
# A yellow signal nobody adds to goes out by itself; a red one never does.
QUIET_AFTER: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Mark:
    """One order as it is counted: of whom, about what, where, when."""

    case_id: int
    person: str
    category_id: int
    region_code: str
    point: tuple[float, float] | None
    at: datetime


def together(mark: Mark, others: Iterable[Mark], threshold: Threshold) -> list[Mark]:
    """The orders of the same category at the same place inside the window, the mark's own too.

    The same place is within the metres where both have a point, the same street otherwise.
    """
    since = mark.at - timedelta(hours=threshold.hours)
    return [
        one
        for one in others
        if since <= one.at <= mark.at
        and one.category_id == mark.category_id
        and _is_there(mark, one, threshold.metres)
    ]


def persons_in(marks: Iterable[Mark]) -> int:
    """How many different people these are; each order without a name counts as somebody."""
    return len({one.person for one in marks})


def loudest(
    mark: Mark, others: Sequence[Mark], thresholds: Sequence[Threshold]
) -> tuple[Level, list[Mark]] | None:
    """The loudest level reached by the orders around this one, and those orders."""
    by_level = {threshold.level: threshold for threshold in thresholds}
    for level in (Level.RED, Level.YELLOW):
        if (threshold := by_level.get(level)) is None:
            continue
        found = together(mark, others, threshold)
        if persons_in(found) >= threshold.persons:
            return level, found
    return None


def word_in(text: str, words: Iterable[str]) -> str:
    """The first of these words that stands in the text; "" if none does."""
    folded = fold(text)
    return next((word for word in words if fold(word) in folded), "")


def widest(thresholds: Sequence[Threshold]) -> timedelta:
    """How far back anything has to be looked at."""
    return timedelta(hours=max((one.hours for one in thresholds), default=0))


def is_near(
    one: tuple[float, float] | None, other: tuple[float, float] | None, metres: int
) -> bool:
    """Whether two points are at most so far apart; without both nobody can say so."""
    return one is not None and other is not None and distance(one, other) <= metres


def _is_there(one: Mark, other: Mark, metres: int) -> bool:
    if one.point is not None and other.point is not None:
        return is_near(one.point, other.point, metres)
    return one.region_code[:STREET_DIGITS] == other.region_code[:STREET_DIGITS]


def louder(one: Level, other: Level) -> Level:
    """The louder of the two."""
    order: Mapping[Level, int] = {Level.YELLOW: 0, Level.RED: 1}
    return max(one, other, key=order.__getitem__)
