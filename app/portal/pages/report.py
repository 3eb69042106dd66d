"""The first pages of a report: where it is, what it is about.

Every page is a form that works without script; what was written is kept on the server.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.catalogue import queries as catalogue
from app.catalogue.rules import CategoryEntry
from app.kernel.messages import mark
from app.kernel.text import whole_number
from app.maps.config import base_map
from app.portal import queries, service
from app.portal.forms import PlaceForm
from app.portal.pasted import with_position
from app.portal.rules import WHOLE_CITY, Report, StepName, is_done
from app.portal.service import Writing
from app.web.deps import EdgeDep
from app.web.forms import FormDep, parse
from app.web.security import visitor
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter()

_TITLES: Final = {
    StepName.PLACE: mark("Place"),
    StepName.WHAT: mark("What"),
    StepName.DETAILS: mark("Details"),
    StepName.CONTACT: mark("Contact"),
    StepName.CHECK: mark("Check"),
}


@dataclass(frozen=True, slots=True)
class Walk:
    """Where in the report a page stands: (title, address, state) of every step."""

    steps: tuple[tuple[str, str, str], ...]
    is_begun: bool
    forget: str = "/report/forget"


def walk_of(writing: Writing, here: StepName) -> Walk:
    """The steps with what is done, for the head of each page."""
    done = [
        is_done(step, writing.report, may_be_anonymous=writing.may_be_anonymous)
        for step in StepName
    ]
    return Walk(
        tuple(
            (_TITLES[step], address(step), _state(step, here, is_over=over))
            for step, over in zip(StepName, done, strict=True)
        ),
        writing.report.is_begun,
    )


def _state(step: StepName, here: StepName, *, is_over: bool) -> str:
    if step is here:
        return "now"
    return "done" if is_over else "later"


def address(step: StepName) -> str:
    """Where a step lies."""
    return f"/report/{step}"


def go_on(writing: Writing) -> Response:
    """To the first step without an answer; to the check where none is left."""
    return see_other(address(writing.next_step))


@router.get("/report", include_in_schema=False)
def start(request: Request, edge: EdgeDep) -> Response:
    """Begin, or go on where this browser left off."""
    with edge.reading() as session:
        writing = service.open_report(session, visitor(request))
    return go_on(writing)


@router.post("/report/forget", include_in_schema=False)
def forget(request: Request, edge: EdgeDep, _form: FormDep) -> Response:
    """Throw away what was written: others may use this browser too."""
    with edge.writing() as session:
        service.forget_report(session, visitor(request))
    return see_other("/")


@dataclass(frozen=True, slots=True)
class PlacePage:
    """District or street, words, and a map where there is one."""

    walk: Walk
    places: list[tuple[str, str]]
    map: dict[str, Any] | None
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/report/place", include_in_schema=False)
def place(request: Request, edge: EdgeDep) -> Response:
    """Ask where it is."""
    with edge.reading() as session:
        writing = service.open_report(session, visitor(request))
        page = _place_page(request, session, writing, _place_values(writing.report))
    return render(request, "portal/place", page)


@router.post("/report/place", include_in_schema=False)
def set_place(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Keep where it is."""
    parsed = parse(PlaceForm, with_position(form))
    with edge.writing() as session:
        writing = service.open_report(session, visitor(request))
        errors = dict(parsed.errors)
        if parsed.value and not _is_offered(session, parsed.value.region):
            errors["region"] = PlaceForm.SENTENCES["region"]
        if parsed.value is None or errors:
            page = _place_page(request, session, writing, parsed.values, errors)
            return render(request, "portal/place", page, status=422)
        changes = parsed.value.model_dump()
        writing = service.keep_report(session, writing, edge.now(), **changes)
    return go_on(writing)


def _place_values(report: Report) -> dict[str, str]:
    return {
        "region": report.region,
        "place": report.place,
        "lat": report.lat,
        "lon": report.lon,
    }


def _is_offered(session: Session, region: str) -> bool:
    return region == WHOLE_CITY or queries.find_place(session, region) is not None


def _place_page(
    request: Request,
    session: Session,
    writing: Writing,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> PlacePage:
    language = str(locale_of(request))
    places = [
        (each.code, "\u3000" * each.depth + each.name.within(language))
        for each in queries.list_places(session)
    ]
    walk = walk_of(writing, StepName.PLACE)
    return PlacePage(walk, places, map_config(request), values, errors or {})


def map_config(request: Request) -> dict[str, Any] | None:
    """What the map needs to know, or nothing where the city has given no boundaries."""
    base = base_map(request.app.state.settings, is_public=True)
    return base and base | {"lat": "f-lat", "lon": "f-lon", "region": "f-region"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A category to choose."""

    id: int
    code: str
    name: str
    hint: str


@dataclass(frozen=True, slots=True)
class WhatPage:
    """First-level groups to open, or the categories of one, or those that fit some words."""

    walk: Walk
    groups: tuple[Choice, ...]
    group: Choice | None
    choices: tuple[Choice, ...]
    looked_for: str
    chosen: str
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/report/what", include_in_schema=False)
def what(request: Request, edge: EdgeDep, group: str = "") -> Response:
    """Ask what it is about."""
    with edge.reading() as session:
        writing = service.open_report(session, visitor(request))
        page = _what_page(request, session, writing, group)
    return render(request, "portal/what", page)


@router.post("/report/what", include_in_schema=False)
def set_what(request: Request, edge: EdgeDep, form: FormDep, group: str = "") -> Response:
    """Keep the category, or look for one by words."""
    with edge.writing() as session:
        writing = service.open_report(session, visitor(request))
        if form.text("go") == "search":
            words = form.text("looked_for")[:60]
            service.keep_report(session, writing, edge.now(), looked_for=words)
            return see_other("/report/what#found")
        if form.text("go") == "unknown":
            return go_on(_settle(session, edge, writing, None))
        entry = queries.find_category(session, whole_number(form.text("category")))
        if entry is None or entry.parent_id is None:
            errors = {"category": mark("Choose what it is about, or say that you do not know.")}
            page = _what_page(request, session, writing, group, errors)
            return render(request, "portal/what", page, status=422)
        return go_on(_settle(session, edge, writing, entry.id))


def _settle(session: Session, edge: EdgeDep, writing: Writing, category_id: int | None) -> Writing:
    return service.keep_report(
        session, writing, edge.now(), category_id=category_id, has_category=True
    )


def _what_page(
    request: Request,
    session: Session,
    writing: Writing,
    group_code: str,
    errors: Mapping[str, str] | None = None,
) -> WhatPage:
    language = str(locale_of(request))
    groups = catalogue.list_categories(session, portal_only=True)
    group = next((each for each in groups if each.code == group_code), None)
    looked_for = "" if group else writing.report.looked_for
    found = (
        catalogue.list_categories(session, parent_id=group.id, portal_only=True)
        if group
        else queries.suggest_categories(session, looked_for)
    )

    def choice(entry: CategoryEntry) -> Choice:
        return Choice(
            entry.id, entry.code, entry.name.within(language), entry.hint.within(language)
        )

    return WhatPage(
        walk=walk_of(writing, StepName.WHAT),
        groups=tuple(map(choice, groups)),
        group=choice(group) if group else None,
        choices=tuple(map(choice, found)),
        looked_for=looked_for,
        chosen=writing.category.name.within(language) if writing.category else "",
        values={"category": str(writing.report.category_id or ""), "looked_for": looked_for},
        errors=errors or {},
    )
