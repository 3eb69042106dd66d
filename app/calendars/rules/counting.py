"""Adds a limit to an instant and measures what has been used of it, in all four units.

One object per region and hall; which one applies is decided by whoever loads it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.calendars.rules.hours import HallHours
from app.calendars.rules.statutory import StatutoryCalendar
from app.calendars.rules.units import Due, LimitUnit

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendars:
    """The two calendars a limit may need: working days of the region, hours of the hall."""

    statutory: StatutoryCalendar
    hours: HallHours

    def add(
        self, unit: LimitUnit, start: datetime, amount: int, *, close_of_business: bool = False
    ) -> Due:
        """When `amount` (seconds or days) has passed since `start`.

        HOUR never pauses. Dates are counted without the starting day (民法典 201) and
        end at 23:59:59 local, or when the hall closes if the limit says so; calendar
        days that end on a rest day end on the next working day (民法典 203). A negative
        amount, left over from a clock that was already late, lies in the past.

        Raises:
            InvalidError: the date lies outside the calendar, or the hall never opens.
        """
        if unit is LimitUnit.HOUR:
            return Due(start.astimezone(UTC) + timedelta(seconds=amount), provisional=False)
        if unit is LimitUnit.WORK_HOUR:
            at = self.hours.add(start, amount)
            return Due(at, not self._is_official(start, at))
        day = self.statutory.local_date(start)
        if unit is LimitUnit.WORK_DAY:
            last = self.statutory.add(day, amount)
            first_used = min(day + _ONE_DAY, last)
        else:
            first_used = day + timedelta(days=amount)
            last = self.statutory.roll_forward(first_used) if amount >= 0 else first_used
        provisional = not self.statutory.is_official(first_used, last)
        return Due(self._end(last, close_of_business=close_of_business), provisional)

    def count(self, unit: LimitUnit, start: datetime, end: datetime) -> int:
        """How much of a limit passes from `start` to `end`: whole seconds, or days.

        Days follow the same rule as `add`: the starting day is out, the last day is in.
        """
        if unit is LimitUnit.HOUR:
            return max(0, int((end - start).total_seconds()))
        if unit is LimitUnit.WORK_HOUR:
            return self.hours.between(start, end)
        first, last = self.statutory.local_date(start), self.statutory.local_date(end)
        if unit is LimitUnit.WORK_DAY:
            return self.statutory.count(first, last)
        return max(0, (last - first).days)

    def _end(self, day: date, *, close_of_business: bool) -> datetime:
        # A hall shut that day has no close of business; the law's midnight remains.
        closing = self.hours.closing(day) if close_of_business else None
        return closing or self.statutory.end_of(day)

    def _is_official(self, start: datetime, end: datetime) -> bool:
        first, last = self.statutory.local_date(start), self.statutory.local_date(end)
        return self.statutory.is_official(min(first, last), max(first, last))


def due(
    unit: LimitUnit,
    amount: int,
    start: datetime,
    calendars: Calendars,
    *,
    close_of_business: bool = False,
) -> Due:
    """When a limit of `amount` units of account that starts at `start` ends."""
    return calendars.add(unit, start, amount, close_of_business=close_of_business)
