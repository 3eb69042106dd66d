"""Who is at their own page: the citizen's session of this request, apart from that of staff.

Holds no connection between calls, like `accounts.deps`; the cookie holds a token and nothing else.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.kernel.errors import ForbiddenError, UnavailableError
from app.kernel.messages import mark
from app.mypage.rules import CODE_GOOD_FOR
from app.mypage.service import sessions
from app.mypage.service.sessions import Found
from app.web.deps import Edge
from app.web.errors import answer, problem_of
from app.web.templating import see_other

MY_COOKIE: Final = "cw_my"
CODE_COOKIE: Final = "cw_my_code"
_LONGEST: Final = 64  # signs of a token; ours have 43


class MySignInNeededError(ForbiddenError):
    """Nobody is at their own page in this browser, or they were away for too long."""

    code = "my_sign_in_needed"

    def __init__(self) -> None:
        super().__init__(mark("Please sign in to your page again."))


@dataclass(frozen=True, slots=True)
class Own:
    """The transaction, whose page it is, and the time."""

    session: Session
    people: tuple[int, ...]
    now: datetime


def token_of(request: Request) -> str:
    """The token of this browser's session, if it has one."""
    return request.cookies.get(MY_COOKIE, "")[:_LONGEST]


def ref_of(request: Request) -> str:
    """By what this browser finds the code it asked for."""
    return request.cookies.get(CODE_COOKIE, "")[:_LONGEST]


def is_here(session: Session, request: Request, *, now: datetime) -> bool:
    """Whether somebody is signed in to their page."""
    return sessions.find(session, token_of(request), now=now) is not None


@contextmanager
def reading(request: Request, edge: Edge) -> Iterator[Own]:
    """Look at one's own page.

    Raises:
        MySignInNeededError: nobody is signed in.
    """
    now = edge.now()
    with edge.reading() as session:
        found = _found(session, request, now)
        yield Own(session, found.people, now)
    if sessions.is_due_for_touch(found, now=now):
        # A page that was read must not fail because a heartbeat could not be written.
        with suppress(UnavailableError), edge.writing() as session:
            sessions.touch(session, found, now=now)


@contextmanager
def writing(request: Request, edge: Edge) -> Iterator[Own]:
    """Change something on one's own page; commits when the block ends.

    Raises:
        MySignInNeededError: nobody is signed in.
    """
    now = edge.now()
    with edge.writing() as session:
        found = _found(session, request, now)
        if sessions.is_due_for_touch(found, now=now):
            sessions.touch(session, found, now=now)
        yield Own(session, found.people, now)


def _found(session: Session, request: Request, now: datetime) -> Found:
    found = sessions.find(session, token_of(request), now=now)
    if found is None:
        raise MySignInNeededError
    return found


def set_session(request: Request, response: Response, token: str) -> None:
    """Give the browser its session; the code it came with is spent."""
    _set(request, response, MY_COOKIE, token, None)
    response.delete_cookie(CODE_COOKIE, path="/my")


def drop_session(response: Response) -> None:
    """Take the session from the browser."""
    response.delete_cookie(MY_COOKIE, path="/my")


def set_code(request: Request, response: Response, ref: str) -> None:
    """Let the browser find its code again for as long as it holds."""
    _set(request, response, CODE_COOKIE, ref, int(CODE_GOOD_FOR.total_seconds()))


def _set(request: Request, response: Response, name: str, value: str, max_age: int | None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/my",
        httponly=True,
        samesite="lax",
        secure=request.app.state.settings.cookie_secure,
    )


def install(app: FastAPI) -> None:
    """Lead whoever must sign in to where they can."""

    @app.exception_handler(MySignInNeededError)
    def _(request: Request, error: MySignInNeededError) -> Response:
        if request.method == "POST":  # what was typed is given back, to be sent after signing in
            return answer(request, problem_of(request, error))
        was_here = MY_COOKIE in request.cookies
        response = see_other("/my?ended=yes" if was_here else "/my")
        drop_session(response)
        return response
