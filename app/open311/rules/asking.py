"""Reads the parameters of a request, however the client spelt them: lists, pages, attributes.

Pure; refusals name the parameter. A parameter without a value counts as not sent.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Final

from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import clean

MOST_ROWS: Final = 1000  # the standard's cap
_LAST_PAGE: Final = 1_000_000
_ATTRIBUTE: Final = re.compile(r"attribute\[([^\[\]]{1,200})\](?:\[\d{0,4}\])?")
_DEGREES: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{0,18})?(?:[eE]-?\d{1,2})?")
_PLACES: Final = Decimal("0.000001")
_MOST: Final = {"lat": 90, "long": 180}


@dataclass(frozen=True, slots=True)
class Sent:
    """What a client sent, cleaned, in the order in which it was sent; empty values are gone."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, str]]) -> "Sent":
        """From pairs of name and value as a query string or a form holds them."""
        values: dict[str, list[str]] = {}
        for name, value in pairs:
            if text := clean(value):
                values.setdefault(name, []).append(text)
        return cls(values)

    def text(self, name: str) -> str:
        """The first value of a parameter, or nothing."""
        return next(iter(self.values.get(name, ())), "")

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a parameter that is repeated."""
        return tuple(self.values.get(name, ()))

    def listed(self, name: str) -> tuple[str, ...] | None:
        """All members of comma lists and repetitions, each once; None if nothing was sent."""
        if name not in self.values:
            return None
        parts = (part.strip() for text in self.values[name] for part in text.split(","))
        return tuple(dict.fromkeys(part for part in parts if part))

    def attributes(self) -> dict[str, tuple[str, ...]]:
        """Answers by attribute code: `attribute[X]`, repeated or not, or `attribute[X][]`."""
        found: dict[str, tuple[str, ...]] = {}
        for name, values in self.values.items():
            if match := _ATTRIBUTE.fullmatch(name):
                found[match[1]] = (*found.get(match[1], ()), *values)
        return found


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list: so many rows after so many."""

    limit: int
    skipped: int


def page_of(sent: Sent) -> Slice:
    """The page asked for; pages count from 1, and 0 is the first one too.

    Raises:
        InvalidError: a page or its size is no whole number.
    """
    size = min(_whole(sent, "page_size", MOST_ROWS) or MOST_ROWS, MOST_ROWS)
    page = min(max(_whole(sent, "page", 1), 1), _LAST_PAGE)
    return Slice(size, (page - 1) * size)


def _whole(sent: Sent, name: str, default: int) -> int:
    text = sent.text(name)
    if not text:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(_LAST_PAGE))):
        raise InvalidError(fields={name: mark("Enter a whole number.")})
    return int(text)


@dataclass(frozen=True, slots=True)
class Where:
    """The place a report is about, as far as it was told; `problems` say what cannot be."""

    lat: Decimal | None = None
    lon: Decimal | None = None
    address: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def where_of(sent: Sent) -> Where:
    """Latitude and longitude, both or none, or an address; an address_id alone is no place here."""
    problems: dict[str, str] = {}
    lat, lon = (_degrees(sent, name, problems) for name in ("lat", "long"))
    if not problems and (lat is None) != (lon is None):
        missing = "lat" if lat is None else "long"
        problems[missing] = mark("Send lat and long together, or neither.")
    address = sent.text("address_string")
    if lat is None and not address and not problems:
        problems["address_string"] = mark("Say where it is: send lat and long, or address_string.")
    return Where(lat, lon, address, problems)


def _degrees(sent: Sent, name: str, problems: dict[str, str]) -> Decimal | None:
    text = sent.text(name)
    if not text:
        return None
    try:
        found = Decimal(text) if _DEGREES.fullmatch(text) and text.isascii() else None
    except InvalidOperation:
        found = None
    if found is None or abs(found) > _MOST[name]:
        problems[name] = mark("This is no such coordinate in decimal degrees.")
        return None
    return found.quantize(_PLACES)
