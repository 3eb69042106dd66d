"""Opening hours as people write them: `9:00-12:00, 13:00-17:00`.

Reads and writes one day's line; an empty line is a closed day.
"""

import re
from collections.abc import Iterable
from datetime import time
from itertools import pairwise
from typing import Final
from unicodedata import normalize

from app.calendars.rules.hours import Span
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

_SPAN: Final = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~至到]\s*(\d{1,2})[:：](\d{2})")
_BETWEEN: Final = re.compile(r"[\s,，、;；]+")
_LAST_HOUR: Final = 24
_MIDNIGHT: Final = time(0)


def read_spans(text: str) -> tuple[Span, ...]:
    """The spans of one day, earliest first; 24:00 is the end of the day.

    Raises:
        InvalidError: not a list of times, or the spans overlap or run backwards.
    """
    text = normalize("NFKC", text)  # Chinese keyboards type full-width digits
    rest = _BETWEEN.sub("", _SPAN.sub("", text))
    if rest:
        raise InvalidError(mark("Write hours like 9:00-12:00, 13:00-17:00; empty means closed."))
    try:
        spans = sorted(_span(found) for found in _SPAN.finditer(text))
    except ValueError:
        raise InvalidError(mark("That is not a time of day.")) from None
    if not all(opens < closes or closes == _MIDNIGHT for opens, closes in spans):
        raise InvalidError(mark("Opening must come before closing."))
    if not all(a[1] <= b[0] and a[1] != _MIDNIGHT for a, b in pairwise(spans)):
        raise InvalidError(mark("The times overlap."))
    return tuple(spans)


def write_spans(spans: Iterable[Span]) -> str:
    """The line `read_spans` reads back to the same spans."""
    return ", ".join(f"{opens:%H:%M}-{_closing(closes)}" for opens, closes in spans)


def _span(found: re.Match[str]) -> Span:
    from_hour, from_minute, to_hour, to_minute = map(int, found.groups())
    ends_at_midnight = (to_hour, to_minute) == (_LAST_HOUR, 0)
    closes = _MIDNIGHT if ends_at_midnight else time(to_hour, to_minute)
    return time(from_hour, from_minute), closes


def _closing(closes: time) -> str:
    return f"{_LAST_HOUR}:00" if closes == _MIDNIGHT else f"{closes:%H:%M}"
