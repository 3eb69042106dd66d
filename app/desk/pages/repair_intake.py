"""Taking in a repair for a citizen: type, place or number, what is dangerous; due date before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.cases import service
from app.cases.kinds import Channel
from app.cases.labels import LABELS
from app.cases.queries import get_taken_in
from app.departments import queries as departments
from app.desk.carrying import Carried, carried
from app.desk.mendingin import NONE_OF_THEM, Asked, RepairIntakeForm, asked, check, open_typed
from app.desk.worklist import counts
from app.facilities import queries as facilities
from app.facilities.rules import Danger
from app.kernel import idempotency
from app.kernel.errors import InvalidError
from app.kernel.ids import random_token
from app.web import i18n
from app.web.forms import FormDep, parse
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/desk/new")

_SCOPE: Final = "desk.repair"
_CHANNELS: Final = tuple(c for c in Channel if c not in (Channel.PORTAL, Channel.OPEN311))


@dataclass(frozen=True, slots=True)
class RepairIntakePage:
    """The form, what was typed in it, and what the type asks for."""

    values: dict[str, str]
    ticked: Sequence[str]
    errors: dict[str, str]
    token: str
    asked: Asked
    forms_of: list[tuple[str, str]]
    stoppers: tuple[Danger, ...]
    dangers: list[tuple[str, str]]
    candidates: list[tuple[str, str, str]]
    suggestions: list[dict[str, str]]
    regions: list[tuple[str, str]]
    channels: list[tuple[str, str]]
    carried: Carried | None


@router.get("/repair")
def show(request: Request, visit: VisitDep, talk: str = "", facility: str = "") -> Response:
    """The empty form, for whom they talk with."""
    with visit.reading() as work:
        work.actor.require(Permission.CASE_INTAKE)
        page = _page(request, work, {"talk": talk, "facility": facility}, (), {})
    return render(request, "desk/repair_intake", page)


@router.post("/repair")
def take_in(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Open the repair; or, asked only to look, show what its type asks for."""
    parsed = parse(RepairIntakeForm, form)
    ticked = form.lists.get("danger", [])
    errors = parsed.errors
    if parsed.value is not None and not form.text("look"):
        try:
            with visit.writing() as work:
                number = _open(work, parsed.value)
        except InvalidError as refusal:
            errors = dict(refusal.fields) or {"": refusal.msgid}
        else:
            return see_other(f"/cases/{number}")
    shown = {} if form.text("look") else errors
    with visit.reading() as work:
        work.actor.require(Permission.CASE_INTAKE)
        page = _page(request, work, form.values, ticked, shown)
    return render(request, "desk/repair_intake", page, status=422 if shown else 200)


def _open(work: Work, typed: RepairIntakeForm) -> str:
    work.actor.require(Permission.CASE_INTAKE)
    _, asset = check(work.session, typed)
    region = typed.region_code or (asset.region_code if asset else "")
    reserved = service.reserve(work.session, region, now=work.now)
    answer = {"number": reserved.number}
    earlier = idempotency.once(work.session, typed.idempotency, _SCOPE, work.now, answer=answer)
    if earlier is not None:
        return get_taken_in(work.session, str(earlier["number"])).number
    talk = carried(work.session, work.actor, typed.talk)
    case = open_typed(work, typed, talk, reserved)
    if talk:
        talk.link(work.session, case)
    counts.forget(work.actor)
    return case.number


def _page(
    request: Request,
    work: Work,
    values: dict[str, str],
    ticked: Sequence[str],
    errors: dict[str, str],
) -> RepairIntakePage:
    locale = locale_of(request)
    language = str(locale)[:2]
    found = asked(work, values, ticked, language)
    kind = found.kind
    forms = [(one.key, one.label.within(language)) for one in kind.forms] if kind else []
    dangers = [(one.key, one.label.within(language)) for one in kind.dangers] if kind else []
    if dangers:
        dangers.append((NONE_OF_THEM, i18n.gettext("None of these")))
    return RepairIntakePage(
        values=values,
        ticked=ticked,
        errors=errors,
        token=values.get("idempotency") or random_token(),
        asked=found,
        forms_of=forms,
        stoppers=tuple(one for one in (kind.stoppers if kind else ()) if one.key in ticked),
        dangers=dangers,
        candidates=[
            (one.code, one.name.within(language), one.hint.within(language))
            for one in found.candidates
        ],
        suggestions=[
            {
                "value": one.code,
                "label": one.name.within(language),
                "keys": f"{one.initials} {one.pinyin}",
            }
            for one in facilities.list_types(work.session)
            if one.is_active
        ],
        regions=departments.list_regions(work.session, language=language),
        channels=[(str(c), i18n.gettext(LABELS[Channel][c])) for c in _CHANNELS],
        carried=carried(work.session, work.actor, values.get("talk", "")),
    )
