"""Reads and writes the instants of GeoReport v2, and works out which span a list is asked for.

Tolerant of what clients really send; compares instants, never strings. Seconds are the grain:
what is written has no fraction, so what is asked for has none either.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from app.kernel.errors import InvalidError
from app.kernel.messages import mark

WINDOW: Final = timedelta(days=90)
_SECOND: Final = timedelta(seconds=1)
_ALMOST_A_SECOND: Final = timedelta(microseconds=999_999)
# Clients that do not encode the plus of a zone send a blank.
_LOST_PLUS: Final = re.compile(r"(\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) (\d{2}:?\d{2})$")
_SHAPE: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"
    r"\s?(?:[Zz]|[+-]\d{2}(?::?\d{2})?)?)?"
)
NO_TIME: Final = mark("This is no time such as 2026-03-02T09:30:00+08:00.")
_FIRST_YEAR, _LAST_YEAR = 1900, 9000


@dataclass(frozen=True, slots=True)
class Span:
    """From the first to the last instant asked for, both inclusive."""

    since: datetime
    until: datetime


def written(at: datetime, zone: tzinfo) -> str:
    """`2026-11-22T09:10:38+08:00`: zone with its colon, no fraction, as all clients can read."""
    return at.astimezone(zone).isoformat(timespec="seconds")


def read(name: str, text: str, zone: tzinfo, *, is_end: bool = False) -> datetime | None:
    """The instant a parameter names; nothing if it is empty.

    A naive time is one of `zone`. A day alone begins the day, or with `is_end` ends it; an end
    takes in its whole second.

    Raises:
        InvalidError: it names no instant.
    """
    if not text.strip():
        return None
    found = find(text, zone, is_end=is_end)
    if found is None:
        raise InvalidError(fields={name: NO_TIME})
    whole = found.replace(microsecond=0)
    return whole + _ALMOST_A_SECOND if is_end else whole


def find(text: str, zone: tzinfo, *, is_end: bool = False) -> datetime | None:
    """The instant a text names, or nothing if it names none."""
    text = _LOST_PLUS.sub(r"\1+\2", text.strip())
    if not _SHAPE.fullmatch(text):
        return None
    try:
        found = _whole_day(text, is_end=is_end) or datetime.fromisoformat(
            text.upper().replace(",", ".").replace(" +", "+").replace(" -", "-").replace(" Z", "Z")
        )
    except ValueError:
        return None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        return None
    aware = found if found.tzinfo else found.replace(tzinfo=zone)
    return aware.astimezone(UTC)


def _whole_day(text: str, *, is_end: bool) -> datetime | None:
    if len(text) != len("2026-03-02"):
        return None
    return datetime.combine(date.fromisoformat(text), time(23, 59, 59) if is_end else time(0))


def window(since: datetime | None, until: datetime | None, *, now: datetime) -> Span:
    """The 90 days a list is asked for: the last ones, or those beside the one end that is given.

    Raises:
        InvalidError: more than 90 days between both.
    """
    if since is None:
        until = until or now
        return Span(until - WINDOW, until)
    if until is None:
        return Span(since, since + WINDOW)
    if until - since > WINDOW + _SECOND:
        raise InvalidError(mark("start_date and end_date may lie at most 90 days apart."))
    return Span(since, until)


def both_or_none(since: datetime | None, until: datetime | None) -> Span | None:
    """The span updates are asked for, however long; nothing if none is asked for.

    Raises:
        InvalidError: only one of its ends is given.
    """
    if since is None and until is None:
        return None
    if since is None or until is None:
        raise InvalidError(mark("Send both start_date and end_date, or neither."))
    return Span(since, until)
