"""A place as typed at the desk, in which a link of a map app may stand: words and position."""

from dataclasses import dataclass
from decimal import Decimal

from app.maps.pasted import read_pasted


@dataclass(frozen=True, slots=True)
class Placed:
    """The place without the link, and the position it told in WGS 84, if any."""

    words: str
    lon: Decimal | None = None
    lat: Decimal | None = None


def placed(typed: str) -> Placed:
    """What the place field says."""
    found = read_pasted(typed)
    if found is None:
        return Placed(typed)
    lon, lat = (Decimal(f"{part:.6f}") for part in found.point)
    return Placed(found.rest, lon, lat)
