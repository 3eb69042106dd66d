"""The page of one released report, its photos, and being told what becomes of it.

Whoever took it back has taken all of it: page, photos, and the way to follow it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.maps.config import base_map
from app.portal import reports
from app.portal.pages.reports import ASK_AGAIN, check_shown
from app.publishing import queries
from app.publishing.labels import public_label
from app.publishing.queries import Released
from app.watching.rules import Why
from app.watching.service import following
from app.web.deps import Edge, EdgeDep
from app.web.forms import FormDep
from app.web.proof import admit
from app.web.ratelimit import Limit
from app.web.security import visitor
from app.web.templating import render, see_other
from app.web.ui import locale_of
from app.web.unlisted import unlisted
from app.web.uploads import send_file

router = APIRouter()

_DOOR: Final = Limit("follow", timedelta(hours=1), free=5, most=60)
_NO_ADDRESS: Final = mark("Write an e-mail address or a mobile number.")
_FOLLOWED: Final = "followed"
_TOLD: Final = mark("We have sent you a link. Open it to be told from now on.")


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """One line of what happened."""

    at: datetime
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    """One released report."""

    report: Released
    type: str
    unit: str
    lamp: str
    state: str
    updates: Sequence[UpdateRow]
    photos: Sequence[tuple[int, str]]
    map: dict[str, Any] | None
    done: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/reports/{public_no}", include_in_schema=False)
def report(request: Request, edge: EdgeDep, public_no: str, done: str = "") -> Response:
    """One released report: what is broken, where, and what has happened."""
    check_shown(edge)
    page = _report_page(request, edge, public_no, done=_TOLD if done == _FOLLOWED else "")
    return unlisted(render(request, "portal/public_report", page))


def _report_page(
    request: Request,
    edge: Edge,
    public_no: str,
    *,
    done: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> ReportPage:
    language = str(locale_of(request))
    with edge.reading() as session:
        one = queries.get_released(session, public_no)
        updates = queries.list_updates(session, one.id)
        photos = queries.photos_of(session, [one.id]).get(one.id, [])
    is_english = language.startswith("en")
    return ReportPage(
        report=one,
        type=reports.type_of(one, language),
        unit=(is_english and one.unit_name_en) or one.unit_name,
        lamp=reports.lamp_of(one, edge.now()),
        state=public_label(one.status),
        updates=[
            UpdateRow(each.happened_at, public_label(each.status), each.words)
            for each in reversed(updates)
        ],
        photos=[(n, photo.alt) for n, photo in enumerate(photos, 1)],
        map=_map_of_one(edge, one),
        done=done,
        values=values or {},
        errors=errors or {},
    )


def _map_of_one(edge: Edge, one: Released) -> dict[str, Any] | None:
    base = base_map(edge.settings, is_public=True)
    if base is None or one.lon is None or one.lat is None:
        return None
    point = {"lon": float(one.lon), "lat": float(one.lat), "lamp": reports.lamp_of(one, edge.now())}
    # Close by where streets are drawn; where only outlines are, among the districts.
    close = {"center": (point["lat"], point["lon"]), "zoom": 15, "fit": False}
    here = close if base["tiles"] else {}
    return base | here | {"points": [point | {"title": one.title, "href": ""}]}


@router.get("/reports/{public_no}/photos/{n}", include_in_schema=False)
def photo(request: Request, edge: EdgeDep, public_no: str, n: int) -> Response:
    """One released photo, counted from 1, or its thumbnail (`?size=small`).

    Raises:
        NotFoundError: there is no such photo, or the report is no longer shown.
    """
    check_shown(edge)
    with edge.reading() as session:
        one = queries.get_released(session, public_no)
        photos = queries.photos_of(session, [one.id]).get(one.id, [])
    if not 1 <= n <= len(photos):
        raise NotFoundError(mark("There is no such file."))
    answer = send_file(request, photos[n - 1], name=f"{public_no}-{n}")
    answer.headers["Cache-Control"] = ASK_AGAIN["Cache-Control"]
    return unlisted(answer)


@router.post("/reports/{public_no}/follow", include_in_schema=False)
def follow(request: Request, edge: EdgeDep, form: FormDep, public_no: str) -> Response:
    """Be told by e-mail or message what becomes of it; a link in the first one confirms."""
    check_shown(edge)
    typed = form.text("reach").strip()
    errors = {} if typed else {"reach": _NO_ADDRESS}
    try:
        with edge.writing() as session:
            if refusal := admit(request, session, form, _DOOR, now=edge.now(), token=typed):
                return refusal
            if not errors:
                _watch(request, edge, session, public_no, typed)
    except InvalidError as refused:
        errors = {"reach": refused.msgid}
    if not errors:
        return unlisted(see_other(f"/reports/{public_no}?done={_FOLLOWED}"))
    page = _report_page(request, edge, public_no, values={"reach": typed}, errors=errors)
    return unlisted(render(request, "portal/public_report", page, status=422))


def _watch(request: Request, edge: Edge, session: Session, public_no: str, typed: str) -> None:
    following.watch(
        session,
        queries.case_of(session, public_no),
        Why.FOLLOW,
        reach=following.read_reach(typed),
        browser=visitor(request),
        locale=str(locale_of(request)),
        now=edge.now(),
    )
