"""How long somebody will wait, about: from the service times measured today and the open counters.

An estimate, never a promise: pages say 'about'. Minutes and seconds, whole numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import ceil
from typing import Final

from app.queueing.rules.line import Waiting, may_call

NEWEST: Final = 20  # so many service times tell how fast it goes now
ENOUGH: Final = 5  # fewer are filled up with what the house assumes
_EXACT_UNTIL: Final = 10
_STEP: Final = 5


@dataclass(frozen=True, slots=True)
class OpenCounter:
    """A counter somebody works at, and the services it calls for."""

    id: int
    service_ids: frozenset[int]


def mean_seconds(measured: Sequence[int], assumed: int) -> int:
    """How long one visitor takes, by the newest times first measured today."""
    newest = list(measured[:NEWEST])
    missing = max(0, ENOUGH - len(newest))
    return round((sum(newest) + missing * assumed) / (len(newest) + missing))


def seconds_until(
    line: Sequence[Waiting],
    target_id: int,
    counters: Iterable[OpenCounter],
    pace: Mapping[int, int],
) -> int | None:
    """When somebody of the line is called, if each counter goes on at the pace of each service.

    The line is played forward: whichever counter is free first takes the first whom it may
    call. None where no open counter ever calls them.
    """
    left = list(line)
    free = [(0, counter.id, counter.service_ids) for counter in counters]
    heapify(free)
    while free:
        at, counter_id, services = heappop(free)
        taken = next((one for one in left if may_call(one, counter_id, services)), None)
        if taken is None:
            continue
        if taken.id == target_id:
            return at
        left.remove(taken)
        heappush(free, (at + pace.get(taken.service_id, 0), counter_id, services))
    return None


def about_minutes(seconds: int) -> int:
    """Whole minutes up to ten, then rounded up to five: more would be false precision."""
    minutes = ceil(seconds / 60)
    return minutes if minutes <= _EXACT_UNTIL else ceil(minutes / _STEP) * _STEP
