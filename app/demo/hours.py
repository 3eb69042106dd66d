"""When people in the demo city do things: by the working calendar, the clock and the season.

Chooses with the dice it is given; knows nothing of matters.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from app.calendars.rules import StatutoryCalendar

MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
_OFFICE: Final = ((time(8, 30), time(12)), (time(13, 30), time(17, 30)))
_AWAKE: Final = (time(7, 30), time(21, 30))
_QUIET: Final = range(7)  # hours of the night in which the hotline lets much wait
_LEFT_LYING: Final = 0.7
# How many letters come in each hour of the day, and on each day of the week.
_BY_HOUR: Final = (
    2, 1, 1, 1, 1, 2, 5, 14, 34, 42, 40, 30, 18, 20, 32, 36, 33, 26, 18, 19, 20, 16, 9, 4,
)  # fmt: skip
_BY_WEEKDAY: Final = (1.2, 1.1, 1.05, 1.0, 1.0, 0.72, 0.6)
_WORK_WEEK: Final = range(5)
_ON_HOLIDAYS: Final = 0.5
_GROWTH: Final = 0.25  # over the year


@dataclass(frozen=True, slots=True)
class Hours:
    """The hours of one city."""

    calendar: StatutoryCalendar

    def local(self, at: datetime) -> datetime:
        """The wall clock at that instant."""
        return at.astimezone(self.calendar.zone)

    def office(self, at: datetime, dice: Random) -> datetime:
        """`at`, or some minutes into the next time somebody sits at a desk."""
        here = self.local(at)
        day, clock = here.date(), here.time()
        if self.calendar.is_workday(day):
            for opens, closes in _OFFICE:
                if clock < opens:
                    return self._at(day, opens) + _some(50, dice)
                if clock < closes:
                    return at
        return self._at(self.calendar.add(day + DAY, 0), _OFFICE[0][0]) + _some(50, dice)

    def awake(self, at: datetime, dice: Random) -> datetime:
        """`at`, or some time the next morning if citizens are asleep."""
        here = self.local(at)
        if here.time() < _AWAKE[0]:
            return self._at(here.date(), _AWAKE[0]) + _some(90, dice)
        if here.time() > _AWAKE[1]:
            return self._at(here.date() + DAY, _AWAKE[0]) + _some(90, dice)
        return at

    def hotline(self, at: datetime, dice: Random) -> datetime:
        """`at`; in the small hours often the morning, though somebody is always there."""
        here = self.local(at)
        if here.hour in _QUIET and dice.random() < _LEFT_LYING:
            return self._at(here.date(), time(7)) + _some(60, dice)
        return at

    def arrival(self, day: date, dice: Random) -> datetime:
        """A time on this day at which people write."""
        hour = dice.choices(range(24), _BY_HOUR)[0]
        return self._at(day, time(hour, dice.randrange(60), dice.randrange(60)))

    def weight(self, day: date, share_of_year: float) -> float:
        """How many letters come on this day, compared with others; grows over the year."""
        is_holiday = day.weekday() in _WORK_WEEK and not self.calendar.is_workday(day)
        rest = _ON_HOLIDAYS if is_holiday else 1.0
        return _BY_WEEKDAY[day.weekday()] * rest * (1 + _GROWTH * share_of_year)

    def workday_before(self, now: datetime, days: int, dice: Random) -> datetime:
        """An office time that many working days ago; 0 is the latest one that is over."""
        today = self.local(now).date()
        day = self.calendar.add(today + DAY, -(days + 1))
        found = self._in_office(day, dice)
        if found < now - 5 * MINUTE:
            return found
        return self._in_office(self.calendar.add(day, -1), dice)

    def _in_office(self, day: date, dice: Random) -> datetime:
        opens, closes = dice.choice(_OFFICE)
        length = self._at(day, closes) - self._at(day, opens)
        return self._at(day, opens) + length * dice.random()

    def _at(self, day: date, clock: time) -> datetime:
        return self.calendar.instant(day, clock)


def _some(minutes: int, dice: Random) -> timedelta:
    return timedelta(minutes=minutes * dice.random(), seconds=dice.randrange(60))
