"""Reads raster tiles from one local PMTiles file (version 3), by offset, without loading it.

Never writes to it. Vector tiles are refused at start: browsers here draw pictures only.
"""

import gzip
import json
import os
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Final

from pmtiles import tile as packed

from app.maps.rules import Tile

_MAGIC: Final = b"PMTiles"
_HEADER: Final = 127  # bytes
_DEEP: Final = 4  # directories within directories at most, as the format says
_KEPT: Final = 16  # directories; one leads to some thousand tiles and takes under 1 MB
_UNREADABLE: Final = (OSError, EOFError, ValueError, IndexError, zlib.error)
_NOT_PACKED: Final = (packed.MagicNumberNotFound, packed.SpecVersionUnsupported)
_TYPES: Final = {
    packed.TileType.PNG: "image/png",
    packed.TileType.JPEG: "image/jpeg",
    packed.TileType.WEBP: "image/webp",
}


def is_packed(path: Path) -> bool:
    """Whether the file says of itself that it is one of these, whatever it is called."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


class PackedTiles:
    """One file, opened once; a read tells its own offset, so readers need no turns."""

    def __init__(self, path: Path) -> None:
        """Open the file.

        Raises:
            ValueError: it is no raster PMTiles file.
        """
        self._file = os.open(path, os.O_RDONLY)
        try:
            self._header = packed.deserialize_header(os.pread(self._file, _HEADER, 0))
            self._directory = lru_cache(_KEPT)(self._read_directory)
            self._directory(self._header["root_offset"], self._header["root_length"])
            self._about = self._read_about()
        except (*_UNREADABLE, *_NOT_PACKED) as error:
            os.close(self._file)
            msg = f"CIVICWINDOW_MAP_TILES_FILE is no PMTiles file of version 3: {path.name}"
            raise ValueError(msg) from error
        if refusal := self._refusal():
            os.close(self._file)
            raise ValueError(refusal)

    @property
    def attribution(self) -> str:
        """Whose map it is, as the file says itself."""
        return str(self._about.get("attribution", ""))

    @property
    def max_zoom(self) -> int | None:
        """The deepest level of the file."""
        return self._header["max_zoom"]

    def read(self, tile: Tile) -> tuple[bytes, str] | None:
        """The picture and its type; None where the file has none, or is damaged there."""
        try:
            found = self._find(packed.zxy_to_tileid(tile.z, tile.x, tile.y))
        except _UNREADABLE:
            return None
        if found is None:
            return None
        data = os.pread(self._file, found.length, self._header["tile_data_offset"] + found.offset)
        return (data, _TYPES[self._header["tile_type"]]) if len(data) == found.length else None

    def _find(self, tile_id: int) -> packed.Entry | None:
        at, length = self._header["root_offset"], self._header["root_length"]
        for _ in range(_DEEP):
            entry = packed.find_tile(self._directory(at, length), tile_id)
            if entry is None or entry.run_length:
                return entry
            at, length = self._header["leaf_directory_offset"] + entry.offset, entry.length
        return None

    def _read_directory(self, at: int, length: int) -> list[packed.Entry]:
        return packed.deserialize_directory(os.pread(self._file, length, at))

    def _read_about(self) -> dict[str, object]:
        raw = os.pread(self._file, self._header["metadata_length"], self._header["metadata_offset"])
        about = json.loads(gzip.decompress(raw)) if raw else {}
        return about if isinstance(about, dict) else {}

    def _refusal(self) -> str:
        """What is wrong with its tiles; empty where nothing is."""
        kind = self._header["tile_type"]
        if kind in (packed.TileType.MVT, packed.TileType.MLT):
            return "CIVICWINDOW_MAP_TILES_FILE holds vector tiles; raster tiles are needed"
        is_plain = self._header["tile_compression"] in (
            packed.Compression.NONE,
            packed.Compression.UNKNOWN,
        )
        if kind not in _TYPES or not is_plain:
            return "CIVICWINDOW_MAP_TILES_FILE holds no plain PNG, JPEG or WebP tiles"
        return ""
