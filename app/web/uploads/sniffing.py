"""Says what a file is by its first bytes.

Knows only the five kinds that are accepted; everything else is nothing.
"""

from enum import StrEnum
from typing import Final


class Format(StrEnum):
    """A format we can read, by its content type."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    HEIC = "image/heic"
    PDF = "application/pdf"


# The brands of still pictures in HEVC; others in the same container are films or AV1.
_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"mif1"})


def sniff(data: bytes) -> Format | None:
    """The format of these bytes, or None for one that is not accepted."""
    if data.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if data.startswith(b"%PDF-"):
        return Format.PDF
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Format.WEBP
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return Format.HEIC
    return None
