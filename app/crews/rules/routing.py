"""The order in which a crew drives to its repairs today.

What is begun stays first, then emergencies by their limit; the rest in the order that costs least
driving and least lateness. Pure: an optimiser outside may find a better order of the same cost.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.crews.rules.travel import LonLat, metres_between, minutes_for

USUAL_MINUTES: Final = 40  # on the spot, where nobody has said anything else
LATE_WEIGHT: Final = 5  # a minute late costs as much as five minutes of driving
MOST_OPTIMISED: Final = 30  # the own search tries all neighbours of an order; a day has fewer


class Method(StrEnum):
    """How an order came about."""

    OPTIMISED = "optimised"
    SIMPLE = "simple"
    BY_HAND = "by_hand"


class Way(StrEnum):
    """Where a stop is moved by hand."""

    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Stop:
    """One repair on the way."""

    case_id: int
    at: LonLat | None = None
    due_at: datetime | None = None
    is_emergency: bool = False
    is_begun: bool = False
    minutes: int = USUAL_MINUTES

    @property
    def rank(self) -> int:
        """Begun, emergency, or everything else: one never goes before the other."""
        return 0 if self.is_begun else 1 if self.is_emergency else 2


@dataclass(frozen=True, slots=True)
class Puzzle:
    """What an optimiser is asked: minutes between places, on the spot, and until each limit.

    Row and column 0 are where the crew starts; place `i` is `stops[i - 1]`.
    """

    stops: tuple[Stop, ...]
    travel: tuple[tuple[int, ...], ...]
    service: tuple[int, ...]
    due: tuple[int | None, ...]

    def cost(self, order: Sequence[int]) -> int:
        """Minutes of driving, and of coming late five times."""
        clock = driven = late = at = 0
        for place in order:
            driven += self.travel[at][place]
            clock += self.travel[at][place]
            limit = self.due[place - 1]
            late += max(clock - limit, 0) if limit is not None else 0
            clock += self.service[place - 1]
            at = place
        return driven + LATE_WEIGHT * late


@dataclass(frozen=True, slots=True)
class Split:
    """A day's stops: what comes first anyway, what can be weighed, what has no place on a map."""

    first: tuple[Stop, ...]
    puzzle: Puzzle
    last: tuple[Stop, ...]


def split(stops: Iterable[Stop], start: LonLat | None, *, now: datetime) -> Split:
    """Sort out what there is to optimise."""
    ordered = sorted(stops, key=_by_limit)
    first = tuple(stop for stop in ordered if stop.rank < 2)  # noqa: PLR2004  # all but the usual ones
    usual = [stop for stop in ordered if stop.rank == 2]  # noqa: PLR2004  # neither begun nor an emergency
    placed = [stop for stop in usual if stop.at is not None][:MOST_OPTIMISED]
    last = tuple(stop for stop in usual if stop not in placed)
    begin = next((stop.at for stop in reversed(first) if stop.at), start)
    busy = sum(stop.minutes for stop in first)
    return Split(first, _puzzle(placed, begin, now=now, busy=busy), last)


def _puzzle(stops: Sequence[Stop], start: LonLat | None, *, now: datetime, busy: int) -> Puzzle:
    places = [start, *(stop.at for stop in stops)]
    travel = tuple(tuple(_minutes(one, other) for other in places) for one in places)
    due = tuple(_minutes_left(stop, now, busy) for stop in stops)
    return Puzzle(tuple(stops), travel, tuple(stop.minutes for stop in stops), due)


def _minutes(one: LonLat | None, other: LonLat | None) -> int:
    return minutes_for(metres_between(one, other)) if one and other else 0


def _minutes_left(stop: Stop, now: datetime, busy: int) -> int | None:
    if stop.due_at is None:
        return None
    return int((stop.due_at - now).total_seconds() // 60) - busy


def simple_order(puzzle: Puzzle) -> list[int]:
    """Nearest neighbour, then stretches turned and moved while that helps (2-opt, or-opt)."""
    order = _nearest(puzzle)
    best = puzzle.cost(order)
    while True:
        found = min(
            ((puzzle.cost(other), other) for other in _neighbours(order)), default=(best, order)
        )
        if found[0] >= best:
            return order
        best, order = found


def _nearest(puzzle: Puzzle) -> list[int]:
    left = list(range(1, len(puzzle.stops) + 1))
    order: list[int] = []
    at = 0
    while left:
        row = puzzle.travel[at]
        at = min(left, key=lambda place: (row[place], place))
        left.remove(at)
        order.append(at)
    return order


def _neighbours(order: Sequence[int]) -> Iterable[list[int]]:
    places = list(order)
    for start in range(len(places)):
        for end in range(start + 2, len(places) + 1):
            yield places[:start] + places[start:end][::-1] + places[end:]
    for start in range(len(places)):
        rest = places[:start] + places[start + 1 :]
        for to in range(len(rest) + 1):
            yield [*rest[:to], places[start], *rest[to:]]


def joined(parts: Split, order: Sequence[int]) -> list[int]:
    """The matters of a whole day, with the weighed ones in this order."""
    middle = [parts.puzzle.stops[place - 1] for place in order]
    return [stop.case_id for stop in (*parts.first, *middle, *parts.last)]


def kept_order(stored: Sequence[int], stops: Iterable[Stop]) -> list[Stop]:
    """Today's stops in the stored order; what came later is put in by rank and limit.

    An emergency goes before everything that is not one, whatever was stored.
    """
    places = {case_id: place for place, case_id in enumerate(stored)}
    beyond = len(places)
    ordered = sorted(stops, key=_by_limit)
    return sorted(ordered, key=lambda stop: (stop.rank, places.get(stop.case_id, beyond)))


def moved(order: Sequence[Stop], case_id: int, way: Way) -> list[int]:
    """The order with one stop a place earlier or later, never past one of another rank."""
    places = [stop.case_id for stop in order]
    if case_id not in places:
        return places
    here = places.index(case_id)
    there = here - 1 if way is Way.UP else here + 1
    if 0 <= there < len(places) and order[here].rank == order[there].rank:
        places[here], places[there] = places[there], places[here]
    return places


def _by_limit(stop: Stop) -> tuple[int, bool, float, int]:
    limit = stop.due_at.timestamp() if stop.due_at else 0.0
    return stop.rank, stop.due_at is None, limit, stop.case_id
