"""Where the broken thing is: by its number, by district and words, or by a point on the map.

Any one of them is enough; a position that cannot be is said, and nothing typed is lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.facilities import queries as facilities
from app.facilities.rules import AssetView
from app.kernel.geo import Verdict, judge
from app.portal import queries
from app.portal.pages.repair import address, onward, walk_of
from app.portal.pages.report import Walk, map_config
from app.portal.pasted import with_position
from app.portal.repairing import writing as repairing
from app.portal.repairing.draft import RepairDraft, RepairStep
from app.portal.repairing.forms import (
    NOT_A_NUMBER,
    NOWHERE_NAMED,
    UNKNOWN_FACILITY,
    RepairPlaceForm,
)
from app.portal.repairing.places import CityGround, ground_of
from app.portal.repairing.writing import RepairWriting
from app.portal.rules import WHOLE_CITY
from app.web.deps import EdgeDep
from app.web.forms import FormDep, parse
from app.web.security import visitor
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter()
ADDRESS: Final = address(RepairStep.PLACE)


@dataclass(frozen=True, slots=True)
class RepairPlacePage:
    """All ways to say where it is; the numbers of a position stand open where one was refused."""

    walk: Walk
    places: list[tuple[str, str]]
    map: dict[str, Any] | None
    named: str
    is_open: bool
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get(ADDRESS, include_in_schema=False)
def place(request: Request, edge: EdgeDep) -> Response:
    """Ask where it is."""
    with edge.reading() as session:
        writing = repairing.open_writing(session, visitor(request))
        page = _page(request, session, writing, _values(writing))
    return render(request, "portal/repair_place", page)


@router.post(ADDRESS, include_in_schema=False)
def set_place(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Keep where it is."""
    parsed = parse(RepairPlaceForm, with_position(form))
    with edge.writing() as session:
        writing = repairing.open_writing(session, visitor(request))
        errors, values = dict(parsed.errors), dict(parsed.values)
        changes: dict[str, Any] = {}
        if parsed.value is not None:
            ground = ground_of(edge.settings)
            changes = _settled(session, parsed.value, ground, writing.draft, errors, values)
        if errors:
            page = _page(request, session, writing, values, errors)
            return render(request, "portal/repair_place", page, status=422)
        goal = onward(session, repairing.keep(session, writing, edge.now(), **changes))
    return see_other(goal)


def _settled(
    session: Session,
    said: RepairPlaceForm,
    ground: CityGround,
    draft: RepairDraft,
    errors: dict[str, str],
    values: dict[str, str],
) -> dict[str, Any]:
    """What is to be kept; what is wrong goes to `errors`, what is put right to `values`."""
    asset = facilities.find_asset(session, said.facility) if said.facility else None
    if said.facility and asset is None:
        errors["facility"] = UNKNOWN_FACILITY
    lat, lon = _position(said, ground, errors, values)
    region = said.region
    if region and region != WHOLE_CITY and queries.find_place(session, region) is None:
        errors["region"] = NOWHERE_NAMED
    if not region and lat:
        region = _known(session, ground.region_at(float(lon), float(lat)))
    if not (region or lat or asset or errors):
        errors["region"] = NOWHERE_NAMED
    changes = {"facility": said.facility, "asset_id": asset.id if asset else None,
               "region": region, "place": said.place, "lat": lat, "lon": lon}  # fmt: skip
    return changes | _type_of(asset, draft)


def _type_of(asset: AssetView | None, draft: RepairDraft) -> dict[str, Any]:
    is_new = asset is not None and draft.asset_id != asset.id
    return {"type_id": asset.type_id} if is_new and asset else {}


def _known(session: Session, region: str) -> str:
    return region if queries.find_place(session, region) is not None else ""


def _position(
    said: RepairPlaceForm, ground: CityGround, errors: dict[str, str], values: dict[str, str]
) -> tuple[str, str]:
    if said.lat is None and said.lon is None:
        return "", ""
    if said.lat is None or said.lon is None:
        errors["lat" if said.lat is None else "lon"] = NOT_A_NUMBER
        return "", ""
    verdict = judge(said.lon, said.lat, ground.bounds)
    if verdict.point is None:
        _refuse(verdict, errors, values)
        return "", ""
    return f"{verdict.point.lat:.6f}", f"{verdict.point.lon:.6f}"


def _refuse(verdict: Verdict, errors: dict[str, str], values: dict[str, str]) -> None:
    errors["lat"] = verdict.sentence
    if verdict.instead is not None:
        values["lat"] = f"{verdict.instead.lat:.6f}"
        values["lon"] = f"{verdict.instead.lon:.6f}"


def _values(writing: RepairWriting) -> dict[str, str]:
    draft, asset = writing.draft, writing.asset
    return {
        "facility": draft.facility or (asset.plate or asset.code if asset else ""),
        "region": draft.region,
        "place": draft.place,
        "lat": draft.lat,
        "lon": draft.lon,
    }


def _page(
    request: Request,
    session: Session,
    writing: RepairWriting,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> RepairPlacePage:
    language = str(locale_of(request))
    places = [
        (each.code, "\u3000" * each.depth + each.name.within(language))
        for each in queries.list_places(session)
    ]
    found, errors = writing.asset, errors or {}
    return RepairPlacePage(
        walk=walk_of(writing, RepairStep.PLACE),
        places=places,
        map=map_config(request),
        named=" ".join(filter(None, (found.name, found.place))) if found else "",
        is_open=bool({"lat", "lon"} & errors.keys()),
        values=values,
        errors=errors,
    )
