"""When inspections come round, in which order a round is walked, and when something fails again.

Pure arithmetic; working days are told by whoever asks (`calendars`).
"""

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from app.kernel.geo import distance_m
from app.kernel.messages import mark

MOST_ASSETS: Final = 300  # in one round: more is no walk of a few days
MOST_EVERY: Final = 120
MOST_DAYS: Final = 60
_DAYS: Final = 7
_MONTHS: Final = 12
TOO_MANY: Final = mark("These are more than 300 facilities. Choose a smaller area or fewer types.")


class Rhythm(StrEnum):
    """What the distance between two rounds is counted in."""

    WEEK = "week"
    MONTH = "month"


class Result(StrEnum):
    """What an inspector says of a facility."""

    FINE = "fine"
    FINDING = "finding"
    OUT_OF_REACH = "out_of_reach"


class RoundState(StrEnum):
    """How far a round has come."""

    COMING = "coming"
    OPEN = "open"
    MISSED = "missed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Stop:
    """A facility of a round and where it stands, if that is known."""

    asset_id: int
    code: str
    point: tuple[float, float] | None


def nominal_day(starts_on: date, rhythm: Rhythm, every: int, number: int) -> date:
    """The day of round `number` (from 0 on) before rest days count.

    Months keep the day of the month; where it does not exist, the month's last day.
    """
    if rhythm is Rhythm.WEEK:
        return starts_on + timedelta(days=_DAYS * every * number)
    months = starts_on.year * _MONTHS + starts_on.month - 1 + every * number
    year, month = divmod(months, _MONTHS)
    return date(year, month + 1, min(starts_on.day, monthrange(year, month + 1)[1]))


def next_nominal(starts_on: date, rhythm: Rhythm, every: int, *, after: date | None) -> date:
    """The first day of the rhythm after a day; without one the very first."""
    if after is None or after < starts_on:
        return starts_on
    number = 1
    while (day := nominal_day(starts_on, rhythm, every, number)) <= after:
        number += 1
    return day


def state_of(begins_on: date, due_on: date, *, is_finished: bool, today: date) -> RoundState:
    """How far a round has come on a day; the due day itself is still in time (民法典 1259)."""
    if is_finished:
        return RoundState.DONE
    if today > due_on:
        return RoundState.MISSED
    return RoundState.OPEN if today >= begins_on else RoundState.COMING


def in_order(stops: Sequence[Stop]) -> list[Stop]:
    """The order they are walked in: from the north-western one always on to the nearest.

    Those without a position come last, along their codes.
    """
    left = [stop for stop in stops if stop.point is not None]
    nowhere = sorted((stop for stop in stops if stop.point is None), key=lambda stop: stop.code)
    walked: list[Stop] = []
    far: Callable[[Stop], tuple[float, str]] = _from_the_north_west
    while left:
        here = min(left, key=far)
        left.remove(here)
        walked.append(here)
        far = _far_from(here)
    return [*walked, *nowhere]


def _from_the_north_west(stop: Stop) -> tuple[float, str]:
    lon, lat = stop.point or (0.0, 0.0)
    return lon - lat, stop.code


def _far_from(here: Stop) -> Callable[[Stop], tuple[float, str]]:
    origin = here.point or (0.0, 0.0)
    return lambda stop: (distance_m(origin, stop.point or origin), stop.code)
