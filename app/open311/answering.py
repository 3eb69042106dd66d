"""Answers programs in the format of the address, and says in it what went wrong.

The error table of GeoReport v2: 404 for what is not there, 403 for keys, 400 for everything else
a client got wrong; never a page, never 401, 409, 415 or 422. Only a fault of ours is a 500 or 503.
"""

from http import HTTPStatus
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import Response

from app.open311.rules.shapes import Fields, Format, Listed, spell
from app.web import i18n
from app.web.problems import Problem

PREFIX: Final = "/open311"
BASE: Final = f"{PREFIX}/v2"
_OURS: Final = frozenset({HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE})
_KEPT: Final = frozenset({*_OURS, HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN})
_ANYBODY: Final = {
    "Access-Control-Allow-Origin": "*",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


def install(app: FastAPI) -> None:
    """Have everything that goes wrong under our prefix answered by `refuse`."""
    app.state.own_errors = {**getattr(app.state, "own_errors", {}), PREFIX: refuse}


def reply(request: Request, form: Format, root: str, value: Listed | Fields) -> Response:
    """The answer, readable from the pages of other sites too: nothing in it is secret."""
    return _response(request, form, root, value, HTTPStatus.OK)


def refuse(request: Request, problem: Problem) -> Response:
    """What went wrong: one error for each thing, in words an end user can be shown."""
    form = Format.JSON if request.url.path.endswith(".json") else Format.XML
    status = _status(problem)
    errors = [{"code": str(status.value), "description": text} for text in _descriptions(problem)]
    return _response(request, form, "errors", Listed("error", errors), status)


def allowed(*, posts: bool) -> Response:
    """What may be done at an address.

    Reading is open to pages of other sites, posting is not: a key in a page lies open to all.
    """
    headers = {
        "Allow": "GET, HEAD, OPTIONS, POST" if posts else "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Methods": "GET, HEAD",
        "Access-Control-Max-Age": "86400",
        **_ANYBODY,
    }
    return Response(status_code=HTTPStatus.OK, headers=headers)


def _status(problem: Problem) -> HTTPStatus:
    if problem.code == "not_found":  # also what no handler saw: an ending that is no format
        return HTTPStatus.NOT_FOUND
    found = HTTPStatus(problem.status)
    return found if found in _KEPT else HTTPStatus.BAD_REQUEST


def _descriptions(problem: Problem) -> list[str]:
    if not problem.fields:
        return [i18n.gettext(problem.sentence, **problem.params)]
    return [
        f"{name}: {i18n.gettext(text)}" if name else i18n.gettext(text)
        for name, text in problem.fields.items()
    ]


def _response(
    request: Request, form: Format, root: str, value: Listed | Fields, status: HTTPStatus
) -> Response:
    headers = {"Vary": "Accept-Language, Cookie"}
    if request.method in {"GET", "HEAD"}:
        headers |= _ANYBODY
    return Response(spell(form, root, value), status, headers=headers, media_type=form.media_type)
