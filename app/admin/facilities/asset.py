"""One facility: its page with photos and repairs, the form that adds or changes it.

The register is written through `facilities.service`; a code is proposed and never changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin.catalogue import edit_of
from app.admin.facilities.common import (
    REGISTER,
    AssetLine,
    bounds_of,
    lines_of,
    require_read,
    state_choices,
    today_of,
    type_choices,
)
from app.admin.frame import language_of, tried_form
from app.cases.kinds import Status
from app.cases.labels import LABELS
from app.departments import queries as departments
from app.facilities import queries, service
from app.facilities.queries import PhotoView
from app.facilities.rules import AssetState, AssetView, TypeView
from app.facilities.rules.register import AssetDraft, judge
from app.facilities.service import NewPhoto
from app.inspections import queries as inspections
from app.inspections.labels import RESULTS
from app.inspections.queries import AssetCheck, AssetRepair, Repeated
from app.inspections.rules import Result
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.web.deps import Edge, EdgeDep
from app.web.forms import FormDep, RawForm, parse
from app.web.qr import qr_of
from app.web.templating import render, see_other
from app.web.uploads import serve, store_of, take_files

router = APIRouter(prefix=REGISTER)

_NEAR_M: Final = 200.0
_MOST_NEAR: Final = 8
_COMMON: Final = ("lon", "lat", "place", "name", "note", "plate", "built_on", "state")


class AssetForm(BaseModel):
    """What is typed about a facility."""

    code: Annotated[str, Field(title=mark("Facility code"))] = ""
    plate: Annotated[str, Field(title=mark("Number on the plate"))] = ""
    type: Annotated[str, Field(title=mark("Type"))] = ""
    name: Annotated[str, Field(title=mark("Designation"))] = ""
    place: Annotated[str, Field(title=mark("Place"))] = ""
    region_code: Annotated[str, Field(title=mark("District or street"))] = ""
    lon: Annotated[float | None, Field(title=mark("Longitude"))] = None
    lat: Annotated[float | None, Field(title=mark("Latitude"))] = None
    owner_unit_id: Annotated[int | None, Field(title=mark("Unit that owns it"))] = None
    state: AssetState = AssetState.IN_USE
    built_on: Annotated[date | None, Field(title=mark("Built on"))] = None
    note: Annotated[str, Field(title=mark("Note"))] = ""
    version: int = 0

    def draft(self, session: Session) -> AssetDraft:
        """The form as the register's service takes it."""
        one = queries.type_by_code(session, self.type)
        left = self.model_dump(exclude={"type", "version"})
        return AssetDraft(type_id=one.id if one else None, **left)


@dataclass(frozen=True, slots=True)
class AssetPage:
    """A facility with its photos, what was repaired and what inspections found."""

    facility: AssetView
    line: AssetLine
    kind: TypeView
    photos: list[PhotoView]
    repairs: list[AssetRepair]
    checks: list[AssetCheck]
    repeated: Repeated | None
    near: list[tuple[AssetLine, float]]
    picture: Markup
    may_edit: bool
    errors: Mapping[str, str]
    statuses: Mapping[StrEnum, str]
    results: Mapping[Result, str]


@dataclass(frozen=True, slots=True)
class AssetFormPage:
    """The form of a facility, new or known."""

    values: Mapping[str, str]
    errors: Mapping[str, str]
    code: str
    types: list[tuple[str, str]]
    regions: list[tuple[str, str]]
    units: list[tuple[str, str]]
    states: list[tuple[str, str]]
    proposed: str


@router.get("/new")
def show_new(request: Request, visit: VisitDep) -> Response:
    """An empty form; with type and district chosen the next code is proposed."""
    asked = request.query_params
    values = {name: asked.get(name, "") for name in ("type", "region_code")}
    with visit.reading() as work:
        if not service.may_edit(work.session, edit_of(work), None):
            values["owner_unit_id"] = str(work.actor.unit_id)
    return _form(request, visit, {**values, "state": AssetState.IN_USE}, {}, "")


