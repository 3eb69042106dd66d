"""The register to look through: the list with its filters, a file of it, plates to print.

Reading only; whoever may write it goes on to `asset` and `taking`.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from markupsafe import Markup
from sqlalchemy.orm import Session

from app.accounts.deps import VisitDep
from app.accounts.rules import Permission
from app.admin.facilities.common import (
    REGISTER,
    TAKEN,
    AssetLine,
    lines_of,
    require_read,
    state_choices,
    type_choices,
)
from app.admin.frame import language_of
from app.departments import queries as departments
from app.departments.queries.shelf import tree
from app.facilities import files, queries
from app.facilities.queries import AssetFilter
from app.facilities.rules import AssetState, AssetView
from app.facilities.rules.rows import asset_row
from app.kernel.text import whole_number
from app.web.deps import EdgeDep
from app.web.qr import qr_of
from app.web.templating import render

router = APIRouter(prefix=REGISTER)

MOST_PLATES: Final = 240
_MOST_IN_FILE: Final = 200_000
_FILTERS: Final = ("q", "type", "region", "owner", "state")
Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """A page of the register with what it was asked for."""

    rows: list[AssetLine]
    values: dict[str, str]
    query: str
    previous: str
    next: str
    types: Choices
    regions: Choices
    states: Choices
    may_edit: bool
    is_filtered: bool
    taken: int | None  # of a file just taken over


@dataclass(frozen=True, slots=True)
class Plate:
    """What is printed on one plate."""

    type_name: str
    plate: str
    code: str
    place: str
    picture: Markup


@dataclass(frozen=True, slots=True)
class PlatesPage:
    """Plates of a selection, several on a page of A4."""

    plates: list[Plate]
    hotline: str
    is_cut: bool
    back: str


@router.get("")
def show_register(request: Request, visit: VisitDep) -> Response:
    """The register, along the codes, as far as it was asked for."""
    values = _values(request)
    with visit.reading() as work:
        require_read(work)
        session, language = work.session, language_of(request)
        found = queries.list_assets(
            session, _filter(values), cursor=request.query_params.get("cursor")
        )
        page = RegisterPage(
            rows=lines_of(session, found.items, language),
            values=values,
            query=urlencode(values),
            previous=_href(values, found.prev_cursor),
            next=_href(values, found.next_cursor),
            types=type_choices(request, session),
            regions=departments.list_regions(session, language=language),
            states=state_choices(),
            may_edit=work.actor.may(Permission.ASSET_EDIT),
            is_filtered=bool(values),
            taken=whole_number(request.query_params.get(TAKEN, "")),
        )
    return render(request, "facilities/register", page)


@router.get("/assets.csv")
def give_csv(request: Request, visit: VisitDep) -> Response:
    """What the list shows, all pages of it, as a file that can be taken over again."""
    with visit.reading() as work:
        require_read(work)
        lines = list(_lines(work.session, _filter(_values(request))))
    return StreamingResponse(
        files.written(lines),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="facilities.csv"'},
    )


@router.get("/plates")
def show_plates(request: Request, visit: VisitDep, edge: EdgeDep) -> Response:
    """QR plates of the ticked facilities, or of all the list shows, to print on A4."""
    codes = request.query_params.getlist("code")[:MOST_PLATES]
    values = _values(request)
    with visit.reading() as work:
        require_read(work)
        found = _chosen(work.session, codes, values)
        language = language_of(request)
        names = {one.id: one.name.within(language) for one in queries.list_types(work.session)}
    plates = [
        Plate(
            type_name=names[one.type_id],
            plate=one.plate,
            code=one.code,
            place=one.place,
            picture=qr_of(f"{edge.settings.base_url}/f/{one.code}"),
        )
        for one in found[:MOST_PLATES]
    ]
    page = PlatesPage(plates, edge.settings.hotline, len(found) > MOST_PLATES, _href(values, ""))
    return render(request, "facilities/plates", page)


def _chosen(session: Session, codes: list[str], values: dict[str, str]) -> list[AssetView]:
    if codes:
        return sorted(queries.assets_named(session, codes, []), key=lambda one: one.code)
    return queries.some_assets(session, _filter(values), limit=MOST_PLATES + 1)


def _values(request: Request) -> dict[str, str]:
    asked = request.query_params
    return {name: asked[name].strip() for name in _FILTERS if asked.get(name, "").strip()}


def _filter(values: dict[str, str]) -> AssetFilter:
    state = values.get("state", "")
    return AssetFilter(
        text=values.get("q", ""),
        type_code=values.get("type", ""),
        region_code=values.get("region", ""),
        owner_unit_id=whole_number(values.get("owner", "")),
        state=AssetState(state) if state in set(AssetState) else None,
    )


def _href(values: dict[str, str], cursor: str | None) -> str:
    if cursor is None:
        return ""
    asked = {**values, "cursor": cursor} if cursor else values
    return f"{REGISTER}?{urlencode(asked)}" if asked else REGISTER


def _lines(session: Session, wanted: AssetFilter) -> list[list[str]]:
    codes = {one.id: one.code for one in queries.list_types(session)}
    units = tree(session).units
    found: list[list[str]] = []
    for asset in queries.all_assets(session, wanted):
        owner = units[asset.owner_unit_id].code if asset.owner_unit_id else ""
        found.append(asset_row(asset, type_code=codes[asset.type_id], owner=owner))
        if len(found) >= _MOST_IN_FILE:
            break
    return found
