"""What was accepted and finished at a counter: deeds on matters, by where their doer then sat.

Pure. A deed belongs to the counter the person had signed on to last; without one to none.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

Seat = tuple[int, int]  # counter, member of staff


@dataclass(frozen=True, slots=True)
class SatDown:
    """Somebody signed on to a counter; None: signed off."""

    staff_id: int
    counter_id: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """A matter somebody accepted, finished, or both at once."""

    staff_id: int
    case_id: int
    at: datetime
    accepted: bool
    finished: bool


@dataclass(slots=True)
class Work:
    """Matters, each counted once."""

    accepted: int = 0
    finished: int = 0


def work_by_seat(seats: Iterable[SatDown], done: Iterable[Done]) -> dict[Seat, Work]:
    """What was accepted and finished by whom at which counter."""
    sat: dict[int, list[SatDown]] = defaultdict(list)
    for one in sorted(seats, key=lambda one: one.at):
        sat[one.staff_id].append(one)
    accepted: dict[Seat, set[int]] = defaultdict(set)
    finished: dict[Seat, set[int]] = defaultdict(set)
    for deed in done:
        places = sat[deed.staff_id]
        before = bisect_right(places, deed.at, key=lambda one: one.at)
        counter = places[before - 1].counter_id if before else None
        if counter is None:
            continue
        seat = (counter, deed.staff_id)
        if deed.accepted:
            accepted[seat].add(deed.case_id)
        if deed.finished:
            finished[seat].add(deed.case_id)
    return {
        seat: Work(len(accepted[seat]), len(finished[seat]))
        for seat in accepted.keys() | finished.keys()
    }
