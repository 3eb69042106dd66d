"""Files of a form into the store of this installation, within its limits, and one of them back.

Checks no right: the page that calls it has found out who may send and see them.
"""

from collections.abc import Sequence
from typing import Protocol

from fastapi import Request
from starlette.responses import FileResponse

from app.kernel.files import FileStore, store_in
from app.settings import Settings
from app.web.ui import zone_of
from app.web.uploads.accepting import Limits, Source, StoredUpload, accept_all
from app.web.uploads.serving import serve


class Served(Protocol):
    """What of a file is known where it is asked for."""

    @property
    def sha256(self) -> str: ...
    @property
    def content_type(self) -> str: ...


def store_of(request: Request) -> FileStore:
    """Where files lie."""
    settings: Settings = request.app.state.settings
    return store_in(settings.data_dir)


def take_files(
    request: Request,
    sources: Sequence[Source],
    field: str,
    *,
    only_photos: bool = False,
    most: int | None = None,
) -> tuple[StoredUpload, ...]:
    """Check and store the files of a form's field; called outside any transaction.

    At most `most` of them, or as many as the settings allow.

    Raises:
        InvalidError: a file was refused; the sentence stands under the field.
        UnavailableError: the store is full or broken.
    """
    settings: Settings = request.app.state.settings
    limits = Limits(
        max_bytes=settings.max_file_bytes,
        max_files=most or settings.max_files,
        only_photos=only_photos,
    )
    zone = zone_of(settings.zone)
    return accept_all(sources, store=store_of(request), field=field, limits=limits, zone=zone)


def send_file(request: Request, file: Served, *, name: str) -> FileResponse:
    """The file, or with `?size=small` its thumbnail; for whom it is was checked before."""
    is_photo = file.content_type.startswith("image/")
    is_small = request.query_params.get("size") == "small"
    return serve(
        store_of(request),
        file.sha256,
        file.content_type,
        name=name,
        thumbnail=is_photo and is_small,
    )
