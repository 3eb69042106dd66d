"""The one table from errors to HTTP, and the one place that answers them.

People get a page or a part of one, programs get problem+json; typed text is given back.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from app.kernel.errors import (
    ConflictError,
    DomainError,
    ForbiddenError,
    InvalidError,
    NotFoundError,
    UnavailableError,
)
from app.kernel.messages import mark
from app.web import i18n
from app.web.forms import TooLargeError
from app.web.given_back import given_back
from app.web.problems import ADVICE, GENERAL, Problem
from app.web.templating import render

STATUS: Final[Mapping[type[DomainError], int]] = {
    NotFoundError: 404,
    ForbiddenError: 403,
    ConflictError: 409,
    TooLargeError: 413,
    InvalidError: 422,
    UnavailableError: 503,
    DomainError: 422,
}
_RETRY_SECONDS: Final = "10"
# Also where telephone systems knock: only programs do, though among the desk's addresses.
_API: Final = ("/api/", "/open311/", "/desk/incoming", "/messages/receipts")
# What Starlette refuses before a handler sees it.
_HTTP: Final[Mapping[int, tuple[str, str]]] = {
    404: ("not_found", mark("There is nothing at this address.")),
    405: ("not_allowed", mark("This address does not accept that.")),
    413: ("too_large", mark("What you sent is too large.")),
}


def status_of(error: DomainError) -> int:
    """The nearest ancestor's status wins."""
    return next(STATUS[cls] for cls in type(error).__mro__ if cls in STATUS)


def install(app: FastAPI) -> None:
    """Answer every error with words a person can act on."""

    @app.exception_handler(DomainError)
    def _(request: Request, error: DomainError) -> Response:
        return answer(request, problem_of(request, error))

    @app.exception_handler(HTTPException)
    def _(request: Request, error: HTTPException) -> Response:
        return _http(request, error)

    @app.exception_handler(RequestValidationError)
    def _(request: Request, _: RequestValidationError) -> Response:
        return _address_wrong(request)


def problem_of(request: Request, error: DomainError) -> Problem:
    """The page for a refusal, with what was typed and what is stored now."""
    words = ADVICE.get(error.code, GENERAL)
    conflict = error if isinstance(error, ConflictError) else None
    kept = given_back(request, fresh=conflict.fresh if conflict else None)
    if isinstance(error, NotFoundError) and kept is not None and kept.is_empty:
        kept = None  # nothing to lose, and nothing there to send it to
    return Problem(
        status=status_of(error),
        code=error.code,
        title=words.title,
        sentence=error.msgid,
        advice=words.advice,
        params=error.params,
        fields=error.fields if isinstance(error, InvalidError) else {},
        stored=conflict.stored if conflict else {},
        kept=kept,
        request_id=getattr(request.state, "request_id", ""),
    )


def _http(request: Request, error: HTTPException) -> Response:
    code, sentence = _HTTP.get(
        error.status_code, ("invalid", mark("This could not be understood."))
    )
    response = answer(request, _plain(request, error.status_code, code, sentence))
    for name, value in (error.headers or {}).items():
        response.headers.setdefault(name, value)
    return response


def _address_wrong(request: Request) -> Response:
    # A number that is no number, a choice that does not exist: for people the page is not there.
    status = 422 if _is_for_programs(request) else 404
    return answer(request, _plain(request, status, "not_found", _HTTP[404][1]))


def broken(request: Request) -> Response:
    """The page for a fault of ours; says nothing of its cause."""
    sentence = mark("This was not your mistake.")
    return answer(request, _plain(request, 500, "broken", sentence, keeps=True))


def _plain(
    request: Request, status: int, code: str, sentence: str, *, keeps: bool = False
) -> Problem:
    words = ADVICE.get(code, GENERAL)
    return Problem(
        status,
        code,
        words.title,
        sentence,
        words.advice,
        kept=given_back(request) if keeps else None,
        request_id=getattr(request.state, "request_id", ""),
    )


def answer(request: Request, problem: Problem) -> Response:
    """The problem as the asker can read it: a page, a part of one, or JSON."""
    for prefix, own in getattr(request.app.state, "own_errors", {}).items():
        if request.url.path.startswith(prefix):  # programs there keep to a table of their own
            own_answer: Response = own(request, problem)
            return own_answer
    # A poll or a draft saved by the script must not replace the page under somebody's hands.
    if _is_for_programs(request) or "x-background" in request.headers:
        response: Response = _as_json(problem)
    else:
        response = render(request, "shared/problem", {"problem": problem}, status=problem.status)
        response.headers["HX-Retarget"] = "#main"
        response.headers["HX-Reswap"] = "innerHTML"
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = _RETRY_SECONDS
    return response


def _is_for_programs(request: Request) -> bool:
    accepts = request.headers.get("accept", "")
    return request.url.path.startswith(_API) or (
        "application/json" in accepts and "text/html" not in accepts
    )


def _as_json(problem: Problem) -> Response:
    body: dict[str, object] = {
        "type": "about:blank",
        "status": problem.status,
        "code": problem.code,
        "title": i18n.gettext(problem.title),
        "detail": i18n.gettext(problem.sentence, **problem.params),
    }
    if problem.fields:
        body["fields"] = {name: i18n.gettext(text) for name, text in problem.fields.items()}
    return JSONResponse(body, problem.status, media_type="application/problem+json")
