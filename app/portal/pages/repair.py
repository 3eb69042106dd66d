"""Something is broken: the first page of such a report, its photos, and the way through it.

Every page is a form that works without script; what was written is kept on the server.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.cases.service.files import drop, pick
from app.kernel.geo import judge
from app.kernel.messages import mark
from app.portal import queries, service
from app.portal.pages.report import Walk
from app.portal.pages.report_details import UPLOADS
from app.portal.repairing import writing as repairing
from app.portal.repairing.draft import PhotoNote, RepairDraft, RepairStep, is_done
from app.portal.repairing.places import ground_of
from app.portal.repairing.writing import RepairWriting
from app.portal.uploads import Taken, take
from app.portal.views import FileLink, file_link
from app.settings import Settings
from app.web.deps import EdgeDep
from app.web.forms import FormDep, RawForm
from app.web.proof import admit
from app.web.security import visitor
from app.web.templating import render, see_other
from app.web.ui import locale_of
from app.web.uploads import StoredUpload, send_file

router = APIRouter()

ROOT: Final = "/report/repair"
NEAR: Final = f"{ROOT}/near"
CALL: Final = f"{ROOT}/call"
_TITLES: Final = {
    RepairStep.PHOTO: mark("Photo"),
    RepairStep.PLACE: mark("Place"),
    RepairStep.WHAT: mark("What"),
    RepairStep.DANGER: mark("Danger"),
    RepairStep.MORE: mark("Details"),
    RepairStep.CONTACT: mark("Contact"),
    RepairStep.CHECK: mark("Check"),
}
_BEFORE_NEAR: Final = (RepairStep.PHOTO, RepairStep.PLACE, RepairStep.WHAT)


def address(step: RepairStep) -> str:
    """Where a step lies."""
    return f"{ROOT}/{step}"


def walk_of(writing: RepairWriting, here: RepairStep) -> Walk:
    """The steps with what is done, for the head of each page."""
    steps = []
    for step in RepairStep:
        over = is_done(step, writing.draft, may_be_anonymous=writing.may_be_anonymous)
        state = "now" if step is here else "done" if over else "later"
        steps.append((_TITLES[step], address(step), state))
    return Walk(tuple(steps), writing.draft.is_begun, forget=f"{ROOT}/forget")


def onward(session: Session, writing: RepairWriting) -> str:
    """Where to go on: whom to call, what is open nearby, or the next page without an answer."""
    if writing.draft.has_danger and writing.unwarned:
        return CALL
    step, draft = writing.next_step, writing.draft
    is_due = step not in _BEFORE_NEAR and draft.near_seen != draft.seen_at
    if is_due and repairing.near(session, writing):
        return NEAR
    return address(step)


@router.get(ROOT, include_in_schema=False)
def start(request: Request, edge: EdgeDep) -> Response:
    """Begin, or go on where this browser left off."""
    with edge.reading() as session:
        goal = onward(session, repairing.open_writing(session, visitor(request)))
    return see_other(goal)


@router.post(f"{ROOT}/forget", include_in_schema=False)
def forget(request: Request, edge: EdgeDep, _form: FormDep) -> Response:
    """Throw away what was written: others may use this browser too."""
    with edge.writing() as session:
        repairing.forget(session, visitor(request))
    return see_other("/")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a photo says of itself: the district, the position, when it was taken.

    `is_elsewhere` is whether it tells a position that cannot be in this city, and is not offered.
    """

    region: str
    position: str
    taken_at: datetime | None
    is_elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class PhotoPage:
    """The photos so far, and what they offer."""

    walk: Walk
    files: tuple[FileLink, ...]
    max_files: int
    offer: Offer | None
    has_position: bool
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get(f"{ROOT}/photo", include_in_schema=False)
def photo(request: Request, edge: EdgeDep) -> Response:
    """Ask for photos; none is needed."""
    with edge.reading() as session:
        writing = repairing.open_writing(session, visitor(request))
        page = _page(request, session, writing)
    return render(request, "portal/repair_photo", page)


