"""How long somebody will wait, about: from the service times measured today and the open counters.

An estimate, never a promise: pages say 'about'. Minutes and seconds, whole numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

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


def capacity(
    service_id: int, counters: Iterable[OpenCounter], waiting: Mapping[int, int]
) -> Fraction:
    """How many counters work for a service, in parts: one with work for two gives half to each.

    `waiting` says how many wait for each service.
    """
    total = Fraction(0)
    for counter in counters:
        if service_id in counter.service_ids:
            busy = {one for one in counter.service_ids if waiting.get(one)} | {service_id}
            total += Fraction(1, len(busy))
    return total


def about_minutes(ahead: int, mean: int, open_counters: Fraction) -> int | None:
    """Minutes until somebody with `ahead` people before them is called; None: no counter is open.

    Whole minutes up to ten, then rounded up to five: more would be false precision.
    """
    if not open_counters:
        return None
    minutes = ceil(Fraction(ahead * mean, 60) / open_counters)
    return minutes if minutes <= _EXACT_UNTIL else ceil(minutes / _STEP) * _STEP
