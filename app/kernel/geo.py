"""Positions on the earth: distances, the grid near things are found by, datums, what cannot be.

Pure arithmetic in degrees of WGS 84 (CGCS2000 is the same to centimetres). Knows no city: whoever
asks gives the bounds. The datums of Chinese map providers are the public approximations, in a
rectangle around the country; for the strip between it and the border they shift too.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import asin, atan2, cos, degrees, hypot, pi, radians, sin, sqrt
from typing import Final, NamedTuple

from app.kernel.messages import mark

EARTH_RADIUS: Final = 6_371_008.8  # metres, the mean one
CELL_MICRODEGREES: Final = 2_500  # about 280 m to the north and 240 m to the east in the middle
MAX_RADIUS: Final = 5_000.0  # metres; further is a question for the whole city, not for a grid
_CELLS_IN_A_ROW: Final = 1 << 18
_MICRO: Final = 1_000_000
_MOST_LATITUDE, _MOST_LONGITUDE = 90.0, 180.0
_NEAR_THE_POLE: Final = 89.0
# Krassowsky 1940, on which the shift is defined.
_AXIS: Final = 6_378_245.0
_ECCENTRICITY2: Final = 0.006_693_421_622_965_943
_BD_TURNS: Final = pi * 3000 / 180
_STEPS: Final = 30
_CLOSE: Final = 1e-9  # degrees, a tenth of a millimetre

NOWHERE: Final = mark(
    "The position is 0/0, which lies in the sea off Africa: the device did not know where it was. "
    "Set the pin, or write where it is."
)
IMPOSSIBLE: Final = mark(
    "There is no such position: latitude goes from -90 to 90, longitude from -180 to 180."
)
SWAPPED: Final = mark(
    "Latitude and longitude look swapped. We have put them the other way round: "
    "check the place and go on."
)
OUTSIDE: Final = mark(
    "This position lies outside the city. Move the pin, or take it out and write where it is."
)


class Point(NamedTuple):
    """A position in degrees of WGS 84, longitude first."""

    lon: float
    lat: float


Ring = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Bounds:
    """A rectangle of degrees that a city lies in."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def around(cls, points: Iterable[tuple[float, float]], *, margin: float = 0.02) -> "Bounds":
        """The rectangle of these points of longitude and latitude, `margin` degrees wider.

        Raises:
            ValueError: there are no points.
        """
        lons, lats = zip(*points, strict=True)
        return cls(min(lons) - margin, min(lats) - margin, max(lons) + margin, max(lats) + margin)

    def hold(self, lon: float, lat: float) -> bool:
        """Whether a position lies inside."""
        return self.west <= lon <= self.east and self.south <= lat <= self.north


CHINA: Final = Bounds(72.004, 0.8293, 137.8347, 55.8271)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A usable point; or why not, in a sentence, with the one probably meant in `instead`."""

    point: Point | None
    sentence: str = ""
    instead: Point | None = None


def is_plausible(lon: float, lat: float) -> bool:
    """Whether there is such a place on earth at all; 0/0 is what devices say for "unknown"."""
    return _is_on_earth(lon, lat) and not (lon == 0 and lat == 0)


def _is_on_earth(lon: float, lat: float) -> bool:
    return abs(lat) <= _MOST_LATITUDE and abs(lon) <= _MOST_LONGITUDE  # false for NaN


def judge(lon: float, lat: float, bounds: Bounds | None = None) -> Verdict:
    """Whether a position can be that of something in the city; without bounds: on earth."""
    if lon == 0 and lat == 0:
        return Verdict(None, NOWHERE)
    is_inside = is_plausible(lon, lat) and (bounds is None or bounds.hold(lon, lat))
    if is_inside:
        return Verdict(Point(lon, lat))
    is_swapped = is_plausible(lat, lon) and (bounds is None or bounds.hold(lat, lon))
    if is_swapped:
        return Verdict(None, SWAPPED, Point(lat, lon))
    return Verdict(None, OUTSIDE if is_plausible(lon, lat) else IMPOSSIBLE)


def lies_in(ring: Ring, lon: float, lat: float) -> bool:
    """Whether a point lies inside a closed line of (longitude, latitude): odd crossings do."""
    is_odd = False
    before = ring[-1] if ring else (0.0, 0.0)
    for corner in ring:
        (x1, y1), (x2, y2) = before, corner
        if (y1 > lat) != (y2 > lat) and lon < (x1 - x2) * (lat - y2) / (y1 - y2) + x2:
            is_odd = not is_odd
        before = corner
    return is_odd


def distance_m(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points of longitude and latitude, on a round earth (haversine)."""
    lon1, lat1, lon2, lat2 = map(radians, (*one, *other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(half)))


