"""The statutory calendar: which dates are working days, and how to count them fast.

Knows dates only; opening hours never make or unmake a working day.
"""

from array import array
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo

from app.kernel.errors import InvalidError
from app.kernel.messages import mark

FIRST_DAY: Final = date(1990, 1, 1)
LAST_DAY: Final = date(2099, 12, 31)
_BASE: Final = FIRST_DAY.toordinal()
_SIZE: Final = LAST_DAY.toordinal() - _BASE + 1
_SATURDAY: Final = 5
_LAST_SECOND: Final = time(23, 59, 59)
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StatutoryCalendar:
    """Weekends, holidays (休) and make-up days (班) of one region.

    `exceptions` maps a date to whether it is worked, where that differs from
    Monday to Friday or where a notice names the date. Years outside
    `official_years` have no notice: there the calendar knows weekends only.
    """

    zone: ZoneInfo
    official_years: frozenset[int]
    exceptions: Mapping[date, bool]
    _before: "array[int]"  # [i]: working days before day i; one longer than the calendar
    _days: "array[int]"  # ordinals of the working days, rising

    @classmethod
    def build(
        cls,
        zone: ZoneInfo,
        *,
        official_years: Collection[int] = (),
        exceptions: Mapping[date, bool] | None = None,
    ) -> Self:
        """The calendar for these exceptions; about 5 ms, to be kept and shared."""
        exceptions = dict(exceptions or {})
        weekday = FIRST_DAY.weekday()
        worked = [(weekday + i) % 7 < _SATURDAY for i in range(_SIZE)]
        for day, is_worked in exceptions.items():
            worked[_index(day)] = is_worked
        before = array("i", [0])
        days = array("i")
        for i, is_worked in enumerate(worked):
            if is_worked:
                days.append(_BASE + i)
            before.append(len(days))
        return cls(zone, frozenset(official_years), exceptions, before, days)

    def is_workday(self, day: date) -> bool:
        """Whether the date is a statutory working day."""
        i = _index(day)
        return self._before[i + 1] > self._before[i]

    def add(self, day: date, workdays: int) -> date:
        """The last day of a limit of `workdays` that starts on `day`.

        The starting day is not counted (民法典 201). Zero is `day` itself or the first
        working day after it; a negative number counts back from `day`, excluded.

        Raises:
            InvalidError: a date outside the calendar.
        """
        i = _index(day)
        k = self._before[i + 1] + workdays - 1 if workdays > 0 else self._before[i] + workdays
        if not 0 <= k < len(self._days):
            raise _outside()
        return date.fromordinal(self._days[k])

    def count(self, start: date, end: date) -> int:
        """Working days after `start`, up to and including `end`; none if `end` is earlier."""
        return max(0, self._before[_index(end) + 1] - self._before[_index(start) + 1])

    def roll_forward(self, day: date) -> date:
        """The day itself, or the first working day after a rest day (民法典 203)."""
        return self.add(day, 0)

    def is_official(self, first: date, last: date) -> bool:
        """Whether every year the span touches has its notice."""
        years = self.official_years
        if first.year == last.year:
            return last.year in years
        return all(year in years for year in range(first.year, last.year + 1))

    def local_date(self, instant: datetime) -> date:
        """The date on the wall of the hall at that instant."""
        return instant.astimezone(self.zone).date()

    def instant(self, day: date, at: time) -> datetime:
        """That wall-clock time as an instant in UTC."""
        return datetime.combine(day, at, self.zone).astimezone(UTC)

    def start_of(self, day: date) -> datetime:
        """Midnight at the beginning of the date, in UTC."""
        return self.instant(day, time.min)

    def end_of(self, day: date) -> datetime:
        """23:59:59 local, the last second in which something due that day is on time."""
        return self.instant(day, _LAST_SECOND)

    def day_after(self, day: date) -> datetime:
        """Midnight at the end of the date, in UTC."""
        return self.start_of(day + _ONE_DAY)


def _index(day: date) -> int:
    i = day.toordinal() - _BASE
    if not 0 <= i < _SIZE:
        raise _outside()
    return i


def _outside() -> InvalidError:
    return InvalidError(
        mark("The date lies outside the calendar (%(first)s to %(last)s)."),
        first=FIRST_DAY.year,
        last=LAST_DAY.year,
    )