@router.post("")
def add(request: Request, visit: VisitDep, edge: EdgeDep, form: FormDep) -> Response:
    """Put a facility into the register."""
    parsed = parse(AssetForm, form)
    added: list[str] = []

    def do(work: Work, value: AssetForm) -> None:
        work.actor.require(Permission.ASSET_EDIT)
        asset = service.add_asset(
            work.session,
            value.draft(work.session),
            bounds=bounds_of(edge.settings),
            today=today_of(edge),
            edit=edit_of(work),
        )
        added.append(asset.code)

    if errors := tried_form(visit, parsed, do):
        return _form(request, visit, _turned(edge, parsed.values, errors), errors, "")
    return see_other(f"{REGISTER}/{added[0]}")


@router.get("/{code}")
def show_asset(request: Request, visit: VisitDep, edge: EdgeDep, code: str) -> Response:
    """A facility with everything known of it."""
    return _shown(request, visit, edge, code, {})


@router.get("/{code}/edit")
def show_edit(request: Request, visit: VisitDep, code: str) -> Response:
    """The form with what stands in the register."""
    with visit.reading() as work:
        asset = _asset(work, code)
        values = _stored(asset, queries.get_type(work.session, asset.type_id).code)
    return _form(request, visit, values, {}, asset.code)


@router.post("/{code}/edit")
def save(request: Request, visit: VisitDep, edge: EdgeDep, code: str, form: FormDep) -> Response:
    """Save what was changed."""
    parsed = parse(AssetForm, form)

    def do(work: Work, value: AssetForm) -> None:
        work.actor.require(Permission.ASSET_EDIT)
        service.change_asset(
            work.session,
            _asset(work, code).id,
            value.draft(work.session),
            version=value.version,
            bounds=bounds_of(edge.settings),
            today=today_of(edge),
            edit=edit_of(work),
        )

    if errors := tried_form(visit, parsed, do):
        return _form(request, visit, _turned(edge, parsed.values, errors), errors, code)
    return see_other(f"{REGISTER}/{code}")


@router.post("/{code}/photos")
def add_photo(
    request: Request, visit: VisitDep, edge: EdgeDep, code: str, form: FormDep
) -> Response:
    """Keep a photo of how it should look."""
    try:
        photo = _stored_photo(request, form)
        with visit.writing() as work:
            work.actor.require(Permission.ASSET_EDIT)
            service.add_photo(work.session, _asset(work, code).id, photo, edit=edit_of(work))
    except InvalidError as refused:
        return _shown(request, visit, edge, code, refused.fields or {"photo": refused.msgid})
    return see_other(f"{REGISTER}/{code}")


@router.post("/{code}/photos/{photo_id}/remove")
def remove_photo(visit: VisitDep, code: str, photo_id: int, _form: FormDep) -> Response:
    """Take a photo away."""
    with visit.writing() as work:
        work.actor.require(Permission.ASSET_EDIT)
        service.remove_photo(work.session, _asset(work, code).id, photo_id, edit=edit_of(work))
    return see_other(f"{REGISTER}/{code}")


@router.get("/{code}/photos/{photo_id}")
def show_photo(request: Request, visit: VisitDep, code: str, photo_id: int) -> Response:
    """A photo; small with ?small."""
    with visit.reading() as work:
        photo = queries.photo_of(work.session, _asset(work, code).id, photo_id)
    small = "small" in request.query_params
    name = f"{code}-{photo_id}"
    return serve(store_of(request), photo.file, photo.file_type, name=name, thumbnail=small)


def _asset(work: Work, code: str) -> AssetView:
    require_read(work)
    found = queries.asset_by_code(work.session, code)
    if found is None:
        raise NotFoundError(mark("There is no such facility."))
    return found


