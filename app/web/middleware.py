"""What happens to every request: headers, an id, a line in the log, a figure, a limit of size.

Pure ASGI, one layer: each `BaseHTTPMiddleware` would cost more than a query.
"""

import re
from collections.abc import Callable
from secrets import token_hex
from time import perf_counter
from typing import Final

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.kernel.ids import Signer
from app.kernel.messages import mark
from app.settings import Settings
from app.web import errors, i18n
from app.web.forms import TooLargeError
from app.web.logs import where
from app.web.metrics import Metrics
from app.web.security import visitor_cookie
from app.web.ui import locale_of

CSP: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; worker-src 'self'; manifest-src 'self'; media-src 'self'"
)
HEADERS: Final = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(), payment=()",
}
_HSTS: Final = "max-age=31536000"
_REQUEST_ID: Final = re.compile(r"[0-9a-f]{16,32}")
_QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
# Read and thrown away before the refusal, or browsers show "connection reset" instead of it.
_DRAINED_BYTES: Final = 200_000_000

_LAST_WORDS: Final = (
    "系统出了问题，请稍后再试，或拨打电话办理。\n"
    "Something went wrong on our side. Please try again later, or call us.\n"
)

_log = structlog.get_logger("web")


class Frame:
    """The one layer around the application."""

    def __init__(self, app: ASGIApp, settings: Settings, metrics: Metrics, signer: Signer) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._signer = signer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; anything but HTTP passes through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"
        if is_head:  # what GET would say, without its body
            scope = {**scope, "method": "GET"}
        begun = perf_counter()
        state = scope.setdefault("state", {})
        state["request_id"] = _request_id(scope)
        # Before any handler: what one writes without drawing a page is in the asker's words too.
        i18n.speak(locale_of(Request(scope)))
        answer = _Answer(send, lambda start: self._dress(scope, start), is_head=is_head)
        limit = max(self._settings.max_upload_bytes, self._settings.max_form_bytes)
        try:
            await self._app(scope, _limited(receive, limit), answer)
        except Exception as error:
            self._note_fault(scope, error)
            if answer.status or self._settings.debug:
                raise
            await self._apology(scope)(scope, receive, answer)
        finally:
            self._note(scope, answer.status, perf_counter() - begun)

    def _apology(self, scope: Scope) -> Response:
        try:
            return errors.broken(Request(scope))
        except Exception as error:  # noqa: BLE001  # even the error page may be at fault
            self._note_fault(scope, error)
            return PlainTextResponse(_LAST_WORDS, 500)

    def _dress(self, scope: Scope, start: Message) -> None:
        headers = MutableHeaders(raw=start["headers"])
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")
        headers["X-Request-Id"] = scope["state"]["request_id"]
        if self._settings.cookie_secure:
            headers.setdefault("Strict-Transport-Security", _HSTS)
        state = scope["state"]
        if state.get("visitor_is_known") is False:
            cookie = visitor_cookie(
                self._signer, state["visitor"], secure=self._settings.cookie_secure
            )
            headers.append("Set-Cookie", cookie)
        start["headers"] = headers.raw

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = route_of(scope)
        self._metrics.answered(scope["method"], route, status, seconds)
        if route not in _QUIET:
            _log.info(
                "request",
                request_id=scope["state"]["request_id"],
                method=scope["method"],
                route=route,
                status=status,
                ms=round(seconds * 1000, 1),
            )

    def _note_fault(self, scope: Scope, error: Exception) -> None:
        _log.error(
            "fault",
            request_id=scope["state"]["request_id"],
            route=route_of(scope),
            error=type(error).__name__,
            where=where(error),
        )


class _Answer:
    """Passes an answer on, dressing its head and remembering its status."""

    def __init__(self, send: Send, dress: Callable[[Message], None], *, is_head: bool) -> None:
        self.status = 0
        self._send = send
        self._dress = dress
        self._is_head = is_head

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self._dress(message)
        elif self._is_head:
            message = {**message, "body": b""}
        await self._send(message)


def route_of(scope: Scope) -> str:
    """The template of the route that answered, such as `/c/{token}`; never the address."""
    context = scope.get("fastapi", {}).get("effective_route_context") or scope.get("route")
    path = getattr(context, "path_format", None) or getattr(context, "path", None)
    if path:
        return str(path)
    return "static" if scope["path"].startswith("/static/") else "none"


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else token_hex(8)


def _limited(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen <= limit:
            return message
        while message.get("more_body") and seen <= _DRAINED_BYTES:
            message = await receive()
            seen += len(message.get("body", b""))
        raise TooLargeError(mark("What you sent is too large."))

    return limited
