"""Takes the photos a program sent into the store: drawn anew, without the notes inside them.

A link is kept as words: this house opens no address a stranger names (docs/decisions, media).
"""

from typing import Final

from fastapi import Request
from starlette.datastructures import UploadFile

from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.open311.asked import Asked
from app.web.uploads import StoredUpload, take_files
from app.web.uploads.sniffing import Format, sniff

_FIELD: Final = "media"  # FixMyStreet calls its parts photo1, photo2, …; all mean the same
_HEAD: Final = 64  # bytes that tell what a file is


def take(request: Request, asked: Asked) -> tuple[StoredUpload, ...]:
    """Check and store the photos, all or none; called outside any transaction.

    Raises:
        InvalidError: one is no photo we can read, or there are too many.
        UnavailableError: the store is full or broken.
    """
    if not asked.files:
        return ()
    if not all(map(_is_photo, asked.files)):
        raise InvalidError(fields={_FIELD: mark("Send photos only: JPEG, PNG, WebP or HEIC.")})
    return take_files(request, asked.files, _FIELD)


def _is_photo(file: UploadFile) -> bool:
    file.file.seek(0)
    return sniff(file.file.read(_HEAD)) not in (None, Format.PDF)
