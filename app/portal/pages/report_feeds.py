"""Addresses other people's programs read: news feed, GeoJSON, open data; the map's own filter.

Asked again each time (`no-cache` with a tag), so that what is taken back is gone at once.
"""

import json
from collections.abc import Sequence
from hashlib import sha256

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.maps.forms import asked_of
from app.portal import feeds, reports
from app.portal.pages.reports import check_shown
from app.portal.reports import AskedForm
from app.publishing import queries
from app.publishing.queries import Released
from app.web import i18n
from app.web.deps import Edge, EdgeDep

router = APIRouter()


@router.get("/reports.atom", include_in_schema=False)
def atom(request: Request, edge: EdgeDep) -> Response:
    """What happened last to the reports asked for."""
    found = _found(request, edge, feeds.MOST_NEWS, by_change=True)
    base = edge.settings.base_url.rstrip("/")
    query = f"?{request.url.query}" if request.url.query else ""
    feed = feeds.atom(
        found,
        title=f"{edge.settings.city_name} · {i18n.gettext(mark('Map of reports'))}",
        here=f"{base}/reports.atom{query}",
        base=base,
        say=i18n.gettext,
        now=edge.now(),
    )
    return _fresh(request, feed, "application/atom+xml; charset=utf-8")


@router.get("/reports.geojson", include_in_schema=False)
def geojson(request: Request, edge: EdgeDep) -> Response:
    """The reports asked for, as points."""
    found = _found(request, edge, feeds.MOST_POINTS)
    base = edge.settings.base_url.rstrip("/")
    body = json.dumps(feeds.geojson(found, base=base, say=i18n.gettext), ensure_ascii=False)
    return _fresh(request, body.encode(), "application/geo+json")


@router.get("/reports.csv", include_in_schema=False)
def open_data(request: Request, edge: EdgeDep) -> Response:
    """The reports asked for, as a table without words."""
    found = _found(request, edge, feeds.MOST_LINES)
    text = feeds.open_data(found, least=edge.settings.open_data_least, say=i18n.gettext)
    answer = _fresh(request, text.encode("utf-8-sig"), "text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="reports.csv"'
    return answer


def _found(
    request: Request, edge: Edge, limit: int, *, by_change: bool = False
) -> Sequence[Released]:
    check_shown(edge)
    form, errors = asked_of(AskedForm, request)
    if errors:
        raise InvalidError(next(iter(errors.values())))
    wanted = reports.wanted_of(form, now=edge.now())
    with edge.reading(may_lag=False) as session:
        if by_change:
            return queries.list_changed(session, wanted, limit=limit)
        return queries.list_released(session, wanted, limit=limit)


def _fresh(request: Request, body: bytes, kind: str) -> Response:
    tag = f'"{sha256(body).hexdigest()[:32]}"'
    headers = {
        "ETag": tag,
        "Cache-Control": "public, no-cache",
        "Access-Control-Allow-Origin": "*",  # open data: any page may read it
        "X-Robots-Tag": "noindex",
        "Vary": "Accept-Language, Cookie",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=kind)
