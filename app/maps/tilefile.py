"""Reads raster tiles from one local MBTiles file (a SQLite database; MBTiles 1.3).

Never writes to it. Vector tiles are refused at start: browsers here draw pictures only.
"""

import sqlite3
from pathlib import Path
from threading import Lock
from typing import Final

from app.maps.rules import Tile

_TYPES: Final = {
    b"\x89PNG": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"RIFF": "image/webp",
}
_TILE: Final = (
    "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
)


class TileFile:
    """One file, opened once; a read takes microseconds, so readers take turns."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            ValueError: there is no such file, or it is no raster MBTiles file.
        """
        if not path.is_file():
            msg = f"CIVICWINDOW_MAP_TILES_FILE names no file: {path.name}"
            raise ValueError(msg)
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._lock = Lock()
        self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        try:
            self._about = dict(self._database.execute("SELECT name, value FROM metadata"))
            self._database.execute(_TILE, (0, 0, 0))
        except sqlite3.DatabaseError as error:
            msg = (
                f"CIVICWINDOW_MAP_TILES_FILE is neither an MBTiles nor a PMTiles file: {path.name}"
            )
            raise ValueError(msg) from error
        if self._about.get("format") == "pbf":
            msg = "CIVICWINDOW_MAP_TILES_FILE holds vector tiles; raster tiles are needed"
            raise ValueError(msg)

    @property
    def attribution(self) -> str:
        """Whose map it is, as the file says itself."""
        return str(self._about.get("attribution", ""))

    @property
    def max_zoom(self) -> int | None:
        """The deepest level of the file, if it says so."""
        said = str(self._about.get("maxzoom", ""))
        return int(said) if said.isdecimal() else None

    def read(self, tile: Tile) -> tuple[bytes, str] | None:
        """The picture and its type; None where the file has none."""
        row = (1 << tile.z) - 1 - tile.y  # rows are counted from the south (TMS)
        with self._lock:
            found = self._database.execute(_TILE, (tile.z, tile.x, row)).fetchone()
        if found is None:
            return None
        data = bytes(found[0])
        kind = next((kind for sign, kind in _TYPES.items() if data.startswith(sign)), None)
        return (data, kind) if kind else None
