"""Addresses other people's programs read: news feed, GeoJSON, open data; the map's own filter.

Asked again each time (`no-cache` with a tag), so that what is taken back is gone at once. Who has
the newest already is told so before anything is read; the others are counted by their address.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from hashlib import sha256
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from app.cases.kinds import Status
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.maps.forms import asked_of
from app.portal import feeds, reports
from app.portal.pages.reports import check_shown
from app.portal.reports import AskedForm
from app.publishing import queries
from app.publishing.labels import public_label
from app.publishing.queries import Released, Wanted
from app.web import i18n
from app.web.deps import Edge, EdgeDep
from app.web.ratelimit import Limit
from app.web.throttle import too_often
from app.web.ui import locale_of

router = APIRouter()

# Times what one address may stand for (`web.ratelimit`): 600 an hour.
FETCHING: Final = Limit("feeds", timedelta(hours=1), free=30, most=30)
_STRETCH: Final = 500
_SHAPE: Final = "1"  # to be changed when the same reports are written another way


@router.get("/reports.atom", include_in_schema=False)
def atom(request: Request, edge: EdgeDep) -> Response:
    """What happened last to the reports asked for."""
    wanted = _wanted(request, edge)
    headers = _headers(request, edge, wanted)
    if short := _short(request, edge, headers):
        return short
    with edge.reading() as session:
        found = queries.list_changed(session, wanted, limit=feeds.MOST_NEWS)
    query = f"?{request.url.query}" if request.url.query else ""
    feed = feeds.atom(
        found,
        title=f"{edge.settings.city_name} · {i18n.gettext(mark('Map of reports'))}",
        here=f"{_base(edge)}/reports.atom{query}",
        base=_base(edge),
        say=i18n.gettext,
        now=edge.now(),
    )
    return Response(feed, headers=headers, media_type="application/atom+xml; charset=utf-8")


@router.get("/reports.geojson", include_in_schema=False)
def geojson(request: Request, edge: EdgeDep) -> Response:
    """The reports asked for, as points."""
    wanted = _wanted(request, edge)
    headers = _headers(request, edge, wanted)
    if short := _short(request, edge, headers):
        return short
    stretches = _stretches(edge, wanted, feeds.MOST_POINTS)
    body = feeds.geojson(stretches, base=_base(edge), say=_words().__getitem__)
    return _sent(body, headers, "application/geo+json")


@router.get("/reports.csv", include_in_schema=False)
def open_data(request: Request, edge: EdgeDep) -> Response:
    """The reports asked for, as a table without words."""
    wanted = _wanted(request, edge)
    headers = _headers(request, edge, wanted)
    if short := _short(request, edge, headers):
        return short
    least, most = edge.settings.open_data_least, feeds.MOST_LINES
    with edge.reading() as session:
        shared = queries.cells_shared(session, wanted, least=least, most=most)
    stretches = _stretches(edge, wanted, most)
    body = feeds.open_data(stretches, shared=shared, say=_words().__getitem__)
    headers["Content-Disposition"] = 'attachment; filename="reports.csv"'
    return _sent(body, headers, "text/csv; charset=utf-8")


def _wanted(request: Request, edge: Edge) -> Wanted:
    check_shown(edge)
    form, errors = asked_of(AskedForm, request)
    if errors:
        raise InvalidError(next(iter(errors.values())))
    return reports.wanted_of(form, now=edge.now())


def _headers(request: Request, edge: Edge, wanted: Wanted) -> dict[str, str]:
    """What goes with the answer; its tag is another one as soon as the answer is."""
    with edge.reading() as session:
        mark_now = queries.mark_of(session, wanted)
    told = (
        _SHAPE,
        str(request.url),
        str(locale_of(request)),
        edge.settings.city_name,
        _base(edge),
        str(edge.settings.open_data_least),
        mark_now,
    )
    return {
        "ETag": f'W/"{sha256("|".join(told).encode()).hexdigest()[:32]}"',
        "Cache-Control": "public, no-cache",
        "Access-Control-Allow-Origin": "*",  # open data: any page may read it
        "X-Robots-Tag": "noindex",
        "Vary": "Accept-Language, Cookie",
    }


def _short(request: Request, edge: Edge, headers: dict[str, str]) -> Response | None:
    """The answer where nothing has to be read: it is known already, or was asked too often."""
    known = request.headers.get("if-none-match", "").split(",")
    if headers["ETag"].removeprefix("W/") in [each.strip().removeprefix("W/") for each in known]:
        return Response(status_code=304, headers=headers)
    with edge.writing() as session:
        return too_often(request, session, FETCHING, now=edge.now())


def _stretches(edge: Edge, wanted: Wanted, most: int) -> Iterator[Sequence[Released]]:
    """What is asked for, each stretch in a transaction of its own: readers may be slow."""
    last: Released | None = None
    for done in range(0, most, _STRETCH):
        size = min(_STRETCH, most - done)
        with edge.reading() as session:
            found = queries.stretch_of(session, wanted, after=last, limit=size)
        if found:
            last = found[-1]
            yield found
        if len(found) < size:
            return


def _sent(body: Iterable[bytes], headers: dict[str, str], kind: str) -> Response:
    return StreamingResponse(body, headers=headers, media_type=kind)


def _words() -> dict[str, str]:
    """The words of all states in the asker's language, for writing after the handler is gone."""
    return {label: i18n.gettext(label) for label in map(public_label, Status)}


def _base(edge: Edge) -> str:
    return edge.settings.base_url.rstrip("/")
