"""What a map in the browser is told: where its tiles or boundaries are and whom to name.

No key and no outside address is ever in it; points and fields are the page's own.
"""

from typing import Any, Final

from app.maps.rules import Bounds
from app.maps.shapes import URL, boundaries
from app.maps.sources import source_of
from app.settings import Settings

TILES: Final = "/tiles/{z}/{x}/{y}"
_ZOOM: Final = 12


def base_map(settings: Settings, *, is_public: bool) -> dict[str, Any] | None:
    """The map without anything on it; None where the city has given neither tiles nor shapes.

    What is shown to the public must be an approved map (地图管理条例 art. 15): tiles from a file
    are for staff only until the operator has told its 审图号.
    """
    shapes = boundaries(settings.data_dir, is_demo=settings.demo)
    if shapes is None:
        return None
    source = source_of(settings)
    if source is not None and is_public and not source.is_approved:
        source = None
    return {
        "center": shapes.centre,
        "zoom": _ZOOM,
        "deepest": source.max_zoom if source else 18,
        "tiles": TILES if source else "",
        "attribution": source.attribution if source else "",
        "boundaries": URL,
        "bounds": corners(shapes.bounds),
        "points": [],
    }


def corners(around: Bounds) -> list[list[float]]:
    """A rectangle as the browser's map takes it: latitude first, south-west and north-east."""
    return [[around.south, around.west], [around.north, around.east]]
