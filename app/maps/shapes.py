"""The boundaries of the districts: the operator's own, or the invented ones of the demo city.

Read once per process; the operator's lie in the data folder, and nothing is ever downloaded.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.maps.rules import Bounds

URL: Final = "/geo/districts.json"
_DEMO: Final = Path(__file__).parents[1] / "demo" / "data" / "districts.geojson"
_OWN: Final = Path("geo") / "districts.geojson"


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The districts as GeoJSON, the rectangle around them, its middle as (latitude, longitude)."""

    text: bytes
    centre: tuple[float, float]
    bounds: Bounds


def boundaries(data_dir: Path, *, is_demo: bool) -> Boundaries | None:
    """The operator's own boundaries, else the demo city's in demo mode, else none."""
    own = data_dir / _OWN
    if own.is_file():
        return _read(own)
    return _read(_DEMO) if is_demo and _DEMO.is_file() else None


@cache
def _read(path: Path) -> Boundaries:
    text = path.read_bytes()
    points = [
        point
        for feature in json.loads(text)["features"]
        for point in _points(feature["geometry"]["coordinates"])
    ]
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    around = Bounds(min(lons), min(lats), max(lons), max(lats))
    middle = ((around.south + around.north) / 2, (around.west + around.east) / 2)
    return Boundaries(text, middle, around)


def _points(coordinates: list[Any]) -> list[tuple[float, float]]:
    if isinstance(coordinates[0], int | float):
        return [(coordinates[0], coordinates[1])]
    return [point for part in coordinates for point in _points(part)]
