"""Fetches tiles from 天地图, the national map service, with the operator's key.

The key stays in this process. One tile is its base layer with its labels drawn on it; whatever
goes wrong is one error, and nothing is tried twice.
"""

import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from io import BytesIO
from threading import Timer
from typing import Final
from urllib.parse import urlencode, urlsplit

from PIL import Image

from app.maps.rules import TILE_EDGE, Tile

ATTRIBUTION: Final = "国家地理信息公共服务平台（天地图）"
# Web Mercator ("w"): the base map and the names on it come as two pictures.
_LAYERS: Final = ("vec", "cva")
_MOST_BYTES: Final = 1_000_000
_OK: Final = 200
_FORMATS: Final = ["PNG", "JPEG", "WEBP"]


class TileError(Exception):
    """The service did not give the tile; the words are for the log."""


@dataclass(frozen=True, slots=True)
class Tianditu:
    """The service at one address. `timeout` in seconds counts for each layer."""

    url: str
    key: str = field(repr=False)
    timeout: float = 3.0

    def fetch(self, tile: Tile) -> bytes:
        """The tile as PNG.

        Raises:
            TileError: not reached, refused, too slow, or no picture.
        """
        base, *labels = (self._layer(name, tile) for name in _LAYERS)
        for each in labels:
            base.alpha_composite(each)
        target = BytesIO()
        base.convert("RGB").save(target, "PNG", optimize=False)
        return target.getvalue()

    def _layer(self, name: str, tile: Tile) -> Image.Image:
        try:
            with Image.open(BytesIO(self._get(name, tile)), formats=_FORMATS) as image:
                if image.size != (TILE_EDGE, TILE_EDGE):
                    msg = "not the size of a tile"
                    raise TileError(msg)
                return image.convert("RGBA")
        except (OSError, ValueError, HTTPException, SyntaxError) as error:
            raise TileError(type(error).__name__) from error

    def _get(self, name: str, tile: Tile) -> bytes:
        connection = self._connection()
        # A service that answers byte by byte must not hold a thread for ever.
        last_call = Timer(2 * self.timeout, _hang_up, (connection,))
        last_call.daemon = True
        last_call.start()
        try:
            connection.request("GET", self._path(name, tile))
            answer = connection.getresponse()
            if answer.status != _OK:
                msg = f"HTTP {answer.status}"
                raise TileError(msg)
            return answer.read(_MOST_BYTES)
        finally:
            last_call.cancel()
            connection.close()

    def _connection(self) -> HTTPConnection:
        parts = urlsplit(self.url)
        host = parts.hostname or ""
        if parts.scheme == "https":
            context = ssl.create_default_context()
            return HTTPSConnection(host, parts.port, timeout=self.timeout, context=context)
        return HTTPConnection(host, parts.port, timeout=self.timeout)

    def _path(self, name: str, tile: Tile) -> str:
        asked = {
            "SERVICE": "WMTS",
            "REQUEST": "GetTile",
            "VERSION": "1.0.0",
            "LAYER": name,
            "STYLE": "default",
            "TILEMATRIXSET": "w",
            "FORMAT": "tiles",
            "TILEMATRIX": tile.z,
            "TILEROW": tile.y,
            "TILECOL": tile.x,
            "tk": self.key,
        }
        return f"{urlsplit(self.url).path.rstrip('/')}/{name}_w/wmts?{urlencode(asked)}"


def _hang_up(connection: HTTPConnection) -> None:
    with suppress(OSError):
        if connection.sock is not None:
            connection.sock.shutdown(socket.SHUT_RDWR)
