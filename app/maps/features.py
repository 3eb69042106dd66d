"""Points, marks that stand for many, and cells of a heat map, as GeoJSON for the browser.

Longitude first, WGS 84 (RFC 7946). Knows no matter; titles and addresses are the caller's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from app.maps.rules import MOST_MARKS, Gathered, Heat, apart, cell_around, step_at

_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing on the map: where its page is, and how it stands, in the reader's language."""

    href: str
    title: str
    lamp: str
    state: str
    type: str


def points(
    gather: Callable[[float, int], Sequence[Gathered]],
    marks_of: Callable[[Sequence[int]], Mapping[int, Mark]],
    *,
    zoom: int,
) -> dict[str, Any]:
    """What lies in sight: single things with their marks, and points that stand for many.

    `gather` takes a cell's size in degrees and the most it may find, `marks_of` keys.
    """
    step = step_at(zoom)
    found = apart(gather(step, MOST_MARKS), step)
    alone = marks_of([each.first for each in found if each.count == 1])
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
