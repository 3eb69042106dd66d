"""Takes the photos a program sent into the store: drawn anew, without the notes inside them.

A link is kept as words: this house opens no address a stranger names (docs/decisions, media).
"""

from typing import Final

from fastapi import Request
from starlette.datastructures import UploadFile

from app.kernel.errors import InvalidError
from app.kernel.files import FileStore
from app.kernel.messages import mark
from app.open311.asked import Asked
from app.open311.service import Media
from app.settings import Settings
from app.web.ui import zone_of
from app.web.uploads import Limits, accept_all
from app.web.uploads.sniffing import Format, sniff

_FIELD: Final = "media"  # FixMyStreet calls its parts photo1, photo2, …; all mean the same
_HEAD: Final = 64  # bytes that tell what a file is


def take(request: Request, asked: Asked) -> tuple[Media, ...]:
    """Check and store the photos, all or none; called outside any transaction.

    Raises:
        InvalidError: one is no photo we can read, or there are too many.
        UnavailableError: the store is full or broken.
    """
    if not asked.files:
        return ()
    if not all(map(_is_photo, asked.files)):
        raise InvalidError(fields={_FIELD: mark("Send photos only: JPEG, PNG, WebP or HEIC.")})
    settings: Settings = request.app.state.settings
    stored = accept_all(
        asked.files,
        store=FileStore(settings.data_dir / "files"),
        field=_FIELD,
        limits=Limits(max_bytes=settings.max_file_bytes, max_files=settings.max_files),
        zone=zone_of(settings.zone),
    )
    return tuple(
        Media(each.sha256, each.content_type, each.size, each.width, each.height) for each in stored
    )


def _is_photo(file: UploadFile) -> bool:
    file.file.seek(0)
    return sniff(file.file.read(_HEAD)) not in (None, Format.PDF)