def cell(lon: float, lat: float) -> int:
    """The number of the grid cell of a position: rows from the south, cells from the west.

    Reckoned in whole millionths of a degree, as positions are stored: SQL comes to the same.

    Raises:
        ValueError: there is no such position.
    """
    if not _is_on_earth(lon, lat):
        msg = "a cell needs a position on earth"
        raise ValueError(msg)
    return _row(lat) * _CELLS_IN_A_ROW + _column(lon)


def cell_of(lon: Decimal | None, lat: Decimal | None) -> int | None:
    """The cell of a stored position; None for a matter that has none, or none on earth."""
    if lon is None or lat is None or not _is_on_earth(float(lon), float(lat)):
        return None
    return cell(float(lon), float(lat))


def cells_around(lon: float, lat: float, radius: float) -> list[int]:
    """All cells that a circle of `radius` metres may touch; the caller measures what lies in them.

    Raises:
        ValueError: no such position, or a radius beyond `MAX_RADIUS`.
    """
    if not 0 <= radius <= MAX_RADIUS or not _is_on_earth(lon, lat):
        msg = f"a circle needs a position on earth and a radius up to {MAX_RADIUS:.0f} m"
        raise ValueError(msg)
    high = degrees(radius / EARTH_RADIUS)
    wide = high / cos(radians(min(abs(lat) + high, _NEAR_THE_POLE)))
    rows = range(_row(max(lat - high, -90.0)), _row(min(lat + high, 90.0)) + 1)
    columns = range(_column(max(lon - wide, -180.0)), _column(min(lon + wide, 180.0)) + 1)
    return [row * _CELLS_IN_A_ROW + column for row in rows for column in columns]


def middle_of(number: int) -> Point:
    """The middle of a cell."""
    row, column = divmod(number, _CELLS_IN_A_ROW)
    half = CELL_MICRODEGREES / 2
    lat = (row * CELL_MICRODEGREES + half) / _MICRO - _MOST_LATITUDE
    return Point((column * CELL_MICRODEGREES + half) / _MICRO - _MOST_LONGITUDE, lat)


def _row(lat: float) -> int:
    return (round(lat * _MICRO) + 90 * _MICRO) // CELL_MICRODEGREES


def _column(lon: float) -> int:
    return (round(lon * _MICRO) + 180 * _MICRO) // CELL_MICRODEGREES


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """As 高德, 腾讯 and the national maps draw it; outside the country unchanged."""
    if not CHINA.hold(lon, lat):
        return Point(lon, lat)
    x, y = lon - 105.0, lat - 35.0
    waves = 20 * (sin(6 * x * pi) + sin(2 * x * pi))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (2 / 3) * (waves + 20 * sin(y * pi) + 40 * sin(y / 3 * pi))
    north += (2 / 3) * (160 * sin(y / 12 * pi) + 320 * sin(y / 30 * pi))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (2 / 3) * (waves + 20 * sin(x * pi) + 40 * sin(x / 3 * pi))
    east += (2 / 3) * (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi))
    flat = 1 - _ECCENTRICITY2 * sin(radians(lat)) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY2) / (flat * sqrt(flat))
    parallel = _AXIS / sqrt(flat) * cos(radians(lat))
    return Point(lon + degrees(east / parallel), lat + degrees(north / meridian))


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    """Back from a Chinese map, to well under half a metre; outside the country unchanged."""
    return _undone(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    """As 百度 draws what lies at a position of GCJ-02."""
    far = hypot(lon, lat) + 0.00002 * sin(lat * _BD_TURNS)
    turned = atan2(lat, lon) + 0.000003 * cos(lon * _BD_TURNS)
    return Point(far * cos(turned) + 0.0065, far * sin(turned) + 0.006)


def wgs84_to_bd09(lon: float, lat: float) -> Point:
    """As 百度 draws it; outside the country unchanged."""
    return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat)) if CHINA.hold(lon, lat) else Point(lon, lat)


def bd09_to_wgs84(lon: float, lat: float) -> Point:
    """Back from a map of 百度, to well under half a metre; outside the country unchanged."""
    return _undone(wgs84_to_bd09, lon, lat)


def _undone(shifted: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    """The point that is shifted to this one: guessed, shifted, corrected by what is missing."""
    if not CHINA.hold(lon, lat):
        return Point(lon, lat)
    guess = Point(lon, lat)
    for _ in range(_STEPS):
        there = shifted(*guess)
        miss = (lon - there.lon, lat - there.lat)
        guess = Point(guess.lon + miss[0], guess.lat + miss[1])
        if max(map(abs, miss)) < _CLOSE:
            break
    return guess
