"""Released reports for other people's programs: a news feed, GeoJSON and open data.

Writes only what the pages show; in open data not even the words, and where a place may be
somebody's home and too few share it, no position. Long ones leave stretch by stretch.
"""

import csv
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime
from io import StringIO
from typing import Any, Final
from xml.etree import ElementTree as ET

from app.exports.rules import defused
from app.publishing.labels import public_label
from app.publishing.queries import Cell, Released

Stretches = Iterable[Sequence[Released]]
MOST_NEWS: Final = 100
MOST_POINTS: Final = 2_000
MOST_LINES: Final = 20_000
ATOM: Final = "http://www.w3.org/2005/Atom"
GEORSS: Final = "http://www.georss.org/georss"
# What XML 1.0 cannot hold at all: one such sign and nobody could read the feed.
_ILLEGAL: Final = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]
)
_COARSE_METRES: Final = 100
_COLUMNS: Final = (
    "public_no",
    "type_code",
    "type",
    "region_code",
    "longitude",
    "latitude",
    "position_within_m",
    "state",
    "status",
    "requested_at",
    "expected_at",
    "closed_at",
    "unit",
)


def atom(
    found: Sequence[Released],
    *,
    title: str,
    here: str,
    base: str,
    say: Callable[[str], str],
    now: datetime,
) -> bytes:
    """The reports as an Atom feed (RFC 4287) with positions (GeoRSS); `here` is its address."""
    ET.register_namespace("", ATOM)
    ET.register_namespace("georss", GEORSS)
    feed = ET.Element(f"{{{ATOM}}}feed")
    _put(feed, "title", title)
    _put(feed, "id", here)
    _put(feed, "updated", _at(max((each.changed_at for each in found), default=now)))
    ET.SubElement(feed, f"{{{ATOM}}}link", rel="self", href=here)
    _put(ET.SubElement(feed, f"{{{ATOM}}}author"), "name", title)
    for each in found:
        _entry(feed, each, base, say)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _entry(feed: ET.Element, each: Released, base: str, say: Callable[[str], str]) -> None:
    entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
    page = f"{base}/reports/{each.public_no}"
    state = say(public_label(each.status))
    _put(entry, "title", f"{each.title} · {state}")
    _put(entry, "id", page)
    _put(entry, "updated", _at(each.changed_at))
    _put(entry, "published", _at(each.requested_at))
    ET.SubElement(entry, f"{{{ATOM}}}link", href=page)
    ET.SubElement(entry, f"{{{ATOM}}}category", term=each.category_code)
    _put(entry, "summary", "\n".join(part for part in (each.words, each.place) if part))
    if each.lat is not None and each.lon is not None:
        ET.SubElement(entry, f"{{{GEORSS}}}point").text = f"{each.lat} {each.lon}"


def _put(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, f"{{{ATOM}}}{name}").text = text.translate(_ILLEGAL)


def geojson(stretches: Stretches, *, base: str, say: Callable[[str], str]) -> Iterator[bytes]:
    """The reports as points with what is known of them (RFC 7946); no position, no geometry."""
    comma = ""
    yield b'{"type": "FeatureCollection", "features": ['
    for found in stretches:
        points = (json.dumps(_feature(one, base, say), ensure_ascii=False) for one in found)
        yield (comma + ",\n".join(points)).encode()
        comma = ",\n"
    yield b"]}"


def _feature(one: Released, base: str, say: Callable[[str], str]) -> dict[str, Any]:
    point = None
    if one.lon is not None and one.lat is not None:
        point = {"type": "Point", "coordinates": [float(one.lon), float(one.lat)]}
    return {
        "type": "Feature",
        "id": one.public_no,
        "geometry": point,
        "properties": {
            "title": one.title,
            "description": one.words,
            "type_code": one.category_code,
            "type": one.category_name,
            "place": one.place,
            "state": one.state.value,
            "status": say(public_label(one.status)),
            "requested_at": _at(one.requested_at),
            "changed_at": _at(one.changed_at),
            "closed_at": _at(one.closed_at) if one.closed_at else None,
            "position_within_m": _COARSE_METRES if one.is_coarse else None,
            "url": f"{base}/reports/{one.public_no}",
        },
    }


def open_data(
    stretches: Stretches, *, shared: Collection[Cell], say: Callable[[str], str]
) -> Iterator[bytes]:
    """The reports as a table, without anybody's words.

    A coarse position is told only where it is among those `shared` by enough reports of one
    type: with fewer, whoever knows one of them would know the house.
    """
    yield _written([_COLUMNS]).encode("utf-8-sig")
    for found in stretches:
        lines = [
            _line(one, is_told=not one.is_coarse or _cell(one) in shared, say=say) for one in found
        ]
        yield _written(lines).encode()


def _written(lines: Sequence[Sequence[object]]) -> str:
    target = StringIO()
    csv.writer(target, lineterminator="\r\n").writerows(lines)
    return target.getvalue()


def _cell(one: Released) -> Cell:
    return one.category_code, one.lon, one.lat


def _line(one: Released, *, is_told: bool, say: Callable[[str], str]) -> list[object]:
    is_placed = is_told and one.lon is not None and one.lat is not None
    within = _COARSE_METRES if one.is_coarse else ""
    return [
        one.public_no,
        one.category_code,
        defused(one.category_name),
        one.region_code,
        *((one.lon, one.lat, within) if is_placed else ("", "", "")),
        one.state.value,
        say(public_label(one.status)),
        _at(one.requested_at),
        _at(one.expected_at) if one.expected_at else "",
        _at(one.closed_at) if one.closed_at else "",
        defused(one.unit_name),
    ]


def _at(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
