"""The work behind a lent link: seen, taken on, photographed, done, without an account.

GET only shows; the first form sent keeps the link for its browser. Works without script. Nothing
of whoever reported it stands here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.cases.kinds import MENDED, Action, DoerKind
from app.cases.labels import label
from app.cases.models import Case
from app.cases.queries import situation_of
from app.cases.rules import CONTRACTOR, Words
from app.cases.rules.repairing import STAGE_OF, PhotoStage
from app.cases.service.files import keep_files
from app.cases.workflows import open_steps
from app.facilities import queries as facilities
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.kernel.text import mask_free_text
from app.maps.links import MapLinks, map_links
from app.repairs import queries, service
from app.repairs.forms import MOST_USED, JobForm
from app.repairs.labels import DOORS, STAGES
from app.repairs.models import ContractorLink
from app.repairs.rules import FieldAction, Kept, counted, words_of
from app.repairs.service.lending import Door, look_at, open_link
from app.web.deps import Edge, EdgeDep
from app.web.forms import FormDep, RawForm, parse
from app.web.proof import admit
from app.web.ratelimit import Limit
from app.web.security import visitor
from app.web.templating import render, see_other
from app.web.ui import locale_of
from app.web.unlisted import unlisted
from app.web.uploads import StoredUpload, send_file, take_files

router = APIRouter(prefix="/job")

WORKING: Final = Limit("job", timedelta(hours=1), free=60, most=200)
_PHOTOS: Final = "photos"


@dataclass(frozen=True, slots=True)
class JobStep:
    """One step as a form: what it is called, whether it takes a photo and of what, what it cost."""

    action: str
    label: str
    photo: str
    takes_words: bool
    takes_sums: bool
    client_id: str


@dataclass(frozen=True, slots=True)
class JobPage:
    """What the work needs: where, what, until when, photos, and what to press."""

    token: str
    name: str
    number: str
    title: str
    body: str
    place: str
    where: str
    links: MapLinks | None
    state: str
    is_done: bool
    sent_back: str
    dangers: tuple[str, ...]
    due_at: datetime | None
    safety_due_at: datetime | None
    until: datetime
    photos: tuple[tuple[int, str], ...]
    steps: tuple[JobStep, ...]
    used: tuple[str, ...]
    stock: tuple[tuple[int, str], ...]
    rows: int = MOST_USED
    action: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DoorPage:
    """Why the link does not open here; with a field for the code where it would help."""

    token: str
    sentence: str
    asks_code: bool
    errors: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)


@router.get("/{token}", include_in_schema=False)
def show(request: Request, edge: EdgeDep, token: str) -> Response:
    """The work, or the sentence that says why there is none here."""
    with edge.reading() as session:
        door, link = look_at(session, token, visitor(request), now=edge.now())
        if link is None:
            return _closed(request, token, door)
        return _page(request, session, edge, link, token)


@router.get("/{token}/photos/{file_id}", include_in_schema=False)
def photo(request: Request, edge: EdgeDep, token: str, file_id: int) -> Response:
    """One photo of the repair.

    Raises:
        NotFoundError: the link does not open here, or the repair has no such photo.
    """
    with edge.reading() as session:
        _door, link = look_at(session, token, visitor(request), now=edge.now())
        shown = queries.photos_of(session, link.case_id) if link else ()
        wanted = next((one for one in shown if one.attachment_id == file_id), None)
    if wanted is None:
        raise NotFoundError(mark("There is no such file."))
    return unlisted(send_file(request, wanted, name=str(file_id)))


@router.post("/{token}/code", include_in_schema=False)
def enter(request: Request, edge: EdgeDep, token: str, form: FormDep) -> Response:
    """Open a forwarded link on another device with the code that came with it."""
    with edge.writing() as session:
        if refusal := admit(request, session, form, WORKING, now=edge.now(), token=token):
            return refusal
        code, seen = form.text("code").strip(), visitor(request)
        door, link = open_link(session, token, seen, code=code, now=edge.now())
    if link is None:
        return _closed(request, token, door, status=422)
    return unlisted(see_other(f"/job/{token}"))


@router.post("/{token}", include_in_schema=False)
def act(request: Request, edge: EdgeDep, token: str, form: FormDep) -> Response:
    """Take one step of the work; the first one keeps the link for this browser."""
    parsed = parse(JobForm, form)
    errors = parsed.errors if parsed.value is None else parsed.value.half_told()
    if parsed.value is None or errors:
        return _again(request, edge, token, form, errors)
    try:
        stored = take_files(request, form.files(_PHOTOS), _PHOTOS, only_photos=True)
    except InvalidError as refusal:
        return _again(request, edge, token, form, refusal.fields)
    with edge.writing() as session:
        if refused := admit(request, session, form, WORKING, now=edge.now(), token=token):
            return refused
        door, link = open_link(session, token, visitor(request), now=edge.now())
        if link is None:
            return _closed(request, token, door, status=403)
        link.accepted_at = link.accepted_at or edge.now()
        sent = _sent(session, link, parsed.value, stored, edge.now())
        answer = service.act(session, link, sent, now=edge.now())
    if not answer.is_done:
        status = 422 if answer.kept is Kept.INVALID else 409
        errors = answer.fields or {"": answer.sentence}
        return _again(request, edge, token, form, errors, status=status)
    return unlisted(see_other(f"/job/{token}"))


def _sent(
    session: Session,
    link: ContractorLink,
    form: JobForm,
    stored: tuple[StoredUpload, ...],
    now: datetime,
) -> FieldAction:
    stage = STAGE_OF.get(form.action, PhotoStage.BEFORE)
    # Of no matter until the step is taken: what is refused leaves nothing with it.
    ids = keep_files(session, stored, DoerKind.CONTRACTOR, now=now)
    at = next((one.taken_at for one in stored if one.taken_at), None)
    where = next((one.position for one in stored if one.position), None)
    return FieldAction(
        client_id=f"job-{link.id}-{form.client_id}"[:64],
        case_id=link.case_id,
        action=form.action,
        note=form.note,
        photos=tuple((stage, file_id) for file_id in ids),
        materials=form.used(),
        brought=form.brought(),
        hours=form.hours,
        cost=None if form.cost is None else int(form.cost * 100),
        taken_at=at,
        lon=Decimal(f"{where.lon:.6f}") if where else None,
        lat=Decimal(f"{where.lat:.6f}") if where else None,
    )


def _closed(request: Request, token: str, door: Door, *, status: int = 200) -> Response:
    asks_code = door in (Door.NEEDS_CODE, Door.WRONG_CODE)
    errors = {"code": DOORS[door]} if door is Door.WRONG_CODE else {}
    page = DoorPage(token, DOORS[Door.NEEDS_CODE if asks_code else door], asks_code, errors)
    return unlisted(render(request, "repairs/door", page, status=status))


def _again(
    request: Request,
    edge: Edge,
    token: str,
    form: RawForm,
    errors: Mapping[str, str],
    *,
    status: int = 422,
) -> Response:
    with edge.reading() as session:
        door, link = look_at(session, token, visitor(request), now=edge.now())
        if link is None:
            return _closed(request, token, door, status=status)
        typed = form.text("action"), form.values, errors
        return _page(request, session, edge, link, token, *typed, status=status)


def _page(
    request: Request,
    session: Session,
    edge: Edge,
    link: ContractorLink,
    token: str,
    action: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    status: int = 200,
) -> Response:
    case = session.get_one(Case, link.case_id)
    language = str(locale_of(request))[:2]
    sent_back = queries.sent_back(session, case.id)
    page = JobPage(
        token=token,
        name=link.name,
        number=case.number,
        title=case.title,
        body=mask_free_text(case.body),
        place=case.place,
        where=f"{case.lat:.6f}, {case.lon:.6f}" if case.lat is not None else "",
        links=_links(case),
        state=label(case.status),
        is_done=case.status in MENDED,
        sent_back="" if case.status in MENDED else mask_free_text(sent_back),
        dangers=_dangers(session, case, language),
        due_at=case.due_at,
        safety_due_at=_safety_due(session, case),
        until=link.expires_at,
        photos=tuple(
            (one.attachment_id, STAGES[one.stage]) for one in queries.photos_of(session, case.id)
        ),
        steps=_steps(session, case, edge.now()),
        used=tuple(
            f"{one.name} {counted(one.quantity, one.measure)}"
            for one in queries.materials_of(session, case.id)
        ),
        stock=tuple(
            (one.id, f"{one.name} ({counted(one.on_hand, one.measure)})")
            for one in queries.items_lent(session, link, case)
        ),
        action=action,
        values=values or {},
        errors=errors or {},
    )
    return unlisted(render(request, "repairs/job", page, status=status))


def _steps(session: Session, case: Case, now: datetime) -> tuple[JobStep, ...]:
    found = open_steps(case.kind, situation_of(session, case), CONTRACTOR, now)
    return tuple(
        JobStep(
            action=step.action,
            label=mark("Take it on") if step.action is Action.SIGN else label(step.action),
            photo=STAGES[STAGE_OF[step.action]] if step.action in STAGE_OF else "",
            takes_words=step.words is not Words.NONE and step.action in STAGE_OF,
            takes_sums=step.action is Action.FIX,
            client_id=random_token(),
        )
        for step in found
    )


def _links(case: Case) -> MapLinks | None:
    """To a map of somebody else's: only the position and the type, nothing anybody wrote."""
    if case.lon is None or case.lat is None:
        return None
    return map_links(float(case.lon), float(case.lat), name=quote(case.category_name))


def _dangers(session: Session, case: Case, language: str) -> tuple[str, ...]:
    row = queries.repair_of(session, case.id)
    kind = facilities.get_type(session, row.type_id) if row and row.type_id else None
    return words_of(kind, row.dangers, language) if kind and row else ()


def _safety_due(session: Session, case: Case) -> datetime | None:
    row = queries.repair_of(session, case.id)
    return row.safety_due_at if row and row.safety_done_at is None else None
