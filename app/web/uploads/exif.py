"""Reads from a photo where and when it was taken, to be offered to the person who sends it.

What it cannot read it leaves out; a photo is never refused for its notes.
"""

import math
from datetime import UTC, datetime, tzinfo
from typing import Any, Final, NamedTuple

from PIL.Image import Exif

_EXIF_IFD: Final = 0x8769
_GPS_IFD: Final = 0x8825
_TAKEN: Final = 0x9003
_OFFSET: Final = 0x9011
_LAT_REF, _LAT, _LON_REF, _LON = 1, 2, 3, 4


class Position(NamedTuple):
    """Degrees in WGS 84, as the camera wrote them."""

    lon: float
    lat: float


def position(exif: Exif) -> Position | None:
    """Where the photo says it was taken; None for none, for nonsense and for 0/0."""
    try:
        gps: dict[int, Any] = exif.get_ifd(_GPS_IFD)
        lat = _degrees(gps[_LAT], gps[_LAT_REF], "S")
        lon = _degrees(gps[_LON], gps[_LON_REF], "W")
    except Exception:  # noqa: BLE001  # hostile notes must not cost a citizen the photo
        return None
    is_nowhere = lat == 0 and lon == 0
    is_on_earth = abs(lat) <= 90 and abs(lon) <= 180  # noqa: PLR2004  # degrees; false for NaN
    return Position(lon, lat) if is_on_earth and not is_nowhere else None


def _degrees(parts: tuple[float, float, float], ref: str, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value):
        return math.nan
    return round(-value if str(ref).upper().startswith(negative) else value, 6)


def taken_at(exif: Exif, zone: tzinfo) -> datetime | None:
    """When the photo says it was taken; without an offset the camera's clock was in `zone`."""
    try:
        notes: dict[int, Any] = exif.get_ifd(_EXIF_IFD)
        offset = str(notes.get(_OFFSET, "")).strip(" \0")
        written = str(notes[_TAKEN]).strip(" \0")
        if offset:
            at = datetime.strptime(f"{written} {offset}", "%Y:%m:%d %H:%M:%S %z")
        else:
            local = datetime.strptime(written, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  # zone next line
            at = local.replace(tzinfo=zone)
        return at.astimezone(UTC)
    except Exception:  # noqa: BLE001  # as above
        return None
