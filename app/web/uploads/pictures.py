"""Decodes a photo and draws it anew, so that nothing but its picture is kept.

Refuses on the size in its header, before any decoding; holds one decoded picture at a time.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from io import BytesIO
from threading import Lock
from typing import Final

from PIL import Image, ImageOps

from app.kernel.errors import InvalidError
from app.web.uploads import heic
from app.web.uploads.exif import Position, position, taken_at
from app.web.uploads.sentences import DAMAGED, TOO_MANY_PIXELS
from app.web.uploads.sniffing import Format

THUMBNAIL_EDGE: Final = 480
_PILLOW_NAMES: Final = {
    Format.JPEG: "JPEG",
    Format.PNG: "PNG",
    Format.WEBP: "WEBP",
}
_SAVE_OPTIONS: Final[dict[Format, dict[str, int]]] = {
    Format.JPEG: {"quality": 85},
    Format.PNG: {"compress_level": 4},
    Format.WEBP: {"quality": 82, "method": 3},
}
# A decoded picture of 26 megapixels takes 100 MB: one at a time is enough for a process.
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo drawn anew, its thumbnail (JPEG), and what its notes offered."""

    data: bytes
    format: Format
    width: int
    height: int
    thumbnail: bytes
    position: Position | None
    taken_at: datetime | None


def redraw(data: bytes, given: Format, *, max_pixels: int, max_edge: int, zone: tzinfo) -> Picture:
    """The picture without EXIF, comments, colour profile or anything else beside it.

    Turned upright and at most `max_edge` pixels long; the first frame of a moving one.
    HEIC becomes JPEG, which every browser shows. A JPEG may have twice `max_pixels`,
    because it need not be decoded in full.

    Raises:
        InvalidError: too many pixels, or not a whole picture of this format.
    """
    with _one_at_a_time:
        try:
            if given is Format.HEIC:
                data, given = heic.to_jpeg(data, max_pixels=max_pixels), Format.JPEG
            with Image.open(BytesIO(data), formats=[_PILLOW_NAMES[given]]) as image:
                _check_size(image, max_pixels * (2 if given is Format.JPEG else 1))
                return _redrawn(image, given, max_edge, zone)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise InvalidError(TOO_MANY_PIXELS) from error
        except InvalidError:
            raise
        except Exception as error:  # whatever a decoder stumbles over, the file is refused
            raise InvalidError(DAMAGED) from error


def _check_size(image: Image.Image, max_pixels: int) -> None:
    if image.width * image.height > max_pixels:
        raise InvalidError(TOO_MANY_PIXELS)


def _redrawn(image: Image.Image, kept_as: Format, max_edge: int, zone: tzinfo) -> Picture:
    notes = image.getexif()
    where, when = position(notes), taken_at(notes, zone)
    shrunk = min(1.0, max_edge / max(image.size))
    # Lets JPEG decode at a half, quarter or eighth, which is what keeps memory small.
    image.draft("RGB", (int(image.width * shrunk), int(image.height * shrunk)))
    if image.mode not in {"RGB", "RGBA"}:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    image.thumbnail((max_edge, max_edge))
    ImageOps.exif_transpose(image, in_place=True)
    upright = _plain(image, kept_as)
    thumbnail = _plain(upright.copy(), Format.JPEG)
    thumbnail.thumbnail((THUMBNAIL_EDGE, THUMBNAIL_EDGE))
    return Picture(
        data=_saved(upright, kept_as),
        format=kept_as,
        width=upright.width,
        height=upright.height,
        thumbnail=_saved(thumbnail, Format.JPEG),
        position=where,
        taken_at=when,
    )


def _plain(image: Image.Image, kept_as: Format) -> Image.Image:
    """On white where the format knows no transparency; without attached notes."""
    if image.mode == "RGBA" and kept_as is Format.JPEG:
        white = Image.new("RGB", image.size, "white")
        white.paste(image, mask=image.getchannel("A"))
        image = white
    image.info.clear()  # Pillow writes profiles and comments it finds here
    return image


def _saved(image: Image.Image, kept_as: Format) -> bytes:
    target = BytesIO()
    image.save(target, _PILLOW_NAMES[kept_as], **_SAVE_OPTIONS[kept_as])
    return target.getvalue()
