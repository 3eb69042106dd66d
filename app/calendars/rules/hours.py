"""The opening hours of a hall or unit: working time added to an instant, or measured.

Counts WORK_HOUR and schedules only; a hall open on a Saturday does not make it a working day.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from app.calendars.rules.statutory import StatutoryCalendar
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

Span = tuple[time, time]
Week = tuple[tuple[Span, ...], ...]

CLOSED_WEEK: Final[Week] = ((),) * 7
_MIDNIGHT: Final = time(0)
_HORIZON_DAYS: Final = 3 * 366
_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HallHours:
    """Opening hours per weekday (Monday first), and the dates that break the pattern.

    A span that closes at 00:00 lasts to the end of its day. Dates in `exceptions`
    have exactly the hours given, none meaning closed. Otherwise the hall is closed
    on holidays, and a make-up day (调休) has the hours of the first weekday that has any.
    """

    statutory: StatutoryCalendar
    week: Week
    exceptions: Mapping[date, tuple[Span, ...]]

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """When the hall is open on that date, in local time, earliest first."""
        if (spans := self.exceptions.get(day)) is not None:
            return spans
        is_worked = self.statutory.exceptions.get(day)
        if is_worked is False:
            return ()
        if is_worked and day.weekday() >= _SATURDAY:
            return next((spans for spans in self.week[:_SATURDAY] if spans), ())
        return self.week[day.weekday()]

    def closing(self, day: date) -> datetime | None:
        """When the hall closes for the day, or None if it does not open."""
        spans = self.spans_on(day)
        return self._bounds(day, spans[-1])[1] if spans else None

    def add(self, start: datetime, seconds: int) -> datetime:
        """The instant at which `seconds` of opening time have passed since `start`.

        A start outside the hours counts from the next opening; a negative amount
        goes back into the past.

        Raises:
            InvalidError: the hall does not open long enough within three years.
        """
        if seconds < 0:
            return self._back(start, timedelta(seconds=-seconds))
        left = timedelta(seconds=seconds)
        for opens, closes in self._spans(start, start + timedelta(days=_HORIZON_DAYS)):
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        raise _never_open()

    def between(self, start: datetime, end: datetime) -> int:
        """Whole seconds of opening time from `start` to `end`; none if `end` is earlier."""
        passed = sum((closes - opens for opens, closes in self._spans(start, end)), timedelta())
        return int(passed.total_seconds())

    def _back(self, start: datetime, left: timedelta) -> datetime:
        start = start.astimezone(UTC)
        day = self.statutory.local_date(start)
        for _ in range(_HORIZON_DAYS):
            for span in reversed(self.spans_on(day)):
                opens, closes = self._bounds(day, span)
                closes = min(closes, start)
                if closes - opens >= left:
                    return closes - left
                left -= max(closes - opens, timedelta())
            day -= _ONE_DAY
        raise _never_open()

    def _spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        # Local wall time picks the hours; all arithmetic happens in UTC, so a
        # day that loses or gains an hour is still measured right.
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        day = self.statutory.local_date(start)
        last = self.statutory.local_date(end)
        while day <= last:
            for span in self.spans_on(day):
                opens, closes = self._bounds(day, span)
                opens, closes = max(opens, start), min(closes, end)
                if opens < closes:
                    yield opens, closes
            day += _ONE_DAY

    def _bounds(self, day: date, span: Span) -> tuple[datetime, datetime]:
        opens, closes = span
        at = self.statutory.instant
        if closes == _MIDNIGHT:
            return at(day, opens), self.statutory.day_after(day)
        return at(day, opens), at(day, closes)


def _never_open() -> InvalidError:
    return InvalidError(mark("The opening hours leave no room for this limit."))
