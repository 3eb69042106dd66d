"""Takes files from a form, all or none, and puts what is left of them into the store.

Refuses with one sentence each; names of files are not kept, they often name people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from starlette.datastructures import UploadFile

from app.kernel.errors import InvalidError
from app.kernel.files import FileStore
from app.kernel.messages import mark
from app.web.uploads import documents, pictures
from app.web.uploads.exif import Position
from app.web.uploads.sniffing import Format, sniff

THUMBNAIL: Final = "thumb"
_CHINA: Final = ZoneInfo("Asia/Shanghai")

Source = UploadFile | bytes


class FileKind(StrEnum):
    """How a page shows a file: as a picture or as a name to click."""

    PHOTO = "photo"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Limits:
    """What is taken at most; `max_edge` is what a longer picture is reduced to."""

    max_bytes: int = 12_000_000
    max_files: int = 6
    max_pixels: int = 26_000_000
    max_edge: int = 3200
    only_photos: bool = False


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """A file in the store. `position` and `taken_at` are offers from its notes, kept nowhere."""

    sha256: str
    kind: FileKind
    content_type: str
    size: int
    width: int | None = None
    height: int | None = None
    position: Position | None = None
    taken_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Ready:
    """A file that may be stored."""

    data: bytes
    format: Format
    picture: pictures.Picture | None = None


def accept(
    source: Source,
    *,
    store: FileStore,
    limits: Limits = Limits(),
    zone: tzinfo = _CHINA,
) -> StoredUpload:
    """Check one file and keep it. Call it outside a transaction: it decodes and waits for disk.

    Raises:
        InvalidError: not accepted; the sentence says why and what to do.
        UnavailableError: the store is full or broken; nothing is left behind.
    """
    return _stored(_checked(source, limits, zone), store)


def accept_all(
    sources: Sequence[Source],
    *,
    store: FileStore,
    field: str,
    limits: Limits = Limits(),
    zone: tzinfo = _CHINA,
) -> tuple[StoredUpload, ...]:
    """Check all files of a form's field, then keep them; after a refusal none is kept.

    Raises:
        InvalidError: which file, and under `field` why.
        UnavailableError: the store is full or broken.
    """
    if len(sources) > limits.max_files:
        sentence = mark("These are too many files. Choose fewer and send the rest later.")
        raise InvalidError(sentence, fields={field: sentence})
    ready: list[_Ready] = []
    for number, source in enumerate(sources, 1):
        try:
            ready.append(_checked(source, limits, zone))
        except InvalidError as refusal:
            raise InvalidError(
                mark("File %(number)s was not accepted."),
                fields={field: refusal.msgid},
                number=number,
            ) from refusal
    return tuple(_stored(each, store) for each in ready)


def _checked(source: Source, limits: Limits, zone: tzinfo) -> _Ready:
    data = source if isinstance(source, bytes) else _read(source, limits.max_bytes + 1)
    if not data:
        raise InvalidError(mark("This file is empty. Choose it again."))
    if len(data) > limits.max_bytes:
        raise InvalidError(mark("This file is too large. Send a smaller one."))
    found = sniff(data)
    if limits.only_photos and found in (None, Format.PDF):
        raise InvalidError(mark("Only photos can be sent here: JPEG, PNG, WebP or HEIC."))
    if found is None:
        raise InvalidError(
            mark("This is not a photo or PDF we can read. Send JPEG, PNG, WebP, HEIC or PDF.")
        )
    if found is Format.PDF:
        documents.check(data)
        return _Ready(data, found)
    picture = pictures.redraw(
        data, found, max_pixels=limits.max_pixels, max_edge=limits.max_edge, zone=zone
    )
    return _Ready(picture.data, picture.format, picture)


def _read(upload: UploadFile, most: int) -> bytes:
    upload.file.seek(0)
    return upload.file.read(most)


def _stored(ready: _Ready, store: FileStore) -> StoredUpload:
    sha256 = store.put(ready.data)
    picture = ready.picture
    if picture is None:
        return StoredUpload(sha256, FileKind.DOCUMENT, str(ready.format), len(ready.data))
    store.put_variant(sha256, THUMBNAIL, picture.thumbnail)
    return StoredUpload(
        sha256,
        FileKind.PHOTO,
        str(ready.format),
        len(ready.data),
        picture.width,
        picture.height,
        picture.position,
        picture.taken_at,
    )
