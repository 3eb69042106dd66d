"""Booked times: which windows a day has, who comes in time, what one telephone may book.

Pure: local times of opening spans come in, and instants; nothing is looked up.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from app.kernel.errors import InvalidError
from app.kernel.messages import mark

_MOST_DAYS: Final = 90
_MOST_MINUTES: Final = 240
_MOST_CAPACITY: Final = 500
_MINUTES_OF_HOUR: Final = 60


class BookingState(StrEnum):
    """Where a booking stands; whether somebody stayed away follows from its day."""

    BOOKED = "booked"
    CHECKED_IN = "checked_in"
    CANCELLED = "cancelled"


class Arrival(StrEnum):
    """How somebody comes to a booked time."""

    EARLY = "early"
    IN_TIME = "in_time"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Terms:
    """How a hall takes bookings; minutes and days.

    From `early` before the window to `late` after it somebody is in time and counts as come
    `advance` before its beginning. After `no_shows` missed within `no_show_days` a telephone
    books at the desk only. `tell_ahead`: so many before somebody who asked for a message.
    """

    is_open: bool = True
    days_ahead: int = 14
    early: int = 15
    late: int = 10
    advance: int = 30
    most_a_day: int = 1
    most_open: int = 3
    no_shows: int = 3
    no_show_days: int = 30
    tell_ahead: int = 3

    def check(self) -> None:
        """Refuse what cannot be.

        Raises:
            InvalidError: beside each number that is out of its bounds.
        """
        bounds = {
            "days_ahead": (0, _MOST_DAYS),
            "early": (0, _MOST_MINUTES),
            "late": (0, _MOST_MINUTES),
            "advance": (0, _MOST_MINUTES),
            "most_a_day": (1, 20),
            "most_open": (1, 50),
            "no_shows": (1, 50),
            "no_show_days": (1, _MOST_DAYS),
            "tell_ahead": (1, 20),
        }
        wrong = {
            name: mark("This number is too small or too large.")
            for name, (least, most) in bounds.items()
            if not least <= getattr(self, name) <= most
        }
        if wrong:
            raise InvalidError(fields=wrong)


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a day that can be booked, on the hall's own clock."""

    begins: time
    ends: time


@dataclass(frozen=True, slots=True)
class Held:
    """What one telephone has: open bookings in all, of one day, missed lately."""

    in_all: int = 0
    that_day: int = 0
    missed: int = 0


def check_plan(minutes: int, capacity: int) -> dict[str, str]:
    """What is wrong with a window's length and how many it takes, by field."""
    wrong: dict[str, str] = {}
    if not 5 <= minutes <= _MOST_MINUTES:  # noqa: PLR2004  # said in the sentence
        wrong["minutes"] = mark("A window lasts from 5 to 240 minutes.")
    if not 0 <= capacity <= _MOST_CAPACITY:
        wrong["capacity"] = mark("A window takes from 0 to 500 people.")
    return wrong


def windows_of(spans: Iterable[tuple[time, time]], minutes: int) -> list[Window]:
    """The windows that lie wholly within opening hours, one after the other in each span."""
    found = []
    for opens, closes in spans:
        at, end = _minute_of(opens), _minute_of(closes)
        while at + minutes <= end:
            found.append(Window(_time_of(at), _time_of(at + minutes)))
            at += minutes
    return found


def may_book_on(day: date, today: date, terms: Terms) -> bool:
    """Whether the day is one of those that can be booked."""
    return terms.is_open and timedelta(0) <= day - today <= timedelta(days=terms.days_ahead)


def check_held(held: Held, terms: Terms) -> None:
    """Refuse a telephone that has booked enough, or stayed away too often.

    Raises:
        InvalidError: beside the telephone.
    """
    sentence = ""
    if held.missed >= terms.no_shows:
        sentence = mark(
            "With this number booked times were missed several times. Please take a number in "
            "the hall, or have a time booked at the desk."
        )
    elif held.that_day >= terms.most_a_day:
        sentence = mark("With this number a time is booked on this day already.")
    elif held.in_all >= terms.most_open:
        sentence = mark("With this number several times are booked already. Cancel one first.")
    if sentence:
        raise InvalidError(fields={"phone": sentence})


def arrival(starts_at: datetime, ends_at: datetime, terms: Terms, *, now: datetime) -> Arrival:
    """Whether somebody who comes now is early, in time or late."""
    if now < starts_at - timedelta(minutes=terms.early):
        return Arrival.EARLY
    is_late = now > ends_at + timedelta(minutes=terms.late)
    return Arrival.LATE if is_late else Arrival.IN_TIME


def counts_from(starts_at: datetime, terms: Terms) -> datetime:
    """Since when somebody who kept the booked time counts as waiting."""
    return starts_at - timedelta(minutes=terms.advance)


def _minute_of(at: time) -> int:
    return at.hour * _MINUTES_OF_HOUR + at.minute


def _time_of(minute: int) -> time:
    # A hall open until midnight has its last window end a minute before it.
    hour, rest = divmod(minute, _MINUTES_OF_HOUR)
    return time(hour, rest) if hour < 24 else time(23, 59)  # noqa: PLR2004  # hours of a day