@router.post(f"{ROOT}/photo", include_in_schema=False)
def set_photo(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Keep photos; go on, add, take out, or use what a photo says of its place."""
    with edge.writing() as session:
        if (refusal := admit(request, session, form, UPLOADS, now=edge.now())) is not None:
            return refusal
        writing = repairing.open_writing(session, visitor(request))
        writing = repairing.keep(session, writing, edge.now())
    taken = take(request, form, already=len(writing.files), only_photos=True)
    with edge.writing() as session:
        writing = repairing.open_writing(session, visitor(request))
        changes = _changes(request, session, writing, form, taken, edge.now())
        repairing.keep(session, writing, edge.now(), **changes)
    with edge.reading() as session:
        writing = repairing.open_writing(session, visitor(request))
        if taken.errors:
            page = _page(request, session, writing, taken.errors)
            return render(request, "portal/repair_photo", page, status=422)
        is_asked = form.text("go") not in {"", "next"} or bool(changes.get("offered"))
        goal = f"{address(RepairStep.PHOTO)}#files" if is_asked else onward(session, writing)
    return see_other(goal)


def _changes(
    request: Request,
    session: Session,
    writing: RepairWriting,
    form: RawForm,
    taken: Taken,
    now: datetime,
) -> dict[str, Any]:
    action, _, number = form.text("go").partition(":")
    draft = writing.draft
    if action == "remove":
        drop(session, writing.files, number)
        return {"offered": _without(draft.offered, number), "used": _without(draft.used, number)}
    if action == "use":
        return _taken_over(request, session, draft)
    if action == "drop":
        return {"offered": ()}
    ids = service.add_files(session, taken.files, draft_id=writing.draft_id, now=now)
    notes = (_note(key, each) for key, each in zip(ids, taken.files, strict=True))
    fresh = tuple(note for note in notes if note.lat or note.taken_at)
    is_over = not taken.errors and action in {"", "next"}
    return {"offered": (*draft.offered, *fresh)} | ({"has_photos": True} if is_over else {})


def _without(notes: tuple[PhotoNote, ...], number: str) -> tuple[PhotoNote, ...]:
    return tuple(note for note in notes if str(note.file_id) != number)


def _note(file_id: int, upload: StoredUpload) -> PhotoNote:
    where, when = upload.position, upload.taken_at
    lat, lon = (f"{where.lat:.6f}", f"{where.lon:.6f}") if where else ("", "")
    return PhotoNote(file_id, lat, lon, when.isoformat() if when else "")


def _placed(request: Request, draft: RepairDraft) -> PhotoNote | None:
    """The first photo offered that was taken in this city."""
    bounds = ground_of(request.app.state.settings).bounds
    for note in draft.offered:
        if note.lat and judge(float(note.lon), float(note.lat), bounds).point:
            return note
    return None


def _taken_over(request: Request, session: Session, draft: RepairDraft) -> dict[str, Any]:
    changes: dict[str, Any] = {"offered": (), "used": (*draft.used, *draft.offered)}
    if note := _placed(request, draft):
        ground = ground_of(request.app.state.settings)
        region = draft.region or ground.region_at(float(note.lon), float(note.lat))
        is_known = queries.find_place(session, region) is not None
        changes |= {"lat": note.lat, "lon": note.lon, "region": region if is_known else ""}
    return changes


def _page(
    request: Request,
    session: Session,
    writing: RepairWriting,
    errors: Mapping[str, str] | None = None,
) -> PhotoPage:
    settings: Settings = request.app.state.settings
    return PhotoPage(
        walk=walk_of(writing, RepairStep.PHOTO),
        files=tuple(file_link(f"{ROOT}/files/{file.id}", file) for file in writing.files),
        max_files=settings.max_files,
        offer=_offer(request, session, writing.draft),
        has_position=writing.draft.has_position,
        errors=errors or {},
    )


def _offer(request: Request, session: Session, draft: RepairDraft) -> Offer | None:
    if not draft.offered:
        return None
    note = _placed(request, draft)
    times = [one.taken_at for one in draft.offered if one.taken_at]
    is_elsewhere = note is None and any(one.lat for one in draft.offered)
    if note is None and not times and not is_elsewhere:
        return None
    region = position = ""
    if note is not None:
        ground = ground_of(request.app.state.settings)
        found = queries.find_place(session, ground.region_at(float(note.lon), float(note.lat)))
        region = found.name.within(str(locale_of(request))) if found else ""
        position = f"{float(note.lat):.4f}, {float(note.lon):.4f}"
    when = datetime.fromisoformat(note.taken_at if note and note.taken_at else min(times)) \
        if times else None  # fmt: skip
    return Offer(region, position, when, is_elsewhere)


@router.get(f"{ROOT}/files/{{file_id}}", include_in_schema=False)
def file(request: Request, edge: EdgeDep, file_id: int) -> Response:
    """A photo of this browser's own unsent report."""
    with edge.reading() as session:
        writing = repairing.open_writing(session, visitor(request))
        found = pick(writing.files, file_id)
        session.expunge(found)
    return send_file(request, found, name=f"draft-{file_id}")
