"""The cookies of a signed-in browser: its session, and the mark by which it is known again."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from app.accounts.deps import DEVICE_COOKIE
from app.web.preferences import CHOICES
from app.web.security import SESSION_COOKIE

_HALF_YEAR: Final = 15_552_000
_YEAR: Final = 31_536_000
# Preferences that are stored with the account and follow it to another browser.
PREFERENCES: Final = ("density", "theme", "lang", "keys")


def set_session(request: Request, response: Response, token: str) -> None:
    """Give the browser its session; ends with the browser, or earlier on the server."""
    _set(request, response, SESSION_COOKIE, token, None)


def drop_session(response: Response) -> None:
    """Take the session from the browser; how it is known again stays."""
    response.delete_cookie(SESSION_COOKIE, path="/")


def set_device(request: Request, response: Response, token: str) -> None:
    """Let the browser be known again, so that guessing elsewhere cannot lock it out."""
    _set(request, response, DEVICE_COOKIE, token, _HALF_YEAR)


def set_preferences(request: Request, response: Response, prefs: Mapping[str, Any]) -> None:
    """Bring the account's own way of working to this browser."""
    for name in PREFERENCES:
        if prefs.get(name) in CHOICES[name]:
            _set(request, response, name, str(prefs[name]), _YEAR)


def _set(request: Request, response: Response, name: str, value: str, max_age: int | None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/",
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.cookie_secure,
    )
