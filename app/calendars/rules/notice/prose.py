"""Reads a notice in the wording the State Council's office uses since 2008.

Believes only what it can check: weekdays and numbers of days in the text must agree.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from app.calendars.rules.notice.days import DayKind, NoticeDay, Problem
from app.kernel.messages import mark

_DAY: Final = (
    r"(?:(?:(?P<{0}y>\d{{4}})年)?(?P<{0}m>\d{{1,2}})月)?"
    r"(?P<{0}d>\d{{1,2}})日(?:（(?P<{0}n>[^）]*)）)?"
)
_RANGE: Final = re.compile(_DAY.format("a") + r"(?:[至到—-]" + _DAY.format("b") + r")?")
_ITEM: Final = re.compile(
    r"^\s*[一二三四五六七八九十]+、\s*(?P<name>[^：:]{1,40})[：:](?P<rest>.*)$"
)
_TOTAL: Final = re.compile(r"(?:共|放假)(\d{1,2})天")
_LONGEST: Final = timedelta(days=31)  # no holiday is longer
_WEEKDAYS: Final = "一二三四五六日"
_WIDE: Final = str.maketrans("():", "（）：")
_Read = tuple[list[NoticeDay], list[Problem]]


def looks_like_prose(text: str) -> bool:
    """Whether the text has the numbered sentences of the official notice."""
    return any(_ITEM.match(line) for line in text.translate(_WIDE).splitlines())


def read_prose(text: str, *, year: int) -> _Read:
    """Every date of the numbered sentences: those off, and those worked (上班)."""
    days: list[NoticeDay] = []
    problems: list[Problem] = []
    for number, line in enumerate(text.translate(_WIDE).splitlines(), 1):
        if not (item := _ITEM.match(line)):
            continue
        for found in _sentences(item["name"], item["rest"], year=year, line=number):
            if isinstance(found, Problem):
                problems.append(found)
            else:
                days.append(found)
    return days, problems


def _sentences(name: str, text: str, *, year: int, line: int) -> Iterator[NoticeDay | Problem]:
    for sentence in re.split(r"[。；;]", text):
        kind = DayKind.WORK if "上班" in sentence else DayKind.REST
        found = list(_dates(sentence, year=year, line=line))
        dates = [day for day in found if isinstance(day, date)]
        yield from (NoticeDay(day, kind, name, line) for day in dates)
        yield from (problem for problem in found if isinstance(problem, Problem))
        said = _TOTAL.search(sentence)
        if said and int(said[1]) != len(dates):
            yield Problem(
                mark("%(name)s: the text says %(said)s days, its dates make %(found)s."),
                {"name": name, "said": int(said[1]), "found": len(dates)},
                line,
            )


def _dates(sentence: str, *, year: int, line: int) -> Iterator[date | Problem]:
    for found in _RANGE.finditer(sentence):
        try:
            first = _date(found, "a", year, None)
            last = _date(found, "b", first.year, first.month) if found["bd"] else first
        except ValueError:
            yield Problem(mark("%(text)s is not a date."), {"text": found[0][:40]}, line)
            continue
        if not timedelta() <= last - first <= _LONGEST:
            sentence = mark("%(text)s does not end within a month after it begins.")
            yield Problem(sentence, {"text": found[0][:40]}, line)
            continue
        yield from _wrong_weekdays(found, first, last, line)
        for offset in range((last - first).days + 1):
            yield first + timedelta(days=offset)


def _date(found: re.Match[str], end: str, year: int, month: int | None) -> date:
    # The end of a range may leave out the month it shares with its beginning.
    if (said := found[f"{end}m"]) is not None:
        month = int(said)
    return date(int(found[f"{end}y"] or year), month or 0, int(found[f"{end}d"]))


def _wrong_weekdays(found: re.Match[str], first: date, last: date, line: int) -> Iterator[Problem]:
    for end, day in (("a", first), ("b", last)):
        said = re.search(r"周([一二三四五六日])", found[f"{end}n"] or "")
        if said and _WEEKDAYS.index(said[1]) != day.weekday():
            yield Problem(
                mark("%(day)s is not the weekday the text gives."), {"day": day.isoformat()}, line
            )
