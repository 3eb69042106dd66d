"""Makes parts of a photo unrecognisable: faces, plates, house numbers, before it is shown to all.

A hidden part becomes a handful of flat fields of its own mean colours; what was there cannot be
reckoned back. Knows no matter and keeps no file.
"""

from collections.abc import Iterable
from io import BytesIO
from threading import Lock
from typing import Final

from PIL import Image

from app.kernel.errors import InvalidError
from app.kernel.files import FileStore
from app.web.uploads.accepting import THUMBNAIL
from app.web.uploads.sentences import DAMAGED

# x, y, width, height in thousandths of the picture.
Part = tuple[int, int, int, int]

_SHARES: Final = 1000
_FIELDS: Final = 4  # flat fields along each side of a hidden part
_THUMBNAIL_EDGE: Final = 480
_QUALITY: Final = 85
_FORMATS: Final = ["JPEG", "PNG", "WEBP"]
_one_at_a_time = Lock()  # a decoded photo takes much memory


def keep_hidden(store: FileStore, sha256: str, parts: Iterable[Part]) -> str:
    """The name of a copy of this photo with these parts hidden, kept with its thumbnail (JPEG).

    Raises:
        NotFoundError: the photo is not in the store.
        InvalidError: it cannot be read any more.
        UnavailableError: the store is full or broken.
    """
    picture, thumbnail = _drawn(store.read(sha256), parts)
    name = store.put(picture)
    store.put_variant(name, THUMBNAIL, thumbnail)
    return name


def hide(data: bytes, parts: Iterable[Part]) -> bytes:
    """The photo as JPEG with these parts hidden, without keeping it.

    Raises:
        InvalidError: it cannot be read any more.
    """
    return _drawn(data, parts)[0]


def _drawn(data: bytes, parts: Iterable[Part]) -> tuple[bytes, bytes]:
    with _one_at_a_time:
        try:
            with Image.open(BytesIO(data), formats=_FORMATS) as image:
                picture = image.convert("RGB")
        except Exception as error:  # whatever a decoder stumbles over, the photo is not shown
            raise InvalidError(DAMAGED) from error
        for part in parts:
            _flatten(picture, part)
        small = picture.copy()
        small.thumbnail((_THUMBNAIL_EDGE, _THUMBNAIL_EDGE))
        return _saved(picture), _saved(small)


def _flatten(picture: Image.Image, part: Part) -> None:
    x, y, width, height = part
    left, top = picture.width * x // _SHARES, picture.height * y // _SHARES
    # Outwards to whole pixels: an edge of what was to be hidden must not stay.
    right = min(picture.width, -(-picture.width * (x + width) // _SHARES))
    bottom = min(picture.height, -(-picture.height * (y + height) // _SHARES))
    box = (left, top, max(right, left + 1), max(bottom, top + 1))
    what = picture.crop(box)
    few = what.resize((_FIELDS, _FIELDS), Image.Resampling.BOX)
    picture.paste(few.resize(what.size, Image.Resampling.NEAREST), box)


def _saved(picture: Image.Image) -> bytes:
    target = BytesIO()
    picture.save(target, "JPEG", quality=_QUALITY)
    return target.getvalue()
