"""When a message may go out: the hall's quiet hours, and the times a person asked for.

Pure: instants in, instants out; the hall's zone is given.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_DAY: Final = timedelta(days=1)
_SPAN: Final = re.compile(
    r"(\d{1,2})\s*[:：]\s*(\d{2})\s*(?:-|–|—|~|～|至|到)\s*(\d{1,2})\s*[:：]\s*(\d{2})"
)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the local clock, from the first moment up to but without the last.

    It may run over midnight; one that ends where it begins is empty.
    """

    begins: time
    ends: time

    def holds(self, at: time) -> bool:
        """Whether this moment of the clock lies in it."""
        if self.begins <= self.ends:
            return self.begins <= at < self.ends
        return at >= self.begins or at < self.ends


def stretches_in(words: str) -> list[Stretch]:
    """The times a person asked for, where they were written so: "9:00-11:30", "18:00 至 20:00".

    Anything else people write there is for people to read, and holds nothing back.
    """
    found = []
    for numbers in _SPAN.findall(words):
        hours, minutes = numbers[::2], numbers[1::2]
        if all(int(hour) < 24 for hour in hours) and all(int(one) < 60 for one in minutes):  # noqa: PLR2004  # a day and an hour
            begins, ends = (time(int(h), int(m)) for h, m in zip(hours, minutes, strict=True))
            found.append(Stretch(begins, ends))
    return [one for one in found if one.begins != one.ends]


def after_quiet(at: datetime, quiet: Stretch, zone: ZoneInfo) -> datetime:
    """This instant, or the end of the quiet time it lies in, on the hall's clock."""
    local = at.astimezone(zone)
    if not quiet.holds(local.time()):
        return at
    return _next(at, quiet.ends, zone)


def within(at: datetime, wished: list[Stretch], zone: ZoneInfo) -> datetime:
    """This instant, or the beginning of the next time the person asked for."""
    local = at.astimezone(zone)
    if any(one.holds(local.time()) for one in wished):
        return at
    return min(_next(at, one.begins, zone) for one in wished)


def start_of_day(at: datetime, zone: ZoneInfo) -> datetime:
    """The midnight this local day began with."""
    return _on(at.astimezone(zone).date(), time(), zone)


def next_day(at: datetime, zone: ZoneInfo) -> datetime:
    """The midnight this local day ends with."""
    return _on(at.astimezone(zone).date() + _DAY, time(), zone)


def _next(at: datetime, clock: time, zone: ZoneInfo) -> datetime:
    """When the hall's clock shows this next, after `at`; or has just sprung over it."""
    first = at.astimezone(zone).date()
    found = [
        datetime.combine(first + _DAY * n, clock, zone).replace(fold=fold).astimezone(UTC)
        for n in range(3)
        for fold in (0, 1)  # where the clock is set back it shows an hour twice
    ]
    return min(one for one in found if one > at and one.astimezone(zone).time() >= clock)


def _on(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
