"""A citizen registered, and what they are called changed: dense forms that lose nothing typed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.calendars import queries as calendars
from app.cases.service import drafts
from app.citizens.models import Citizen
from app.citizens.queries.getting import get_visible
from app.citizens.rules import ContactKind, IdentifierKind, Visibility, number_of, read_number
from app.citizens.rules.identity import read
from app.citizens.service import enrolling, notes, representing, tags
from app.citizens.service.identities import find_holder
from app.departments import queries as departments
from app.desk.alike import Alike, AlikeError, refuse_alike
from app.desk.editing import edit_page
from app.desk.partyforms import GROUNDS, LANGUAGES, SETTABLE, ChangeForm, PartyForm
from app.desk.picture.labels import MARKS, PAPERS, WAYS
from app.kernel import idempotency
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.web.forms import FormDep, parse
from app.web.i18n import Locale
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/citizens")

_DRAFT: Final = "citizen"
_SCOPE: Final = "desk.citizen"


@dataclass(frozen=True, slots=True)
class NewPage:
    """The form, what was typed in it, and who is known already under the document."""

    values: dict[str, Any]
    errors: dict[str, str]
    token: str
    chosen_marks: tuple[str, ...]
    known: str
    alike: tuple[Alike, ...]
    regions: list[tuple[str, str]]
    saved_at: datetime | None
    papers: tuple[tuple[IdentifierKind, str], ...] = tuple(PAPERS.items())
    ways: tuple[tuple[ContactKind, str], ...] = tuple(WAYS.items())
    languages: tuple[tuple[str, str], ...] = LANGUAGES
    grounds: tuple[tuple[str, str], ...] = GROUNDS
    marks: tuple[tuple[str, str], ...] = tuple((k, MARKS[k]) for k in SETTABLE)


@router.get("/new")
def show(request: Request, visit: VisitDep) -> Response:
    """The form, with what this person left unfinished."""
    with visit.reading() as work:
        kept = drafts.find(work.session, drafts.owner_of_staff(work.actor.id), _DRAFT)
        values = kept.data if kept else {}
        page = _new_page(request, work, values, {}, saved_at=kept.saved_at if kept else None)
    return render(request, "citizens/new", page)


@router.post("/new")
def enrol(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Register the party, or say what cannot be so."""
    parsed = parse(PartyForm, form)
    values = {**parsed.values, "marks": form.lists.get("marks", [])}
    if parsed.value is None:
        return _new_again(request, visit, values, parsed.errors)
    try:
        with visit.writing() as work:
            number = _enrol(work, parsed.value)
    except InvalidError as refusal:
        return _new_again(request, visit, values, refusal.said, refusal)
    return see_other(f"/citizens/{number}")


@router.post("/new/discard")
def discard(visit: VisitDep, _form: FormDep) -> Response:
    """Throw the unfinished form away."""
    with visit.writing() as work:
        drafts.remove(work.session, drafts.owner_of_staff(work.actor.id), _DRAFT)
    return see_other("/citizens/new")


@router.get("/{number}/edit")
def edit(request: Request, visit: VisitDep, number: str) -> Response:
    """Everything about one party that may be changed; a merged one leads to who it became."""
    with visit.reading() as work:
        work.actor.require(Permission.CITIZEN_EDIT)
        citizen = get_visible(work.session, work.actor, read_number(number))
        if citizen.merged_into_id is not None:
            return see_other(f"/citizens/{number_of(citizen.merged_into_id)}/edit")
        page = edit_page(request, work, citizen.id)
    return render(request, "citizens/edit", page)


