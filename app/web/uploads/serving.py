"""Sends a stored file so that a browser can do nothing with it but show or save it.

Checks no right: the page that calls it has found out that this person may see the case.
"""

from typing import Final

from starlette.responses import FileResponse

from app.kernel.files import FileStore
from app.web.uploads.accepting import THUMBNAIL
from app.web.uploads.sniffing import Format

_SHOWN: Final = {Format.JPEG: "jpg", Format.PNG: "png", Format.WEBP: "webp"}
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Only this browser, and not for long: the right to see a case can end.
    "Cache-Control": "private, max-age=3600",
}


def serve(
    store: FileStore, sha256: str, content_type: str, *, name: str, thumbnail: bool = False
) -> FileResponse:
    """Photos inline, everything else as a download called `name` with the fitting ending.

    `name` is ours (such as case number and place in the list), never the sender's.

    Raises:
        NotFoundError: the file is not in the store.
    """
    if thumbnail:
        path, content_type = store.path(sha256, THUMBNAIL), Format.JPEG
    else:
        path = store.path(sha256)
    is_shown = content_type in _SHOWN
    is_pdf = content_type == Format.PDF
    ending = _SHOWN[Format(content_type)] if is_shown else "pdf" if is_pdf else "bin"
    return FileResponse(
        path,
        media_type=content_type if is_shown or is_pdf else "application/octet-stream",
        filename=f"{name}.{ending}",
        content_disposition_type="inline" if is_shown else "attachment",
        headers=_HEADERS,
    )
