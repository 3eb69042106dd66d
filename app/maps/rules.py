"""Tiles of the Web Mercator grid, and which of them show some part of the city.

Pure arithmetic; where a tile's picture comes from is `sources`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import asinh, floor, pi, radians, tan
from typing import Final

MAX_ZOOM: Final = 18
TILE_EDGE: Final = 256
_FAR: Final = 85.0511  # degrees of latitude; the grid ends there
_MARGIN: Final = 2  # tiles around the city, for whoever looks over its edge
_APART: Final = 64  # pixels between marks that stand alone
_COVERS: Final = 0.6  # of that: closer marks lie on each other
MOST_MARKS: Final = 500  # a browser draws no more; what is fuller is gathered
HEAT_STEPS: Final = (0.005, 0.02, 0.1, 0.5)  # degrees; the first is about 500 m
MOST_SQUARES: Final = 1_500
_METRES: Final = 100_000  # of a degree, as people are told it


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle in degrees, longitudes from west to east."""

    west: float
    south: float
    east: float
    north: float

    def shared_with(self, other: "Bounds") -> "Bounds":
        """What lies in both; turned inside out where nothing does, so that nothing is in it."""
        return Bounds(
            max(self.west, other.west),
            max(self.south, other.south),
            min(self.east, other.east),
            min(self.north, other.north),
        )


@dataclass(frozen=True, slots=True)
class Tile:
    """One square of the grid: level, column from the west, row from the north."""

    z: int
    x: int
    y: int

    @property
    def exists(self) -> bool:
        side = 1 << self.z if 0 <= self.z <= MAX_ZOOM else 0
        return 0 <= self.x < side and 0 <= self.y < side

    def touches(self, bounds: Bounds) -> bool:
        """Whether it shows some of this rectangle, or lies close by."""
        first = tile_at(bounds.west, bounds.north, self.z)
        last = tile_at(bounds.east, bounds.south, self.z)
        is_in_columns = first.x - _MARGIN <= self.x <= last.x + _MARGIN
        return is_in_columns and first.y - _MARGIN <= self.y <= last.y + _MARGIN


def tile_at(lon: float, lat: float, z: int) -> Tile:
    """The tile a position lies on."""
    side = 1 << z
    lat = max(-_FAR, min(_FAR, lat))
    x = floor((lon + 180) / 360 * side)
    y = floor((1 - asinh(tan(radians(lat))) / pi) / 2 * side)
    return Tile(z, max(0, min(side - 1, x)), max(0, min(side - 1, y)))


@dataclass(frozen=True, slots=True)
class Gathered:
    """What lies in one cell of a grid: how many, how many of them open, and their middle.

    `first` is the key of one of them: where there is one only, it is that.
    """

    count: int
    open: int
    lon: float
    lat: float
    first: int


@dataclass(frozen=True, slots=True)
class Heat:
    """Where most of something is: squares of `step` degrees, the fullest first."""

    found: Sequence[Gathered]
    step: float

    @property
    def metres(self) -> int:
        """About how wide a square is."""
        return round(self.step * _METRES)


def heat_of(gather: Callable[[float, int], Sequence[Gathered]]) -> Heat:
    """The finest squares of which a browser draws all; `gather` takes their size and the most.

    What a map leaves out its table would tell: squares grow until none is left out.
    """
    found: Sequence[Gathered] = ()
    for step in HEAT_STEPS:
        found = gather(step, MOST_SQUARES)
        if len(found) < MOST_SQUARES:
            return Heat(found, step)
    return Heat(found, HEAT_STEPS[-1])


def step_at(zoom: int) -> float:
    """How wide a cell is at this level, in degrees: marks closer than a finger are gathered."""
    return 360 / (1 << max(0, min(MAX_ZOOM, zoom))) * _APART / TILE_EDGE


def read_bounds(text: str) -> Bounds | None:
    """A rectangle from `west,south,east,north`; None where it is none."""
    parts = text.split(",")
    try:
        west, south, east, north = (float(part) for part in parts)
    except ValueError:
        return None
    is_on_earth = -180 <= west < east <= 180 and -90 <= south < north <= 90  # noqa: PLR2004  # the earth's degrees
    return Bounds(west, south, east, north) if is_on_earth else None


def cell_around(each: Gathered, step: float) -> Bounds:
    """The cell of a grid of `step` degrees in which the middle of what was gathered lies."""
    west, south = floor(each.lon / step) * step, floor(each.lat / step) * step
    return Bounds(*(round(side, 6) for side in (west, south, west + step, south + step)))


def spell_bounds(bounds: Bounds) -> str:
    """The rectangle as `read_bounds` reads it."""
    return f"{bounds.west:g},{bounds.south:g},{bounds.east:g},{bounds.north:g}"


def apart(found: Sequence[Gathered], step: float) -> list[Gathered]:
    """The same with marks joined that would cover each other, though their cells only touch."""
    near, kept = step * _COVERS, list[Gathered]()
    for each in found:
        at = next((n for n, one in enumerate(kept) if _covers(one, each, near)), None)
        if at is None:
            kept.append(each)
        else:
            kept[at] = _together(kept[at], each)
    return kept


def _covers(one: Gathered, other: Gathered, near: float) -> bool:
    return abs(one.lon - other.lon) < near and abs(one.lat - other.lat) < near


def _together(one: Gathered, other: Gathered) -> Gathered:
    count = one.count + other.count
    return Gathered(
        count,
        one.open + other.open,
        (one.lon * one.count + other.lon * other.count) / count,
        (one.lat * one.count + other.lat * other.count) / count,
        min(one.first, other.first),
    )
