"""The lists the portal ships or is given: signs of danger, emergency numbers, boundaries.

Read once per process; an operator's own boundaries lie in the data folder.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from app.portal.rules import Danger, DangerList

_DATA: Final = Path(__file__).parent / "data"
_DEMO_SHAPES: Final = Path(__file__).parents[1] / "demo" / "data" / "districts.geojson"
_OWN_SHAPES: Final = Path("geo") / "districts.geojson"


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    """A number that is answered at once, in both languages."""

    number: str
    name: str
    name_en: str

    def within(self, language: str) -> str:
        """Whose number it is, for a reader of `language`."""
        return self.name_en if language.startswith("en") else self.name


@dataclass(frozen=True, slots=True)
class Boundaries:
    """The districts as GeoJSON, and the middle of them as (latitude, longitude)."""

    text: bytes
    centre: tuple[float, float]


@cache
def _emergencies() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((_DATA / "emergencies.json").read_text("utf-8"))
    return data


@cache
def dangers() -> DangerList:
    """The words that mean somebody should be on the telephone instead."""
    data = _emergencies()
    return DangerList(
        tuple(Danger(tuple(row["numbers"]), tuple(row["words"])) for row in data["dangers"]),
        tuple(data["negations"]),
    )


@cache
def emergency_numbers() -> tuple[EmergencyNumber, ...]:
    """110, 119, 120, 122 with what they are for."""
    return tuple(EmergencyNumber(**row) for row in _emergencies()["numbers"])


def boundaries(data_dir: Path, *, is_demo: bool) -> Boundaries | None:
    """The operator's own boundaries, else the demo city's in demo mode, else none."""
    own = data_dir / _OWN_SHAPES
    if own.is_file():
        return _read(own)
    return _read(_DEMO_SHAPES) if is_demo and _DEMO_SHAPES.is_file() else None


@cache
def _read(path: Path) -> Boundaries:
    text = path.read_bytes()
    points = [
        point
        for feature in json.loads(text)["features"]
        for point in _points(feature["geometry"]["coordinates"])
    ]
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    return Boundaries(text, ((min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2))


def _points(coordinates: list[Any]) -> list[tuple[float, float]]:
    if isinstance(coordinates[0], int | float):
        return [(coordinates[0], coordinates[1])]
    return [point for part in coordinates for point in _points(part)]


@cache
def shipped_notices() -> tuple[dict[str, str], ...]:
    """What a demo city announces while nobody has written anything."""
    rows: list[dict[str, str]] = json.loads((_DATA / "notices.json").read_text("utf-8"))
    return tuple(rows)
