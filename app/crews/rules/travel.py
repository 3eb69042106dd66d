"""How long a way through a city takes, as the crow flies and a rule of thumb; no road network.

Whole metres and minutes, so that the same places give the same answer on every machine.
"""

from math import ceil
from typing import Final

from app.kernel.geo import distance_m

LonLat = tuple[float, float]
_DETOUR: Final = 1.4  # streets against the straight line
_METRES_A_MINUTE: Final = 25_000 / 60  # a repair van in traffic


def metres_between(one: LonLat, other: LonLat) -> int:
    """The straight line in whole metres."""
    return round(distance_m(one, other))


def minutes_for(metres: int) -> int:
    """Minutes of driving for a straight line of so many metres."""
    return ceil(metres * _DETOUR / _METRES_A_MINUTE)
