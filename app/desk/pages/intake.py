"""Taking in a matter for a citizen: one dense form, by keyboard, its draft kept as it is typed."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.cases import service
from app.cases.kinds import Channel, SubjectKind
from app.cases.labels import LABELS
from app.cases.models import Case
from app.cases.queries import get_taken_in, public_token, situation_of
from app.cases.queries.identity import citizen_behind
from app.cases.rules import is_accused, staff
from app.cases.service import NewCase, drafts
from app.catalogue import queries as catalogue
from app.catalogue.rules import ABOUT_SOMEBODY, CaseKind, CategoryEntry, Urgency
from app.citizens.service import Person, contacts
from app.departments import queries as departments
from app.desk import duedates, known, samematter
from app.desk.carrying import Carried, carried, draft_of
from app.desk.forms import IntakeForm
from app.desk.known import KnownPeople
from app.desk.pasted import placed
from app.desk.samematter import SameMatter
from app.desk.worklist import counts
from app.kernel import idempotency, text
from app.kernel.errors import InvalidError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.web import i18n
from app.web.forms import FormDep, RawForm, parse
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/desk")

_SCOPE: Final = "desk.intake"
_NOT_KEPT: Final = ("idempotency", "limit", "find", "same", "same_shown")
_MOST_CANDIDATES: Final = 12
_SEVERAL: Final = mark("Several categories fit. Choose one of them.")
_NO_SUCH: Final = mark("No category fits. Try a code, the initials or another word.")
_DESK_CHANNELS: Final = tuple(c for c in Channel if c not in (Channel.PORTAL, Channel.OPEN311))


@dataclass(frozen=True, slots=True)
class IntakePage:
    """The form, what was typed in it, and the limit it would get."""

    values: dict[str, str]
    errors: dict[str, str]
    token: str
    kinds: list[tuple[str, str]]
    urgencies: list[tuple[str, str]]
    channels: list[tuple[str, str]]
    candidates: list[tuple[str, str, str]]
    category_name: str
    suggestions: list[dict[str, object]]
    regions: list[tuple[str, str]]
    subjects: list[tuple[str, str]]
    units: list[tuple[str, str]]
    due: duedates.Due | None
    draft: str
    carried: Carried | None
    known: KnownPeople
    same: SameMatter
    draft_saved_at: datetime | None = None
    shown: dict[str, str] = field(default_factory=dict)


@router.get("/new")
def show(request: Request, visit: VisitDep, talk: str = "", citizen: str = "") -> Response:
    """The form, with what this person left unfinished, for whom they talk with."""
    with visit.reading() as work:
        work.actor.require(Permission.CASE_INTAKE)
        kept = drafts.find(work.session, drafts.owner_of_staff(work.actor.id), draft_of(talk))
        values = {**(kept.data if kept else {}), "talk": talk}
        values |= {known.FIELD: citizen} if citizen else {}
        page = _page(request, work, values, {}, saved_at=kept.saved_at if kept else None)
    return render(request, "desk/intake", page)


@router.post("/new")
def take_in(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Open the matter; or, asked only for the time limit, show the form with it."""
    if samematter.is_no_new_order(form.values) and not (form.text("find") or form.text("limit")):
        return _no_new_order(request, visit, form)
    parsed = parse(IntakeForm, form)
    if form.text("find"):
        return _who(request, visit, parsed.values)
    if form.text("limit") or parsed.value is None:
        status = 200 if form.text("limit") else 422
        errors = {} if form.text("limit") else parsed.errors
        return _again(request, visit, parsed.values, errors, status)
    try:
        with visit.writing() as work:
            leads_to = _open(work, parsed.value)
    except InvalidError as refusal:
        errors = refusal.fields or {"": refusal.msgid}
        return _again(request, visit, parsed.values, errors, 422)
    return see_other(leads_to)


