"""Built assets: names that carry a content hash, served for ever from the file made at build time.

Builds nothing; `make assets` does.
"""

import json
from functools import cache
from pathlib import Path, PurePath

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from app.paths import static_dir

URL = "/static"

_COMPRESSED = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}
_FOR_EVER = "public, max-age=31536000, immutable"


class AssetsMissingError(RuntimeError):
    """The assets were never built, or hold no file of that name."""


def asset(name: str) -> str:
    """The address of a source file's built form: `app.css` → `/static/app-3XQ….css`.

    Raises:
        AssetsMissingError: the assets were not built, or the name is misspelt.
    """
    try:
        return f"{URL}/{_manifest()[name]}"
    except KeyError:
        msg = f"no built asset is called {name!r}; `make assets` builds them"
        raise AssetsMissingError(msg) from None


class HashedFiles(StaticFiles):
    """Serves only files named in the build, compressed where the browser takes gzip."""

    def __init__(self, directory: Path | None = None) -> None:
        super().__init__(directory=directory or static_dir(), check_dir=False)

    async def get_response(self, path: str, scope: Scope) -> Response:
        kind = _COMPRESSED.get(PurePath(path).suffix)
        if kind is None:
            response = await super().get_response(path, scope)
        else:
            response = await self._get_compressible(path, kind, scope)
        hashed = "-" in PurePath(path).stem
        response.headers["cache-control"] = _FOR_EVER if hashed else "no-cache"
        return response

    async def _get_compressible(self, path: str, kind: str, scope: Scope) -> Response:
        zipped = _takes_gzip(Headers(scope=scope).get("accept-encoding", ""))
        response = await super().get_response(f"{path}.gz" if zipped else path, scope)
        if zipped:
            response.headers["content-encoding"] = "gzip"
        response.headers["content-type"] = kind
        response.headers["vary"] = "accept-encoding"
        return response


def _takes_gzip(accepted: str) -> bool:
    offers = (offer.replace(" ", "").partition(";") for offer in accepted.lower().split(","))
    return any(coding == "gzip" and float(weight[2:] or 1) > 0 for coding, _, weight in offers)


@cache
def _manifest() -> dict[str, str]:
    # Read once: a running process keeps answering with the names it started with.
    try:
        names: dict[str, str] = json.loads((static_dir() / "manifest.json").read_text("utf-8"))
    except FileNotFoundError:
        return {}
    return names
