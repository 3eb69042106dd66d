"""Tiles of the Web Mercator grid, and which of them show some part of the city.

Pure arithmetic; where a tile's picture comes from is `sources`.
"""

from dataclasses import dataclass
from math import asinh, floor, pi, radians, tan
from typing import Final

MAX_ZOOM: Final = 18
TILE_EDGE: Final = 256
_FAR: Final = 85.0511  # degrees of latitude; the grid ends there
_MARGIN: Final = 2  # tiles around the city, for whoever looks over its edge


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle in degrees, longitudes from west to east."""

    west: float
    south: float
    east: float
    north: float


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
