"""The page for the visitor's own words and photos, and the warning to call instead.

Words are kept before anything else is looked at: a refused photo never costs a text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.cases.kinds import SubjectKind
from app.cases.labels import LABELS
from app.cases.service.files import drop, pick
from app.catalogue.rules import CaseKind, Urgency
from app.catalogue.rules.dangers import DangerFound, dangers
from app.kernel.text import clean_line
from app.portal import service
from app.portal.forms import DetailsForm
from app.portal.pages.home import emergencies_in
from app.portal.pages.report import Walk, go_on, walk_of
from app.portal.rules import (
    MAX_BODY,
    MAX_SUBJECT,
    PORTAL_KINDS,
    Report,
    StepName,
    kinds_for,
)
from app.portal.service import Writing
from app.portal.uploads import Taken, take
from app.portal.views import FileLink, file_link
from app.portal.words import KINDS
from app.settings import Settings
from app.web.deps import EdgeDep
from app.web.forms import FormDep, Parsed, RawForm, parse
from app.web.proof import admit
from app.web.ratelimit import Limit
from app.web.security import visitor
from app.web.templating import render, see_other
from app.web.ui import locale_of
from app.web.uploads import send_file

router = APIRouter()

UPLOADS: Final = Limit("upload", timedelta(hours=1), free=60, most=60)
_CRITICAL: Final = "!critical"  # stands among the words a warning was about
_FIRE: Final = ("119", "110")
_MOST_KEPT: Final = 4 * MAX_BODY  # of a text that is too long, to be shortened


@dataclass(frozen=True, slots=True)
class DetailsPage:
    """What is wished, the words, the files so far, a position a photo offers."""

    walk: Walk
    kinds: tuple[tuple[str, str, str], ...]
    subjects: tuple[tuple[str, str], ...]
    files: tuple[FileLink, ...]
    max_files: int
    offered: tuple[str, str] | None
    has_position: bool
    values: Mapping[str, str]
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/report/details", include_in_schema=False)
def details(request: Request, edge: EdgeDep) -> Response:
    """Ask what happened."""
    with edge.reading() as session:
        writing = service.open_report(session, visitor(request))
        page = _page(request, writing, _values(writing))
    return render(request, "portal/details", page)


@router.post("/report/keep", include_in_schema=False)
def keep(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Keep the words as they are typed; asked by the script, answered with nothing."""
    with edge.writing() as session:
        writing = service.open_report(session, visitor(request))
        service.keep_report(session, writing, edge.now(), **_typed(form))
    return Response(status_code=204)


