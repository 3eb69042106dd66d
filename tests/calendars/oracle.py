"""A second opinion on working time: slow, and written another way on purpose.

Walks minute by minute and day by day over plain sets of local dates; shares no code and no
data file with the application. Dates are those of the notices for 2025 and 2026 (rulebook §6).
"""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))
_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)

OFF_RANGES = """
2025-01-01 2025-01-01   2025-01-28 2025-02-04   2025-04-04 2025-04-06   2025-05-01 2025-05-05
2025-05-31 2025-06-02   2025-10-01 2025-10-08
2026-01-01 2026-01-03   2026-02-15 2026-02-23   2026-04-04 2026-04-06   2026-05-01 2026-05-05
2026-06-19 2026-06-21   2026-09-25 2026-09-27   2026-10-01 2026-10-07
"""
MADE_UP = """
2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11
2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10
"""


def _dates(text: str) -> list[date]:
    return [date.fromisoformat(word) for word in text.split()]


def days_between(first: date, last: date) -> list[date]:
    """Every date from the first to the last, both in."""
    return [first + _DAY * i for i in range((last - first).days + 1)]


_ends = _dates(OFF_RANGES)
OFF = {day for pair in zip(_ends[::2], _ends[1::2], strict=True) for day in days_between(*pair)}
WORKED = set(_dates(MADE_UP))
# A hall that also opens on Saturday mornings, which makes no Saturday a working day.
SATURDAY_HOURS = (range(9 * 60, 12 * 60),)
WEEKDAY_HOURS = (range(9 * 60, 12 * 60), range(13 * 60, 17 * 60))
# One afternoon without power, one Sunday of a fair.
POWER_CUT = date(2026, 3, 11)
FAIR = date(2026, 3, 22)


def works(day: date) -> bool:
    """Whether a notice or the weekday makes it a working day."""
    if day in WORKED:
        return True
    return day not in OFF and day.isoweekday() not in {6, 7}


def minutes_open(day: date) -> tuple[range, ...]:
    """When the sample hall is open, in minutes after midnight."""
    if day == POWER_CUT:
        return (range(9 * 60, 12 * 60),)
    if day == FAIR:
        return (range(10 * 60, 16 * 60),)
    if works(day):
        return WEEKDAY_HOURS
    if day.isoweekday() == 6 and day not in OFF:
        return SATURDAY_HOURS
    return ()


def is_open(at: datetime) -> bool:
    """Whether the hall is open in the minute that begins at this local time."""
    minute = at.hour * 60 + at.minute
    return any(minute in hours for hours in minutes_open(at.date()))


def end_of_day(day: date) -> datetime:
    """The last second of the date in Shanghai."""
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=SHANGHAI).astimezone(UTC)


def rolled(day: date) -> date:
    """The day, or the next working day."""
    while not works(day):
        day += _DAY
    return day


Pauses = Iterable[tuple[datetime, datetime]]


def work_minutes_due(start: datetime, minutes: int, pauses: Pauses = ()) -> datetime:
    """When that many minutes have been worked outside the pauses."""
    stopped = list(pauses)
    at = start.astimezone(SHANGHAI)
    while minutes:
        if is_open(at) and not any(begin <= at < end for begin, end in stopped):
            minutes -= 1
        at += _MINUTE
    return at.astimezone(UTC)


def work_days_due(start: date, days: int, pauses: Iterable[tuple[date, date]] = ()) -> date:
    """The last day of a limit in working days."""
    return _days_due(start, days, works, list(pauses))


def calendar_days_due(start: date, days: int, pauses: Iterable[tuple[date, date]] = ()) -> date:
    """The last day of a limit in calendar days, moved off rest days."""
    return _days_due(start, days, lambda _: True, list(pauses))


def _days_due(
    start: date, days: int, counts: Callable[[date], bool], pauses: list[tuple[date, date]]
) -> date:
    # A pause takes out the days after the one it began on, up to the one it ended on.
    skipped = {day for begin, end in pauses for day in days_between(begin + _DAY, end)}
    day = start
    while days:
        day += _DAY
        if counts(day) and day not in skipped:
            days -= 1
    due = rolled(day)
    for begin, end in pauses:
        # Stopped when nothing but the last day, or the rest days before it, was left.
        if day <= begin <= due:
            due = rolled(end)
    return due
