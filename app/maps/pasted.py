"""Reads a position out of what somebody pasted: links of map apps, or two numbers.

Chinese map apps shift positions (GCJ-02, BD-09); what comes out is WGS 84. Short links, which
only their makers can resolve, are left as they are: nothing is ever fetched.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from app.kernel import geo
from app.kernel.geo import Point

_LINK: Final = re.compile(r"(?:https?://|geo:)[^\s<>\"，。；]+", re.IGNORECASE)
_NUMBER: Final = r"[-+]?\d{1,3}\.\d{2,}"
_PAIR: Final = re.compile(rf"(?<![\d.])({_NUMBER})\s*[,，;； ]\s*({_NUMBER})(?![\d.])")
_COUNTRY: Final = 60.0  # degrees: in China no latitude is above, no longitude below
_SHIFTS: Final[dict[str, Callable[[float, float], Point]]] = {
    "gcj02": geo.gcj02_to_wgs84,
    "bd09ll": geo.bd09_to_wgs84,
    "bd09": geo.bd09_to_wgs84,
    "wgs84": Point,
}


@dataclass(frozen=True, slots=True)
class Pasted:
    """The position, and the text without what told it."""

    point: Point
    rest: str


def read_pasted(text: str) -> Pasted | None:
    """The first position told by a link of 高德, 百度, 腾讯, 天地图, `geo:`, or two numbers."""
    for link in _LINK.finditer(text):
        point = _of_link(link[0])
        if point is not None:
            return Pasted(point, _without(text, link))
    pair = None if _LINK.search(text) else _PAIR.search(text)
    if pair is None:
        return None
    point = _ordered(float(pair[1]), float(pair[2]))
    return Pasted(point, _without(text, pair)) if point else None


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}".strip()


def _of_link(link: str) -> Point | None:
    parts = urlsplit(link)
    if parts.scheme.lower() == "geo":  # RFC 5870: latitude first, WGS 84
        return _shifted(_PAIR.match(parts.path), "wgs84", is_lat_first=True)
    host = (parts.hostname or "").lower()
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
    for ending, read in _READERS.items():
        if host == ending or host.endswith(f".{ending}"):
            return read(asked, unquote(parts.query))
    return None


def _amap(asked: dict[str, str], query: str) -> Point | None:
    """高德: `position` and `to` tell longitude first, `p` and `q` latitude first; GCJ-02."""
    if "lng" in asked and "lat" in asked:
        return _shifted(_PAIR.match(f"{asked['lng']},{asked['lat']}"), "gcj02")
    for name in ("position", "to", "from"):
        if found := _PAIR.match(asked.get(name, "")):
            return _shifted(found, "wgs84" if asked.get("coordinate") == "wgs84" else "gcj02")
    return _shifted(_PAIR.search(query), "gcj02", is_lat_first=True)


def _baidu(asked: dict[str, str], _query: str) -> Point | None:
    """百度: `location` tells latitude first; BD-09 unless `coord_type` says otherwise."""
    told = asked.get("location") or asked.get("destination") or asked.get("latlng", "")
    datum = asked.get("coord_type", "bd09ll").lower()
    return _shifted(_PAIR.search(told), datum, is_lat_first=True)


def _tencent(asked: dict[str, str], query: str) -> Point | None:
    """腾讯: `coord:` or `tocoord` tell latitude first; GCJ-02."""
    told = asked.get("marker") or asked.get("tocoord") or asked.get("coord") or query
    return _shifted(_PAIR.search(told), "gcj02", is_lat_first=True)


def _tianditu(_asked: dict[str, str], query: str) -> Point | None:
    """天地图: longitude first, CGCS2000, which is WGS 84 to centimetres."""
    return _shifted(_PAIR.search(query), "wgs84")


_READERS: Final[dict[str, Callable[[dict[str, str], str], Point | None]]] = {
    "amap.com": _amap,
    "baidu.com": _baidu,
    "qq.com": _tencent,
    "tianditu.gov.cn": _tianditu,
}


def _shifted(pair: re.Match[str] | None, datum: str, *, is_lat_first: bool = False) -> Point | None:
    if pair is None or datum not in _SHIFTS:
        return None
    one, other = float(pair[1]), float(pair[2])
    lon, lat = (other, one) if is_lat_first else (one, other)
    return _SHIFTS[datum](lon, lat) if geo.is_plausible(lon, lat) else None


def _ordered(one: float, other: float) -> Point | None:
    """Two bare numbers are WGS 84; which is which follows from where China lies."""
    lon, lat = (one, other) if abs(one) > _COUNTRY else (other, one)
    return Point(lon, lat) if geo.is_plausible(lon, lat) else None
