"""Points, marks that stand for many, and cells of a heat map, as GeoJSON for the browser.

Longitude first, WGS 84 (RFC 7946). Knows no matter; titles and addresses are the caller's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from app.maps.rules import Gathered, Heat, cell_around

_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on the map: where its page is, and how it stands, in the reader's language."""

    href: str
    title: str
    lamp: str
    state: str
    type: str


def collection(found: Sequence[Gathered], alone: Mapping[int, Mark]) -> dict[str, Any]:
    """Every cell as a point: with the mark of its one thing, or with how many there are."""
    return _collection([_feature(each, alone.get(each.first)) for each in found])


def squares(heat: Heat) -> dict[str, Any]:
    """Every cell as a rectangle with its count and one of five grades of the fullest."""
    most = max((each.count for each in heat.found), default=1)
    return _collection([_square(each, heat.step, most) for each in heat.found])


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _feature(each: Gathered, mark: Mark | None) -> dict[str, Any]:
    what = {"count": each.count, "open": each.open}
    if each.count == 1 and mark is not None:
        what |= asdict(mark)
    point = [round(each.lon, _DIGITS), round(each.lat, _DIGITS)]
    geometry = {"type": "Point", "coordinates": point}
    return {"type": "Feature", "geometry": geometry, "properties": what}


def _square(each: Gathered, step: float, most: int) -> dict[str, Any]:
    cell = cell_around(each, step)
    west, south, east, north = cell.west, cell.south, cell.east, cell.north
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    grade = 1 + min(4, 5 * (each.count - 1) // most)
    return {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"count": each.count, "open": each.open, "grade": grade},
    }
