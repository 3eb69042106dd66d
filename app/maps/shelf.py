"""Keeps fetched tiles on disk: for a while, and never more than so many bytes.

The oldest go first. A tile past its time is kept until a newer one comes, for when the service
does not answer.
"""

import os
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import Final

from app.maps.rules import Tile

_LEFT: Final = 0.8  # of what may be kept, after the oldest have gone


@dataclass(frozen=True, slots=True)
class Kept:
    """A tile from the disk, and whether it is past its time."""

    data: bytes
    is_old: bool


class TileShelf:
    """One folder of tiles, `z/x/y.png`."""

    def __init__(self, root: Path, *, most_bytes: int, keeps: timedelta) -> None:
        self._root = root
        self._most = most_bytes
        self._keeps = keeps
        self._total: int | None = None  # counted when something is first put there
        self._lock = Lock()

    def find(self, tile: Tile, *, now: datetime) -> Kept | None:
        """The tile, if it was ever kept and has not had to go."""
        place = self._place(tile)
        try:
            written = place.stat().st_mtime
            return Kept(place.read_bytes(), now.timestamp() - written > self._keeps.total_seconds())
        except OSError:
            return None

    def put(self, tile: Tile, data: bytes, *, now: datetime) -> None:
        """Keep the tile; a disk that takes nothing is no reason to show nothing."""
        place = self._place(tile)
        try:
            before = place.stat().st_size if place.exists() else 0
            _write_whole(place, data, now)
        except OSError:
            return
        with self._lock:
            if self._total is None:
                self._total = sum(size for _, size, _ in self._all())
            else:
                self._total += len(data) - before
            if self._total > self._most:
                self._make_room()

    def _make_room(self) -> None:
        oldest_first = sorted(self._all())
        total = sum(size for _, size, _ in oldest_first)
        for _, size, place in oldest_first:
            if total <= self._most * _LEFT:
                break
            place.unlink(missing_ok=True)
            total -= size
        self._total = total

    def _all(self) -> list[tuple[float, int, Path]]:
        found = []
        for place in self._root.glob("*/*/*.png"):
            state = place.stat()
            found.append((state.st_mtime, state.st_size, place))
        return found

    def _place(self, tile: Tile) -> Path:
        return self._root / str(tile.z) / str(tile.x) / f"{tile.y}.png"


def _write_whole(place: Path, data: bytes, now: datetime) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=".part-")
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    os.utime(name, (now.timestamp(), now.timestamp()))
    Path(name).replace(place)