@router.post("/drafts/{name:path}")
def keep_draft(visit: VisitDep, name: str, form: FormDep) -> Response:
    """Keep what is being typed, under the form's name; nobody else can read it."""
    with visit.writing() as work:
        owner = drafts.owner_of_staff(work.actor.id)
        kept = _kept(form)
        drafts.check_room(work.session, owner, name[:60], kept)
        drafts.save(work.session, owner, name[:60], kept, now=work.now)
    return Response(status_code=204)


@router.post("/new/discard")
def discard(visit: VisitDep, form: FormDep) -> Response:
    """Throw the unfinished matter away."""
    with visit.writing() as work:
        work.actor.require(Permission.CASE_INTAKE)
        talk = carried(work.session, work.actor, form.text("talk"))
        ref = talk.ref if talk else ""
        drafts.remove(work.session, drafts.owner_of_staff(work.actor.id), draft_of(ref))
    return see_other(f"/desk/new?talk={ref}" if ref else "/desk/new")


@router.post("/new/alike")
def alike(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """What is known already of what is being typed; asked by the script while it is."""
    is_shown = bool(form.text(samematter.SHOWN))
    with visit.writing() if is_shown else visit.reading() as work:
        work.actor.require(Permission.CASE_INTAKE)
        category, _ = _category(work.session, form.text("category"))
        talk = carried(work.session, work.actor, form.text("talk"))
        same = samematter.offer(work, form.values, category, talk, by_phone=is_shown)
    return render(request, "desk/alike", {"same": same, "values": form.values, "errors": {}})


def _no_new_order(request: Request, visit: VisitDep, form: RawForm) -> Response:
    try:
        with visit.writing() as work:
            talk = carried(work.session, work.actor, form.text("talk"))
            number = samematter.settle(work, form.values, talk)
    except InvalidError as refusal:
        return _again(request, visit, form.values, refusal.fields or {"": refusal.msgid}, 422)
    return see_other(f"/cases/{number}")


def _who(request: Request, visit: VisitDep, values: dict[str, str]) -> Response:
    """The form again, with the people who may be meant by what was typed."""
    with visit.writing() as work:
        work.actor.require(Permission.CASE_INTAKE)
        page = _page(request, work, values, {}, is_asked=True)
    return render(request, "desk/intake", page)


def _kept(form: RawForm) -> dict[str, str]:
    return {name: value for name, value in form.values.items() if name not in _NOT_KEPT}


def _open(work: Work, typed: IntakeForm) -> str:
    work.actor.require(Permission.CASE_INTAKE)
    is_region = typed.region_code and departments.is_region(work.session, typed.region_code)
    region_code = typed.region_code if is_region else ""
    reserved = service.reserve(work.session, region_code, now=work.now)
    answer = {"number": reserved.number}
    earlier = idempotency.once(work.session, typed.idempotency, _SCOPE, work.now, answer=answer)
    if earlier is not None:
        return _after(work, get_taken_in(work.session, str(earlier["number"])))
    category, candidates = _category(work.session, typed.category)
    if category is None:
        raise InvalidError(fields={"category": _SEVERAL if candidates else _NO_SUCH})
    if typed.region_code and not is_region:
        raise InvalidError(fields={"region_code": mark("Choose the district or street.")})
    talk = carried(work.session, work.actor, typed.talk)
    samematter.check_own(work, typed.model_dump(mode="json"), category, talk)
    phone = text.phone(typed.phone)
    person = Person(name=typed.name.strip(), phone=phone, address=typed.address.strip())
    if talk:
        person = talk.person(work.session, person)
    citizen_id = talk.citizen_id if talk else None
    citizen_id = citizen_id or known.chosen(work, typed.citizen)
    at = placed(typed.place)
    new = NewCase(
        body=typed.body,
        channel=talk.channel if talk else typed.channel,
        kind=typed.kind,
        category_id=category.id,
        title=typed.title,
        place=at.words,
        lon=at.lon,
        lat=at.lat,
        region_code=typed.region_code,
        urgency=typed.urgency,
        is_anonymous=not (citizen_id or person.name or person.phone),
        is_confidential=typed.is_confidential,
        person=person,
        citizen_id=citizen_id,
        reserved=reserved,
        about=typed.about,
        is_identity_secret=typed.is_identity_secret,
    )
    case = service.open_case(work.session, new, doer=staff(work.actor), now=work.now)
    citizen_id = citizen_behind(work.session, case)
    if citizen_id is not None:
        contacts.take_in(work.session, citizen_id, person, now=work.now)
    if talk and not case.is_identity_secret:
        talk.link(work.session, case)
    samematter.join_chosen(work, case, typed.same)
    drafts.remove(work.session, drafts.owner_of_staff(work.actor.id), draft_of(typed.talk))
    counts.forget(work.actor)
    return _after(work, case)


def _after(work: Work, case: Case) -> str:
    """Where whoever took a matter in goes on; sent twice, the form leads to the same place."""
    is_about_own = case.kind in ABOUT_SOMEBODY and is_accused(
        situation_of(work.session, case), work.actor
    )
    grants = work.actor.grants_for(Permission.CASE_READ)
    may_confide = any(grant.may_see_confidential for grant in grants)
    if is_about_own or (case.is_confidential and not may_confide):
        # Theirs no longer to read; the number and the code are still to be handed over.
        return f"/c/{public_token(vault_of(work.session), case)}/slip?by=desk"
    return f"/cases/{case.number}"


def _again(
    request: Request,
    visit: VisitDep,
    values: dict[str, str],
    errors: dict[str, str],
    status: int,
) -> Response:
    # Looked for, or stopped for it: then the person's own matters are shown, and that written down.
    by_phone = not errors or samematter.FIELD in errors
    with visit.writing() if by_phone else visit.reading() as work:
        work.actor.require(Permission.CASE_INTAKE)
        page = _page(request, work, values, errors, by_phone=by_phone)
    return render(request, "desk/intake", page, status=status)


def _page(
    request: Request,
    work: Work,
    values: dict[str, Any],
    errors: dict[str, str],
    *,
    saved_at: datetime | None = None,
    is_asked: bool = False,
    by_phone: bool = False,
) -> IntakePage:
    locale = locale_of(request)
    language = str(locale)[:2]
    picker = catalogue.picker(work.session, language)
    category, candidates = _category(work.session, values.get("category", ""))
    talk = carried(work.session, work.actor, values.get("talk", ""))
    return IntakePage(
        values=values,
        errors=errors,
        token=values.get("idempotency") or random_token(),
        kinds=_labels(CaseKind),
        urgencies=_labels(Urgency),
        channels=[(str(c), i18n.gettext(LABELS[Channel][c])) for c in _DESK_CHANNELS],
        candidates=[(c.code, c.name.within(language), c.hint.within(language)) for c in candidates],
        category_name=category.name.within(language) if category else "",
        suggestions=[
            {
                "value": entry["code"],
                "label": entry["name"],
                "keys": f"{entry['initials']} {entry['pinyin']}",
            }
            for entry in picker.entries
        ],
        regions=departments.list_regions(work.session, language=language),
        subjects=_labels(SubjectKind),
        units=departments.list_choices(work.session, language=language, only_leads=True),
        due=duedates.of(work.session, category, values, language=language, now=work.now),
        draft=draft_of(values.get("talk", "")),
        carried=talk,
        known=known.offer(work, values, is_asked=is_asked),
        same=samematter.offer(work, values, category, talk, by_phone=by_phone),
        draft_saved_at=saved_at,
    )


def _category(session: Session, typed: str) -> tuple[CategoryEntry | None, list[CategoryEntry]]:
    """The category meant by a code, initials or a word; or those it could be."""
    if (named := catalogue.find_by_code(session, typed)) is not None:
        return named, []
    found = catalogue.find_categories(session, typed, limit=_MOST_CANDIDATES)
    exact = [c for c in found if typed.casefold() in (c.code.casefold(), c.name.zh)]
    if len(exact or found) == 1:
        return (exact or found)[0], []
    return None, found


def _labels(words: type[CaseKind] | type[SubjectKind] | type[Urgency]) -> list[tuple[str, str]]:
    return [(str(word), i18n.gettext(LABELS[words][word])) for word in words]