@router.post("/{number}/edit")
def change(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Change what the party is called and how it wants to be reached."""
    parsed = parse(ChangeForm, form)
    errors = parsed.errors
    if parsed.value is not None:
        try:
            with visit.writing() as work:
                _change(work, number, parsed.value)
            return see_other(f"/citizens/{number}/edit")
        except InvalidError as refusal:
            errors = refusal.said
    with visit.reading() as work:
        citizen = get_visible(work.session, work.actor, read_number(number))
        page = edit_page(request, work, citizen.id, "change", parsed.values, errors)
    return render(request, "citizens/edit", page, status=422)


def _enrol(work: Work, typed: PartyForm) -> str:
    earlier = idempotency.once(work.session, typed.idempotency, _SCOPE, work.now)
    if earlier is not None:
        return str(earlier["number"])
    citizen_id = enrolling.enrol(
        work.session, typed.as_party(), actor=work.actor, ip=work.ip, now=work.now
    )
    if not typed.is_new:
        refuse_alike(work, citizen_id)
    citizen = work.session.get_one(Citizen, citizen_id)
    _surround(work, citizen, typed)
    drafts.remove(work.session, drafts.owner_of_staff(work.actor.id), _DRAFT)
    number = number_of(citizen_id)
    idempotency.remember(work.session, typed.idempotency, _SCOPE, {"number": number})
    return number


def _surround(work: Work, citizen: Citizen, typed: PartyForm) -> None:
    """Whom the party acts for, tags, and a note."""
    by: dict[str, Any] = {"unit_id": work.actor.unit_id, "by_id": work.actor.id, "now": work.now}
    if typed.principal:
        today = calendars.load(work.session).statutory.local_date(work.now)
        representing.represent(
            work.session,
            citizen,
            find_principal(work, typed.principal),
            typed.representation(today),
            by_id=work.actor.id,
            now=work.now,
        )
    try:
        for word in typed.words():
            tags.add(work.session, citizen, word, visibility=Visibility.EVERYONE, **by)
    except InvalidError as refusal:
        raise InvalidError(fields={"tags": refusal.fields["word"]}) from refusal
    if typed.note:
        notes.add(work.session, citizen, typed.note, visibility=Visibility.UNIT, **by)


def find_principal(work: Work, typed: str) -> Citizen:
    """The citizen somebody acts for, by number.

    Raises:
        InvalidError: there is none of this number.
    """
    try:
        return get_visible(work.session, work.actor, read_number(typed))
    except NotFoundError as error:
        sentence = mark("Enter the citizen's number, such as C000000123.")
        raise InvalidError(fields={"principal": sentence}) from error


def _change(work: Work, number: str, typed: ChangeForm) -> None:
    citizen = enrolling.open_for_edit(
        work.session,
        work.actor,
        read_number(number),
        seen_version=typed.version,
        now=work.now,
    )
    enrolling.change(
        work.session, citizen, typed.as_changes(), actor=work.actor, ip=work.ip, now=work.now
    )


def _new_again(
    request: Request,
    visit: VisitDep,
    values: dict[str, Any],
    errors: dict[str, str],
    refusal: InvalidError | None = None,
) -> Response:
    alike = refusal.found if isinstance(refusal, AlikeError) else ()
    with visit.reading() as work:
        known = _holder(work, values.get("document", ""))
        page = _new_page(request, work, values, errors, known=known, alike=alike)
    return render(request, "citizens/new", page, status=422)


def _holder(work: Work, document: str) -> int | None:
    """Who is known under the document, whatever else is still missing."""
    identity = read(document)
    return find_holder(work.session, identity) if identity else None


def _new_page(
    request: Request,
    work: Work,
    values: dict[str, Any],
    errors: dict[str, str],
    *,
    known: int | None = None,
    alike: tuple[Alike, ...] = (),
    saved_at: datetime | None = None,
) -> NewPage:
    work.actor.require(Permission.CITIZEN_EDIT)
    language = "en" if locale_of(request) is Locale.EN else "zh"
    chosen = values.get("marks", [])
    return NewPage(
        values={"kind": "person", "language": "zh-CN", "ground": "agent"} | values,
        errors=errors,
        token=values.get("idempotency") or random_token(),
        chosen_marks=(chosen,) if isinstance(chosen, str) else tuple(chosen),
        known=number_of(known) if known else "",
        alike=alike,
        regions=departments.list_regions(work.session, language=language),
        saved_at=saved_at,
    )
