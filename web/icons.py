"""Draws the crew app's icons as PNG from a few rectangles, with nothing but the standard library.

Phones want PNG where a page may use SVG; a picture that is drawn need not be kept as a file.
"""

import struct
import zlib
from collections.abc import Mapping
from typing import Final

Colour = tuple[int, int, int]
BLUE: Final[Colour] = (11, 74, 148)
WHITE: Final[Colour] = (255, 255, 255)
AMBER: Final[Colour] = (255, 191, 0)

# The window of icon.svg over a kerb in amber, in 32nds of the edge: left, top, right, bottom.
# Everything lies within the middle 80 %, so that a phone may cut any shape out of it.
_SHAPES: Final[tuple[tuple[int, int, int, int, Colour], ...]] = (
    (0, 0, 32, 32, BLUE),
    (9, 6, 23, 22, WHITE),
    (10, 7, 15, 13, BLUE),
    (17, 7, 22, 13, AMBER),
    (10, 15, 15, 21, BLUE),
    (17, 15, 22, 21, BLUE),
    (7, 24, 12, 26, AMBER),
    (14, 24, 18, 26, WHITE),
    (20, 24, 25, 26, AMBER),
)
SIZES: Final[Mapping[str, int]] = {
    "crew-180.png": 180,  # iOS
    "crew-192.png": 192,
    "crew-512.png": 512,
}


def drawn(edge: int) -> bytes:
    """The icon as a PNG of `edge` × `edge` pixels."""
    rows = [b"\0" + b"".join(bytes(_colour(x, y, edge)) for x in range(edge)) for y in range(edge)]
    header = struct.pack(">IIBBBBB", edge, edge, 8, 2, 0, 0, 0)
    body = zlib.compress(b"".join(rows), 9)
    parts = _part(b"IHDR", header) + _part(b"IDAT", body) + _part(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def _colour(x: int, y: int, edge: int) -> Colour:
    across, down = x * 32 // edge, y * 32 // edge
    return next(
        colour
        for left, top, right, bottom, colour in reversed(_SHAPES)
        if left <= across < right and top <= down < bottom
    )


def _part(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