@router.post("/report/details", include_in_schema=False)
def set_details(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Keep words and files; go on, add, take out, or use a photo's position."""
    with edge.writing() as session:
        refusal = admit(request, session, form, UPLOADS, now=edge.now())
        if refusal is not None:
            return refusal
        writing = service.open_report(session, visitor(request))
        writing = service.keep_report(session, writing, edge.now(), **_typed(form))
    taken = take(request, form, already=len(writing.files))
    with edge.writing() as session:
        writing = service.open_report(session, visitor(request))
        service.add_files(session, taken.files, draft_id=writing.draft_id, now=edge.now())
        _drop(session, writing, form)
        parsed = parse(DetailsForm, form)
        is_going_on = _goes_on(form) and not taken.errors
        changes = _changes(writing.report, form, taken)
        if is_going_on and parsed.value is not None:
            changes |= {"has_details": True, "kind": str(parsed.value.kind)}
        writing = service.keep_report(session, writing, edge.now(), **changes)
    return _answer(request, edge, form, parsed, taken, writing)


def _answer(
    request: Request,
    edge: EdgeDep,
    form: RawForm,
    parsed: Parsed[DetailsForm],
    taken: Taken,
    writing: Writing,
) -> Response:
    errors = dict(taken.errors)
    if _goes_on(form):
        errors = parsed.errors | errors
    if errors:
        with edge.reading() as session:
            writing = service.open_report(session, visitor(request))
            page = _page(request, writing, form.values, errors)
        return render(request, "portal/details", page, status=422)
    if not _goes_on(form):
        return see_other("/report/details#files")
    return see_other("/report/urgent") if _danger_in(writing).words else go_on(writing)


def _goes_on(form: RawForm) -> bool:
    # Enter presses the form's first button, which has no name.
    return form.text("go") in {"", "next"}


def _typed(form: RawForm) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    if form.text("kind") in PORTAL_KINDS:
        typed["kind"] = form.text("kind")
    if "body" in form.values:
        # Words cut short may no longer be enough: the page asks again.
        typed |= {"body": form.text("body")[:_MOST_KEPT], "has_details": False}
    if form.text("subject_kind") in set(SubjectKind):
        typed["subject_kind"] = form.text("subject_kind")
    if "subject_name" in form.values:
        typed["subject_name"] = clean_line(form.text("subject_name"))[:MAX_SUBJECT]
    return typed


def _drop(session: Session, writing: Writing, form: RawForm) -> None:
    action, _, number = form.text("go").partition(":")
    if action == "remove":
        drop(session, writing.files, number)


def _changes(report: Report, form: RawForm, taken: Taken) -> dict[str, Any]:
    if form.text("go") == "use_position" and report.offered:
        lat, lon = report.offered
        return {"lat": lat, "lon": lon, "offered": None}
    if form.text("go") == "drop_position":
        return {"offered": None, "lat": "", "lon": ""}
    return {"offered": taken.position} if taken.position else {}


def _values(writing: Writing) -> dict[str, str]:
    report = writing.report
    return {
        "body": report.body,
        "kind": report.kind,
        "subject_kind": report.subject_kind,
        "subject_name": report.subject_name,
    }


def _subjects() -> tuple[tuple[str, str], ...]:
    return tuple((str(kind), words) for kind, words in LABELS[SubjectKind].items())


def _page(
    request: Request,
    writing: Writing,
    values: Mapping[str, str],
    errors: Mapping[str, str] | None = None,
) -> DetailsPage:
    settings: Settings = request.app.state.settings
    kinds = kinds_for(writing.category.kinds if writing.category else None)
    kind = values.get("kind") if values.get("kind") in kinds else str(kinds[0])
    report = writing.report
    return DetailsPage(
        walk=walk_of(writing, StepName.DETAILS),
        kinds=tuple((str(kind), *KINDS[kind]) for kind in kinds),
        subjects=_subjects() if CaseKind.COMPLAINT in kinds else (),
        files=tuple(file_link(f"/report/files/{file.id}", file) for file in writing.files),
        max_files=settings.max_files,
        offered=report.offered,
        has_position=bool(report.lat and report.lon),
        values={**values, "kind": kind or ""},
        errors=errors or {},
    )


@router.get("/report/files/{file_id}", include_in_schema=False)
def file(request: Request, edge: EdgeDep, file_id: int) -> Response:
    """A file of this browser's own unsent report."""
    with edge.reading() as session:
        writing = service.open_report(session, visitor(request))
        found = pick(writing.files, file_id)
    return send_file(request, found, name=f"draft-{file_id}")


@dataclass(frozen=True, slots=True)
class UrgentPage:
    """Call now: the numbers that fit first, then the others."""

    walk: Walk
    words: tuple[str, ...]
    first: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, str], ...]


def _danger_in(writing: Writing) -> DangerFound:
    """Words of danger that have not been warned of yet."""
    found = dangers().found_in(writing.report.body)
    words = tuple(word for word in found.words if word not in writing.report.warned_of)
    is_critical = (
        writing.category is not None and writing.category.default_urgency is Urgency.CRITICAL
    )
    if is_critical and _CRITICAL not in writing.report.warned_of:
        words = (*words, _CRITICAL)
    return DangerFound(words, found.numbers or (_FIRE if is_critical else ()))


@router.get("/report/urgent", include_in_schema=False)
def urgent(request: Request, edge: EdgeDep) -> Response:
    """Say whom to call now; the report can still be sent afterwards."""
    with edge.reading() as session:
        writing = service.open_report(session, visitor(request))
    found = _danger_in(writing)
    if not found.words:
        return go_on(writing)
    numbers = emergencies_in(str(locale_of(request)))
    words = tuple(word for word in found.words if word != _CRITICAL)
    first = tuple(each for each in numbers if each[0] in found.numbers)
    others = tuple(each for each in numbers if each not in first)
    page = UrgentPage(walk_of(writing, StepName.DETAILS), words, first, others)
    return render(request, "portal/urgent", page)


@router.post("/report/urgent", include_in_schema=False)
def warned(request: Request, edge: EdgeDep, _form: FormDep) -> Response:
    """The warning was read; go on with the report."""
    with edge.writing() as session:
        writing = service.open_report(session, visitor(request))
        known = (*writing.report.warned_of, *_danger_in(writing).words)
        writing = service.keep_report(session, writing, edge.now(), warned_of=known)
    return go_on(writing)
