"""Where in the city a position lies, and whether it lies there at all.

By the boundaries the maps are drawn from; a city without any takes every position on earth.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.kernel.geo import Bounds, Ring, lies_in
from app.maps.shapes import Boundaries, boundaries
from app.settings import Settings


@dataclass(frozen=True, slots=True)
class CityGround:
    """The rectangle of the city, and the outlines of its districts by region code."""

    bounds: Bounds | None = None
    areas: tuple[tuple[str, tuple[Ring, ...]], ...] = ()

    def region_at(self, lon: float, lat: float) -> str:
        """The code of the district a point lies in; empty outside of all."""
        for code, outlines in self.areas:
            if any(lies_in(outline, lon, lat) for outline in outlines):
                return code
        return ""


def ground_of(settings: Settings) -> CityGround:
    """What is known of the city's ground."""
    shapes = boundaries(settings.data_dir, is_demo=settings.demo)
    return CityGround() if shapes is None else _ground(shapes)


@lru_cache(maxsize=4)
def _ground(shapes: Boundaries) -> CityGround:
    features = json.loads(shapes.text)["features"]
    areas = tuple((str(each["properties"].get("code", "")), _outlines(each)) for each in features)
    around = shapes.bounds
    corners = ((around.west, around.south), (around.east, around.north))
    return CityGround(Bounds.around(corners), areas)


def _outlines(feature: dict[str, Any]) -> tuple[Ring, ...]:
    shape = feature["geometry"]
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    return tuple(tuple((lon, lat) for lon, lat, *_ in polygon[0]) for polygon in polygons)
