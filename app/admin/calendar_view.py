"""What the calendar pages show: a year as months, holidays as lines, a notice and its effect.

Arranges rows for the eye; decides nothing.
"""

from calendar import Calendar as Weeks
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from app.calendars.models import CalendarDay
from app.calendars.rules import Notice, Problem, StatutoryCalendar
from app.kernel.messages import mark

WEEKDAYS: Final = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)
SHORT_WEEKDAYS: Final = (
    mark("Mo"),
    mark("Tu"),
    mark("We"),
    mark("Th"),
    mark("Fr"),
    mark("Sa"),
    mark("Su"),
)
_MONTHS: Final = (
    mark("January"),
    mark("February"),
    mark("March"),
    mark("April"),
    mark("May"),
    mark("June"),
    mark("July"),
    mark("August"),
    mark("September"),
    mark("October"),
    mark("November"),
    mark("December"),
)
_SATURDAY: Final = 5
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """One date of a month; `css` is its colour, `sign` the word beside it, both may be empty."""

    number: int
    css: str
    sign: str
    name: str


@dataclass(frozen=True, slots=True)
class Month:
    """One month as weeks from Monday; None pads the first and the last week."""

    label: str
    weeks: Sequence[Sequence[Cell | None]]


@dataclass(frozen=True, slots=True)
class Holiday:
    """One holiday: its days off, and the days worked in their stead."""

    name: str
    name_en: str
    first: date
    last: date
    days: int
    made_up: Sequence[date]


@dataclass(frozen=True, slots=True)
class Checked:
    """A notice that can be put in force: what it says and what it changes."""

    rest_days: int
    work_days: int
    workdays: int
    differs: int
    holidays: Sequence[Holiday]


def months_of(year: int, statutory: StatutoryCalendar, days: Iterable[CalendarDay]) -> list[Month]:
    """The year as twelve small tables."""
    named = {row.day: row for row in days if not row.region_code}
    return [
        Month(
            label,
            [
                [_cell(day, statutory, named) if day.month == number else None for day in week]
                for week in Weeks().monthdatescalendar(year, number)
            ],
        )
        for number, label in enumerate(_MONTHS, 1)
    ]


def _cell(day: date, statutory: StatutoryCalendar, named: Mapping[date, CalendarDay]) -> Cell:
    if (row := named.get(day)) is None:
        return Cell(day.day, "work" if statutory.is_workday(day) else "rest", "", "")
    if row.is_workday:
        return Cell(day.day, "shift", mark("work"), row.name)
    return Cell(day.day, "holiday", mark("rest"), row.name)


def holidays_of(days: Iterable[tuple[date, bool, str, str]]) -> list[Holiday]:
    """Dates named by a notice (day, worked, name, English name) as one line for each holiday."""
    rows = sorted(days)
    off = [row for row in rows if not row[1]]
    made_up: dict[str, list[date]] = {}
    for day, is_workday, name, _ in rows:
        if is_workday:
            made_up.setdefault(name, []).append(day)
    lines = []
    for (name, _run), run in groupby(enumerate(off), lambda at: (at[1][2], _start_of_run(at))):
        dates = [row for _, row in run]
        first, last = dates[0], dates[-1]
        worked = made_up.pop(name, [])
        lines.append(Holiday(name, first[3], first[0], last[0], len(dates), worked))
    # Days worked under a name that no day off has.
    lines += [Holiday(name, "", days[0], days[0], 0, days) for name, days in made_up.items()]
    return lines


def _start_of_run(at: tuple[int, tuple[date, bool, str, str]]) -> date:
    place, (day, *_) = at
    return day - _ONE_DAY * place


def lines_of(days: Iterable[CalendarDay]) -> list[Holiday]:
    """The national holidays among these rows."""
    return holidays_of(
        (row.day, row.is_workday, row.name, row.name_en) for row in days if not row.region_code
    )


def checked(notice: Notice, statutory: StatutoryCalendar) -> Checked:
    """A notice without mistakes, beside the calendar that holds now."""
    said = {found.day: found.kind == "work" for found in notice.days}
    first, last = date(notice.year, 1, 1), date(notice.year, 12, 31)
    year = [first + _ONE_DAY * i for i in range((last - first).days + 1)]
    after = {day: said.get(day, day.weekday() < _SATURDAY) for day in year}
    return Checked(
        rest_days=len(notice.rest_days),
        work_days=len(notice.work_days),
        workdays=sum(after.values()),
        differs=sum(statutory.is_workday(day) != worked for day, worked in after.items()),
        holidays=holidays_of(
            (found.day, found.kind == "work", found.name, "") for found in notice.days
        ),
    )


def sentences(problems: Iterable[Problem]) -> list[dict[str, object]]:
    """Problems for the screen: the sentence, what fills its places, and the line."""
    return [{"msgid": p.msgid, "params": dict(p.params), "line": p.line} for p in problems]
