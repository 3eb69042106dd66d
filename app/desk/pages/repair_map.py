"""The map of repairs for staff, with the list of the same beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from app.accounts.deps import VisitDep
from app.accounts.rules import Permission
from app.cases.queries import mapped
from app.departments import queries as departments
from app.desk import mapping
from app.desk.mapping import ADDRESS, MapForm, RepairRow
from app.kernel.errors import InvalidError
from app.kernel.paging import Count
from app.maps.config import base_map
from app.maps.features import squares
from app.maps.forms import HeatRow, View, asked_of
from app.maps.rules import MAX_ZOOM, read_bounds
from app.web import i18n
from app.web.templating import render
from app.web.ui import locale_of

router = APIRouter()

_PRIVATE: Final = {"Cache-Control": "no-store"}


@dataclass(frozen=True, slots=True)
class RepairMapPage:
    """The filter and what it finds: as a list, on the map, where most of it is."""

    values: Mapping[str, object]
    types: Sequence[tuple[int, str]]
    states: Sequence[tuple[str, str]]
    regions: Sequence[tuple[str, str]]
    rows: Sequence[RepairRow]
    count: Count
    hot: Sequence[HeatRow]
    hot_metres: int
    map: dict[str, Any] | None
    next_url: str
    prev_url: str
    points_url: str
    heat_url: str
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get(ADDRESS)
def show(request: Request, visit: VisitDep, cursor: str = "") -> Response:
    """Repairs by type, state, period and place."""
    form, errors = asked_of(MapForm, request)
    language = str(locale_of(request))
    with visit.reading(may_lag=True) as work:
        work.actor.require(Permission.CASE_READ)
        sought = mapping.sought_of(form, now=work.now)
        session, actor = work.session, work.actor
        page, count = mapped.page_of_repairs(session, actor, sought, cursor=cursor or None)
        hot = mapping.heat(session, actor, sought) if form.is_heat else None
        shown = RepairMapPage(
            values=form.model_dump(mode="json"),
            types=mapping.types(session, language),
            states=mapping.STATES,
            regions=departments.list_regions(session, language=language[:2]),
            rows=[mapping.row_of(each, language, work.now) for each in page.items],
            count=count,
            hot=mapping.heat_rows(session, actor, hot, form) if hot else (),
            hot_metres=hot.metres if hot else 0,
            map=form.drawn(base_map(visit.edge.settings, is_public=False), ADDRESS),
            next_url=form.page(ADDRESS, page.next_cursor),
            prev_url=form.page(ADDRESS, page.prev_cursor),
            points_url=f"{ADDRESS}?{form.query(view=None)}",
            heat_url=f"{ADDRESS}?{form.query(view=View.HEAT)}",
            errors=errors,
        )
    return render(request, "board/map", shown, status=422 if errors else 200)


@router.get(f"{ADDRESS}/points.json")
def points(request: Request, visit: VisitDep, around: str = "", zoom: int = 12) -> Response:
    """What the filter finds in the part of the map in sight, as GeoJSON.

    Raises:
        InvalidError: the filter is not told as it should be.
    """
    form, errors = asked_of(MapForm, request)
    if errors:
        raise InvalidError(next(iter(errors.values())))
    locale = locale_of(request)
    with visit.reading(may_lag=True) as work:
        work.actor.require(Permission.CASE_READ)
        within = read_bounds(around) if around and not form.is_heat else None
        sought = mapping.sought_of(form, now=work.now, within=within)
        if form.is_heat:
            found = squares(mapping.heat(work.session, work.actor, sought))
        else:
            found = mapping.marks(
                work.session,
                work.actor,
                sought,
                zoom=min(zoom, MAX_ZOOM),
                language=str(locale),
                say=i18n.gettext,
                now=work.now,
            )
    return JSONResponse(found, headers=_PRIVATE, media_type="application/geo+json")
