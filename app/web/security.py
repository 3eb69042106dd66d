"""Secrets of the browser: the visitor's cookie and the token every form carries.

Signed double submit: a form's token is only good in the browser it was made for.
Nothing here is stored on the server.
"""

import re
from secrets import token_urlsafe
from typing import Final

from fastapi import Request

from app.kernel.ids import Signer

SESSION_COOKIE: Final = "cw_session"
VISITOR_COOKIE: Final = "cw_visitor"
CSRF_FIELD: Final = "csrf"
_VISITOR_YEAR: Final = 31_536_000
_SHAPE: Final = re.compile(r"[A-Za-z0-9_-]{22}\.[a-z2-7]{26}")


def signer_of(request: Request) -> Signer:
    """Signs the things a browser carries."""
    signer: Signer = request.app.state.signer
    return signer


def visitor(request: Request) -> str:
    """The id of this browser, for drafts and limits; made now if it has none yet.

    The answer to this request will set the cookie (see `VisitorCookie`).
    """
    known = getattr(request.state, "visitor", None)
    if isinstance(known, str):
        return known
    given = request.cookies.get(VISITOR_COOKIE, "")
    if _SHAPE.fullmatch(given):
        name, _, mark = given.partition(".")
        if signer_of(request).verify(mark, "visitor", name):
            request.state.visitor = name
            request.state.visitor_is_known = True
            return name
    name = token_urlsafe(16)
    request.state.visitor = name
    request.state.visitor_is_known = False
    return name


def visitor_is_known(request: Request) -> bool:
    """Whether the browser brought its id along; a first visit has not."""
    visitor(request)
    return bool(request.state.visitor_is_known)


def visitor_cookie(signer: Signer, name: str, *, secure: bool) -> str:
    """The Set-Cookie line that makes a browser remember its id."""
    flags = "; Secure" if secure else ""
    value = f"{name}.{signer.token('visitor', name)}"
    return (
        f"{VISITOR_COOKIE}={value}; Max-Age={_VISITOR_YEAR}; Path=/; HttpOnly; SameSite=Lax{flags}"
    )


def csrf_token(request: Request) -> str:
    """A fresh token for the forms of one page."""
    nonce = token_urlsafe(8)
    return f"{nonce}.{signer_of(request).token('csrf', nonce, _bound_to(request))}"


def csrf_holds(request: Request, token: str) -> bool:
    """Whether the form was made for this browser and this session."""
    nonce, _, mark = token.partition(".")
    return bool(mark) and signer_of(request).verify(mark, "csrf", nonce, _bound_to(request))


def _bound_to(request: Request) -> str:
    session = request.cookies.get(SESSION_COOKIE)
    return f"session:{session}" if session else f"visitor:{visitor(request)}"
