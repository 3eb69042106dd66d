"""The address on a plate: what stands here, what is open of it, and a report with all that filled.

GET shows, POST begins the report; an unknown number is a plain sentence with a way on.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.facilities import queries as facilities
from app.facilities.labels import STATES
from app.facilities.rules import AssetView
from app.kernel.geo import Point
from app.portal import queries
from app.portal.pages.repair import onward
from app.portal.repairing import writing as repairing
from app.portal.repairing.known import Known, known
from app.web.deps import EdgeDep
from app.web.forms import FormDep
from app.web.security import visitor
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter()
_LONGEST: Final = 40


@dataclass(frozen=True, slots=True)
class FacilityPage:
    """One facility and its open repairs, or that no facility has this number."""

    code: str
    is_found: bool
    href: str = ""
    is_there: bool = False
    kind: str = ""
    name: str = ""
    plate: str = ""
    place: str = ""
    state: str = ""
    known: tuple[Known, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/f/{code:path}", include_in_schema=False)
def show(request: Request, edge: EdgeDep, code: str) -> Response:
    """What stands here; or that we know no such number."""
    with edge.reading() as session:
        asset = facilities.find_asset(session, code[:_LONGEST])
        if asset is None:
            page = FacilityPage(code[:_LONGEST], is_found=False)
            return render(request, "portal/facility", page, status=404)
        page = page_of(session, asset, str(locale_of(request)))
    return render(request, "portal/facility", page)


@router.post("/f/{code:path}", include_in_schema=False)
def report(request: Request, edge: EdgeDep, _form: FormDep, code: str) -> Response:
    """Begin a report with facility, type and place filled."""
    with edge.writing() as session:
        writing = repairing.open_writing(session, visitor(request))
        asset = facilities.find_asset(session, code[:_LONGEST])
        changes: dict[str, object] = {}
        if asset is not None:
            lon, lat = (f"{part:.6f}" for part in asset.point) if asset.point else ("", "")
            region = asset.region_code if queries.find_place(session, asset.region_code) else ""
            changes = {"facility": asset.plate or asset.code, "asset_id": asset.id,
                       "type_id": asset.type_id, "region": region, "place": asset.place,
                       "lat": lat, "lon": lon}  # fmt: skip
        goal = onward(session, repairing.keep(session, writing, edge.now(), **changes))
    return see_other(goal)


def page_of(
    session: Session,
    asset: AssetView,
    language: str,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> FacilityPage:
    """One facility with what is open of it; the first of them is ticked, or what was typed."""
    kind = facilities.get_type(session, asset.type_id)
    found = queries.find_place(session, asset.region_code)
    district = found.name.within(language) if found else ""
    point = Point(*asset.point) if asset.point else None
    open_ones = repairing.open_at(session, kind, asset, point)
    shown = known(session, open_ones, language=language, has_distance=False)
    return FacilityPage(
        code=asset.plate or asset.code,
        is_found=True,
        href=asset.address,
        is_there=asset.is_there,
        kind=kind.name.within(language),
        name=asset.name,
        plate=asset.plate,
        place=" ".join(part for part in (district, asset.place) if part),
        state=STATES[asset.state],
        known=shown,
        values=values or ({"same": shown[0].number} if shown else {}),
        errors=errors or {},
    )
