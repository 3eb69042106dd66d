"""Handing a package over: to be read on the screen, printed, or taken along as a file.

Only by pressing a button, only after somebody noted who is asking; each time is written down.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep
from app.desk.pages.privacy.frame import language_of, require
from app.kernel.errors import NotFoundError
from app.kernel.files import FileStore, store_in
from app.privacy import copies, jobs, queries
from app.privacy.rules import number_of_request
from app.privacy.service import packaging
from app.settings import Settings
from app.web.forms import FormDep
from app.web.templating import render_text
from app.web.unlisted import unlisted

router = APIRouter(prefix="/privacy/requests")

_PAGE: Final = "privacy/package.html"
_SUFFIXES: Final = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}


@router.post("/{request_id}/hand-over")
def hand_over(request: Request, visit: VisitDep, request_id: int, form: FormDep) -> Response:
    """The package as a page, as JSON, or as a ZIP with both and every file."""
    settings: Settings = visit.edge.settings
    with visit.writing() as work:
        require(work)
        name, key = packaging.hand_over(
            work.session, request_id, by=work.author, now=work.now, officer=work.actor
        )
        whole = b"".join(jobs.packages(settings).pieces(name, key)).decode()
        text = packaging.for_officer(whole)
        files = queries.files_in(work.session, _file_ids(json.loads(text)))
        context = copies.readable(work.session, text, language_of(request))
    number = number_of_request(request_id)
    if form.text("as") == "json":
        return unlisted(_download(text.encode(), "application/json", f"{number}.json"))
    page = render_text(request, _PAGE, context)
    if form.text("as") == "zip":
        store = store_in(settings.data_dir)
        return unlisted(
            _download(_zipped(text, page, files, store), "application/zip", f"{number}.zip")
        )
    return unlisted(Response(page, media_type="text/html; charset=utf-8"))


def _file_ids(content: Mapping[str, Any]) -> list[int]:
    return [
        row["id"]
        for each in content["holdings"]
        if each["table"] == "attachments"
        for row in each["rows"]
    ]


def _zipped(text: str, page: str, files: Mapping[int, tuple[str, str]], store: FileStore) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("index.html", page)
        archive.writestr("data.json", text)
        for file_id, (sha256, content_type) in files.items():
            suffix = _SUFFIXES.get(content_type, "bin")
            content = _read(store, sha256)
            if content is not None:
                archive.writestr(f"files/{file_id}.{suffix}", content)
    return data.getvalue()


def _read(store: FileStore, sha256: str) -> bytes | None:
    try:
        return store.read(sha256)
    except NotFoundError:  # erased since the package was made
        return None


def _download(data: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(data, media_type=kind, headers=headers)
