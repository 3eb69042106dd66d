"""Reads a notice given as lines `date, kind, name` or as a JSON list of the same.

Knows formats only; whether the days make sense is decided in `checks`.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from app.calendars.rules.notice.days import DayKind, NoticeDay, Problem
from app.kernel.messages import mark

_SEPARATOR: Final = re.compile(r"\s*[,，;；\t]\s*|\s+")
_DATE: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\s*日)?")
_KINDS: Final = {
    **dict.fromkeys(("rest", "off", "holiday", "休", "休息", "放假"), DayKind.REST),
    **dict.fromkeys(("work", "on", "workday", "班", "上班", "补班"), DayKind.WORK),
}
_COLUMNS: Final = 3
_Read = tuple[list[NoticeDay], list[Problem]]


def looks_like_json(text: str) -> bool:
    """Whether the text begins as JSON does."""
    return text.lstrip()[:1] in {"[", "{"}


def read_json(text: str) -> _Read:
    """A list of objects with date, kind and name, bare or under `days`."""
    try:
        data = json.loads(text)
    except ValueError:
        return [], [Problem(mark("This is not complete JSON."))]
    rows = data.get("days") if isinstance(data, dict) else data
    if not isinstance(rows, list):
        return [], [Problem(mark("The JSON holds no list of days."))]
    return _read(
        (number, [str(row.get(key, "")) for key in ("date", "kind", "name")])
        for number, row in enumerate(rows, 1)
        if isinstance(row, dict)
    )


def read_table(text: str) -> _Read:
    """Lines of date, kind and name, parted by commas, tabs or spaces; a heading may lead."""
    return _read(
        (number, _SEPARATOR.split(_DATE.sub(_iso, line.strip()), maxsplit=_COLUMNS - 1))
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not _is_heading(line)
    )


def _read(rows: Iterator[tuple[int, list[str]]]) -> _Read:
    days: list[NoticeDay] = []
    problems: list[Problem] = []
    for number, cells in rows:
        found = _day(number, cells)
        if isinstance(found, NoticeDay):
            days.append(found)
        else:
            problems.append(found)
    return days, problems


def _day(number: int, cells: list[str]) -> NoticeDay | Problem:
    when, kind, name = (*cells, "", "")[:_COLUMNS]
    try:
        day = date.fromisoformat(_DATE.sub(_iso, when))
    except ValueError:
        return Problem(mark("%(text)s is not a date."), {"text": when[:40]}, number)
    if (found := _KINDS.get(kind.strip().lower())) is None:
        return Problem(mark("Say rest or work for %(day)s."), {"day": day.isoformat()}, number)
    return NoticeDay(day, found, name.strip()[:40], number)


def _iso(found: re.Match[str]) -> str:
    year, month, day = found.groups()
    return f"{year}-{int(month):02}-{int(day):02}"


def _is_heading(line: str) -> bool:
    return not any(character.isdigit() for character in line) or line.lstrip().startswith("#")