def _shown(
    request: Request, visit: VisitDep, edge: Edge, code: str, errors: Mapping[str, str]
) -> Response:
    with visit.reading() as work:
        asset = _asset(work, code)
        session = work.session
        kind = queries.get_type(session, asset.type_id)
        language = language_of(request)
        page = AssetPage(
            facility=asset,
            line=lines_of(session, [asset], language)[0],
            kind=kind,
            photos=queries.photos_of(session, asset.id),
            repairs=inspections.repairs_of(session, work.actor, asset.id),
            checks=inspections.checks_of(session, asset.id),
            repeated=inspections.repeated_of(session, asset.id, kind, now=work.now),
            near=_near(session, asset, language),
            picture=qr_of(f"{edge.settings.base_url}/f/{asset.code}"),
            may_edit=service.may_edit(session, edit_of(work), asset.owner_unit_id),
            errors=errors,
            statuses=LABELS[Status],
            results=RESULTS,
        )
    return render(request, "facilities/asset", page, status=422 if errors else 200)


def _near(session: Session, asset: AssetView, language: str) -> list[tuple[AssetLine, float]]:
    """What stands within a short walk, nearest first, with the metres to it."""
    if asset.point is None:
        return []
    found = queries.assets_near(session, *asset.point, _NEAR_M, limit=_MOST_NEAR + 1)
    others = [one for one in found if one.id != asset.id][:_MOST_NEAR]
    lines = lines_of(session, others, language)
    return [(line, one.distance_m or 0.0) for line, one in zip(lines, others, strict=True)]


def _form(
    request: Request,
    visit: VisitDep,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    code: str,
) -> Response:
    with visit.reading() as work:
        work.actor.require(Permission.ASSET_EDIT)
        session, language = work.session, language_of(request)
        page = AssetFormPage(
            values=values,
            errors=errors,
            code=code,
            types=type_choices(request, session),
            regions=departments.list_regions(session, language=language),
            units=departments.list_choices(session, language=language),
            states=state_choices(),
            proposed="" if code else _proposed(session, values),
        )
    return render(request, "facilities/form", page, status=422 if errors else 200)


def _proposed(session: Session, values: Mapping[str, str]) -> str:
    one = queries.type_by_code(session, values.get("type", ""))
    region = values.get("region_code", "")
    if one is None or not one.is_asset_type or not departments.is_region(session, region):
        return ""
    return str(service.next_code(session, region, one.code))


def _stored(asset: AssetView, type_code: str) -> dict[str, str]:
    plain = {name: getattr(asset, name) for name in _COMMON}
    return {
        **{name: "" if value is None else str(value) for name, value in plain.items()},
        "type": type_code,
        "region_code": asset.region_code,
        "owner_unit_id": str(asset.owner_unit_id or ""),
        "version": str(asset.version),
    }


def _turned(edge: Edge, values: Mapping[str, str], errors: Mapping[str, str]) -> dict[str, str]:
    """What was typed; a position that is swapped comes back the other way round."""
    typed = dict(values)
    if "lon" not in errors:
        return typed
    try:
        draft = AssetDraft(lon=float(typed["lon"]), lat=float(typed["lat"]))
    except (KeyError, ValueError):
        return typed
    judged = judge(draft, None, bounds=bounds_of(edge.settings), today=today_of(edge))
    if judged.instead is not None:
        typed |= {"lon": f"{judged.instead.lon}", "lat": f"{judged.instead.lat}"}
    return typed


def _stored_photo(request: Request, form: RawForm) -> NewPhoto:
    """The uploaded photo, checked, re-encoded and kept; outside any transaction."""
    chosen = form.files("photo")
    if not chosen:
        raise InvalidError(fields={"photo": mark("Choose a file.")})
    kept = take_files(request, chosen, "photo", only_photos=True, most=1)[0]
    return NewPhoto(kept.sha256, kept.content_type, form.text("words"))
