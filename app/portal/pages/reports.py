"""The public map of released repairs with its filter and the list of the same.

Open to everybody where the operator has switched it on; shows only what a person released.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.paging import Count
from app.maps.config import base_map
from app.maps.features import squares
from app.maps.forms import HeatRow, View, asked_of
from app.maps.rules import MAX_ZOOM, read_bounds
from app.portal import feeds, reports
from app.portal.reports import ADDRESS, AskedForm, ReportRow
from app.publishing import queries
from app.web import i18n
from app.web.deps import Edge, EdgeDep
from app.web.templating import render
from app.web.ui import locale_of
from app.web.unlisted import unlisted

router = APIRouter()

ASK_AGAIN: Final = {"Cache-Control": "no-cache"}  # what is taken back is gone at once
_NONE: Final = mark("Reports are not shown to the public here.")


@dataclass(frozen=True, slots=True)
class MapPage:
    """The filter, what it finds as list and map, and the ways to take the same away."""

    form: AskedForm
    values: Mapping[str, object]
    types: Sequence[tuple[str, str]]
    regions: Sequence[tuple[str, str]]
    rows: Sequence[ReportRow]
    count: Count
    hot: Sequence[HeatRow]
    hot_metres: int
    map: dict[str, Any] | None
    next_url: str
    prev_url: str
    query: str
    points_url: str
    heat_url: str
    most: tuple[int, int, int] = (feeds.MOST_NEWS, feeds.MOST_POINTS, feeds.MOST_LINES)
    errors: Mapping[str, str] = field(default_factory=dict)


def check_shown(edge: Edge) -> None:
    """Refuse where the operator has not switched public reports on.

    Raises:
        NotFoundError: there are none here.
    """
    if not edge.settings.shows_reports:
        raise NotFoundError(_NONE)


@router.get(ADDRESS, include_in_schema=False)
def show_map(request: Request, edge: EdgeDep, cursor: str = "") -> Response:
    """Released repairs: the filter, the map, and the list of the same."""
    check_shown(edge)
    form, errors = asked_of(AskedForm, request)
    language, now = str(locale_of(request)), edge.now()
    wanted = reports.wanted_of(form, now=now)
    with edge.reading() as session:
        page, count = queries.page_of_released(session, wanted, cursor=cursor or None)
        hot = reports.heat(session, wanted) if form.is_heat else None
        shown = MapPage(
            form=form,
            values=form.model_dump(mode="json"),
            types=reports.types(session, language),
            regions=reports.regions(session, language),
            rows=[reports.row_of(each, language, now) for each in page.items],
            count=count,
            hot=reports.heat_rows(session, hot, form) if hot else (),
            hot_metres=hot.metres if hot else 0,
            map=form.drawn(base_map(edge.settings, is_public=True), ADDRESS),
            next_url=form.page(ADDRESS, page.next_cursor),
            prev_url=form.page(ADDRESS, page.prev_cursor),
            query=form.query(view=None),
            points_url=f"{ADDRESS}?{form.query(view=None)}",
            heat_url=f"{ADDRESS}?{form.query(view=View.HEAT)}",
            errors=errors,
        )
    answer = render(request, "portal/map", shown, status=422 if errors else 200)
    return unlisted(answer) if request.url.query else answer


@router.get(f"{ADDRESS}/points.json", include_in_schema=False)
def points(request: Request, edge: EdgeDep, around: str = "", zoom: int = 12) -> Response:
    """What the filter finds in the part of the map in sight, as GeoJSON.

    Raises:
        InvalidError: the filter or the part of the map is not told as it should be.
    """
    check_shown(edge)
    form, errors = asked_of(AskedForm, request)
    if errors:
        raise InvalidError(next(iter(errors.values())))
    within = read_bounds(around) if around else None
    locale, now = locale_of(request), edge.now()
    with edge.reading() as session:
        if form.is_heat:
            found = squares(reports.heat(session, reports.wanted_of(form, now=now)))
        else:
            found = reports.marks(
                session,
                reports.wanted_of(form, now=now, within=within),
                zoom=min(zoom, MAX_ZOOM),
                language=str(locale),
                say=i18n.gettext,
                now=now,
            )
    return unlisted(JSONResponse(found, headers=ASK_AGAIN, media_type="application/geo+json"))
