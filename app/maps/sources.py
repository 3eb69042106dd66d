"""Which source stands behind our one tile address, and what is answered when it fails.

天地图 through a shelf on disk, a local file, or none. A service that does not answer is left
alone for half a minute, and only some threads ever wait for it at once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from io import BytesIO
from threading import BoundedSemaphore
from typing import Final

import structlog
from PIL import Image

from app.maps.packedtiles import PackedTiles, is_packed
from app.maps.rules import MAX_ZOOM, TILE_EDGE, Bounds, Tile
from app.maps.shapes import boundaries
from app.maps.shelf import TileShelf
from app.maps.tianditu import ATTRIBUTION, Tianditu, TileError
from app.maps.tilefile import TileFile
from app.settings import Settings

PNG: Final = "image/png"
_WAITERS: Final = 8  # half the threads of a process: pages are always answered
_LEFT_ALONE: Final = timedelta(seconds=30)
_GREY: Final = (226, 228, 231)
_log = structlog.get_logger("maps")


@dataclass(frozen=True, slots=True)
class Answer:
    """A picture to send. One `is_passing` nobody may keep; `is_missing` is grey for now."""

    data: bytes
    content_type: str = PNG
    is_passing: bool = False
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Where tiles come from, who is to be named for them, and how deep they go."""

    answer: Callable[[Tile, datetime], Answer]
    attribution: str
    max_zoom: int = MAX_ZOOM
    is_approved: bool = True  # may be shown to the public (地图管理条例: 审图号)


@cache
def grey() -> bytes:
    """What stands where a tile is not to be had."""
    target = BytesIO()
    Image.new("RGB", (TILE_EDGE, TILE_EDGE), _GREY).save(target, "PNG")
    return target.getvalue()


@lru_cache(maxsize=8)
def source_of(settings: Settings) -> Source | None:
    """The source this house has, opened once; None where maps are drawn from boundaries.

    Raises:
        ValueError: the tile file named is none.
    """
    if settings.map_tianditu_key:
        shapes = boundaries(settings.data_dir, is_demo=settings.demo)
        fetched = _Fetched(
            Tianditu(settings.map_tianditu_url, settings.map_tianditu_key),
            TileShelf(
                settings.data_dir / "tiles",
                most_bytes=settings.map_cache_mb * 1_000_000,
                keeps=timedelta(days=settings.map_cache_days),
            ),
            shapes.bounds if shapes else None,
        )
        return Source(fetched.answer, _named(settings, ATTRIBUTION))
    if settings.map_tiles_file is not None:
        path = settings.map_tiles_file
        file = PackedTiles(path) if is_packed(path) else TileFile(path)
        deepest = min(file.max_zoom or MAX_ZOOM, MAX_ZOOM)
        named = _named(settings, file.attribution)
        is_approved = bool(settings.map_approval)
        return Source(_FromFile(file).answer, named, deepest, is_approved=is_approved)
    return None


def _named(settings: Settings, attribution: str) -> str:
    return " ".join(
        part for part in (settings.map_attribution or attribution, settings.map_approval) if part
    )


@dataclass(frozen=True, slots=True)
class _FromFile:
    file: TileFile | PackedTiles

    def answer(self, tile: Tile, _now: datetime) -> Answer:
        found = self.file.read(tile)
        return Answer(*found) if found else Answer(grey())


class _Fetched:
    """Tiles of 天地图: from the shelf while they are fresh, else from the service."""

    def __init__(self, service: Tianditu, shelf: TileShelf, city: Bounds | None) -> None:
        self._service = service
        self._shelf = shelf
        self._city = city
        self._waiters = BoundedSemaphore(_WAITERS)
        self._left_alone_until: datetime | None = None

    def answer(self, tile: Tile, now: datetime) -> Answer:
        if self._city is not None and not tile.touches(self._city):
            return Answer(grey())  # the key has a daily quota: nobody walks the world on it
        kept = self._shelf.find(tile, now=now)
        if kept is not None and not kept.is_old:
            return Answer(kept.data)
        data = self._fetch(tile, now)
        if data is not None:
            return Answer(data)
        if kept is not None:
            return Answer(kept.data, is_passing=True)
        return Answer(grey(), is_passing=True, is_missing=True)

    def _fetch(self, tile: Tile, now: datetime) -> bytes | None:
        until = self._left_alone_until
        if (until is not None and now < until) or not self._waiters.acquire(blocking=False):
            return None
        try:
            data = self._service.fetch(tile)
        except TileError as error:
            self._left_alone_until = now + _LEFT_ALONE
            _log.warning("no tile from the map service", said=str(error))
            return None
        finally:
            self._waiters.release()
        self._left_alone_until = None
        self._shelf.put(tile, data, now=now)
        return data
