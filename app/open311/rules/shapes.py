"""Spells one answer in both formats of GeoReport v2, XML and JSON.

Knows shapes only, no field: an answer is written once and its JSON follows from the XML by the
"Spark" mapping. Nothing is ever read from XML here or elsewhere in the package.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias


class Format(StrEnum):
    """The ending of an address; nothing else chooses the format."""

    XML = "xml"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """The one content type clients take: `application/xml` is refused by several."""
        return _MEDIA_TYPES[self]


_MEDIA_TYPES: Final = {
    Format.XML: "text/xml; charset=utf-8",
    Format.JSON: "application/json; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Listed:
    """Repeated children: a list in JSON even with one or none, elements of one name in XML."""

    item: str
    values: Sequence["Value"]


Fields: TypeAlias = Mapping[str, "Value"]
Value: TypeAlias = bool | int | Decimal | str | Listed | Fields | None

_HEAD: Final = '<?xml version="1.0" encoding="utf-8"?>\n'
# One report with such a character would make the whole list unreadable (XML 1.0 §2.2).
_ILLEGAL: Final = (
    *range(0x09),
    *(0x0B, 0x0C),
    *range(0x0E, 0x20),
    *range(0xD800, 0xE000),
    *(0xFFFE, 0xFFFF),
)
_SCRUB: Final = dict.fromkeys(_ILLEGAL)
# A carriage return would be read as a line feed: it is spelt out.
_ESCAPES: Final = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", ord("\r"): "&#13;"}
_XML: Final[dict[int, str | None]] = {**_SCRUB, **_ESCAPES}


def spell(form: Format, root: str, value: Listed | Fields) -> bytes:
    """The answer in a format; `root` is the element that vanishes in JSON."""
    text = _xml_document(root, value) if form is Format.XML else _json(value)
    return text.encode()


def _xml_document(root: str, value: Listed | Fields) -> str:
    parts = [_HEAD]
    _xml(root, value, parts)
    return "".join(parts)


def _xml(name: str, value: Value, parts: list[str]) -> None:
    parts.append(f"<{name}>")
    if isinstance(value, str):
        parts.append(value.translate(_XML))
    elif isinstance(value, Listed):
        for each in value.values:
            _xml(value.item, each, parts)
    elif isinstance(value, Mapping):
        for key, each in value.items():
            _xml(key, each, parts)
    elif isinstance(value, bool):
        parts.append("true" if value else "false")
    elif value is not None:
        parts.append(f"{value:f}" if isinstance(value, Decimal) else str(value))
    parts.append(f"</{name}>")


def _json(value: Value) -> str:
    return json.dumps(_bare(value), ensure_ascii=False, separators=(",", ":"))


def _bare(value: Value) -> object:
    if isinstance(value, str):
        return value.translate(_SCRUB) or None  # nothing is null there
    if isinstance(value, Listed):
        return [_bare(each) for each in value.values]
    if isinstance(value, Mapping):
        return {key: _bare(each) for key, each in value.items()}
    return float(value) if isinstance(value, Decimal) else value
