"""Whether the days of a notice can be those of a year.

The bounds are wider than any year since 2008, narrow enough to catch a slip.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Final

from app.calendars.rules.notice.days import SATURDAY, DayKind, NoticeDay, Problem
from app.calendars.rules.statutory import FIRST_DAY, LAST_DAY
from app.kernel.messages import mark

# 全国年节及纪念日放假办法 (2024) art.2: the dates that fall on the same day every year.
_FIXED: Final = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
_NET: Final = range(9, 16)  # weekdays off less days made up; 13 in 2025 and 2026, 11 before
_DECEMBER: Final = 12
_NEW_YEARS_EVE: Final = 25  # a notice may begin in the last week of the year before


def check(days: list[NoticeDay], *, year: int) -> list[Problem]:
    """Everything that speaks against these days being the notice of `year`."""
    if not FIRST_DAY.year < year <= LAST_DAY.year:
        return [Problem(mark("%(year)s is not a year this calendar holds."), {"year": year})]
    if not days:
        return [Problem(mark("No dates were found in this text."))]
    return [*_each(days, year), *_repeated(days), *_missing(days, year), *_balance(days)]


def _each(days: list[NoticeDay], year: int) -> Iterator[Problem]:
    for found in days:
        said = {"day": found.day.isoformat(), "year": year}
        if not _belongs(found.day, year):
            yield Problem(mark("%(day)s does not lie in %(year)s."), said, found.line)
        elif found.kind is DayKind.WORK and found.day.weekday() < SATURDAY:
            yield Problem(
                mark("%(day)s is a weekday; only a Saturday or Sunday can be made up."),
                said,
                found.line,
            )


def _belongs(day: date, year: int) -> bool:
    is_eve = (day.year, day.month) == (year - 1, _DECEMBER) and day.day >= _NEW_YEARS_EVE
    return day.year == year or is_eve


def _repeated(days: list[NoticeDay]) -> Iterator[Problem]:
    for day, times in Counter(found.day for found in days).items():
        if times > 1:
            yield Problem(mark("%(day)s stands there twice."), {"day": day.isoformat()})


def _missing(days: list[NoticeDay], year: int) -> Iterator[Problem]:
    off = {found.day for found in days if found.kind is DayKind.REST}
    for month, day in _FIXED:
        if date(year, month, day) not in off:
            yield Problem(
                mark("%(day)s is a holiday by law and must be listed as a day off."),
                {"day": date(year, month, day).isoformat()},
            )


def _balance(days: list[NoticeDay]) -> Iterator[Problem]:
    weekdays_off = sum(d.kind is DayKind.REST and d.day.weekday() < SATURDAY for d in days)
    made_up = sum(d.kind is DayKind.WORK for d in days)
    if weekdays_off - made_up not in _NET:
        yield Problem(
            mark("%(off)s weekdays off and %(made_up)s made up cannot be a whole year's notice."),
            {"off": weekdays_off, "made_up": made_up},
        )
