"""The counter: sign on, call the next one (F8), and everything that can follow a call."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.citizens.rules import sought
from app.citizens.rules.sought import LONGEST
from app.desk import finding
from app.desk.counter import acting, views
from app.interactions import service as log
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.queueing import service
from app.queueing.rules import Deed, Need, PauseReason, Source
from app.queueing.service import NewTicket, Onward
from app.web.forms import FormDep, RawForm, parse
from app.web.i18n import Locale
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/desk/counter")

_HOME = "/desk/counter"


class CallForm(BaseModel):
    """The number the clerk saw at the counter; none where it was free."""

    seen: int | None = None


class SignOnForm(BaseModel):
    """Which counter."""

    counter: int


class PauseForm(BaseModel):
    """Why nobody is called for a while."""

    reason: PauseReason


class OnwardForm(BaseModel):
    """Where somebody is sent."""

    service: Annotated[int, Field(title=mark("Service"))]
    counter: Annotated[int | None, Field(title=mark("Counter"))] = None


class GiveForm(BaseModel):
    """A number given at the desk; `citizen` is a number such as C000001234, or empty."""

    service: Annotated[int, Field(title=mark("Service"))]
    need: Need = Need.NONE
    citizen: Annotated[str, Field(max_length=20, title=mark("Number of the citizen"))] = ""


class WhoForm(BaseModel):
    """Whose number it is."""

    ticket: int
    citizen: Annotated[str, Field(max_length=20, title=mark("Number of the citizen"))] = ""


@router.get("")
def show(request: Request, visit: VisitDep, citizen: str = "") -> Response:
    """One's own counter, or the counters to sit down at."""
    with visit.reading() as work:
        values = {"citizen": citizen[:20]} if citizen else {}
        return _page(request, work, action="give" if citizen else "", values=values)


@router.get("/bar")
def bar(request: Request, visit: VisitDep) -> Response:
    """The strip on top of every page, as pages ask for it by themselves."""
    with visit.reading() as work:
        english = locale_of(request) is Locale.EN
        strip = views.bar_of(work.session, work.actor, now=work.now, english=english)
        return render(request, "desk/counter_bar", {"bar": strip})


@router.post("/sign-on")
def sign_on(visit: VisitDep, form: FormDep) -> Response:
    """Sit down at a counter."""
    parsed = parse(SignOnForm, form)
    with visit.writing() as work:
        chosen = parsed.value.counter if parsed.value else 0
        service.sign_on(work.session, work.actor, chosen, now=work.now)
    return see_other(_HOME)


@router.post("/sign-off")
def sign_off(visit: VisitDep, _form: FormDep) -> Response:
    """Leave the counter."""
    with visit.writing() as work:
        service.sign_off(work.session, work.actor, now=work.now)
    return see_other(_HOME)


@router.post("/pause")
def pause(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Call nobody for a while."""
    parsed = parse(PauseForm, form)
    try:
        with visit.writing() as work:
            reason = parsed.value.reason if parsed.value else PauseReason.OTHER
            service.pause(work.session, work.actor, reason, now=work.now)
    except InvalidError as refusal:
        return _again(request, visit, form, "pause", refusal)
    return see_other(_HOME)


@router.post("/resume")
def resume(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Go on calling."""
    try:
        with visit.writing() as work:
            service.resume(work.session, work.actor, now=work.now)
    except InvalidError as refusal:
        return _again(request, visit, form, "pause", refusal)
    return see_other(_HOME)


@router.post("/call")
def call(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Finish with whoever is there and call the next one; a known citizen's picture opens."""
    parsed = parse(CallForm, form)
    try:
        with visit.writing() as work:
            seen = parsed.value.seen if parsed.value else None
            found = acting.call_next(work.session, work.actor, seen=seen, now=work.now)
            ref = found.talk_ref if found else ""
    except InvalidError as refusal:
        return _again(request, visit, form, "call", refusal)
    return see_other(f"/desk/talks/{ref}" if ref else _HOME)


@router.post("/find")
def find(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Whose number is at the counter: who may be meant, to be chosen."""
    typed = form.text("q")[:LONGEST]
    wanted = sought.read(typed)
    begun = visit.writing if wanted.is_logged else visit.reading
    with begun() as work:
        answer = finding.search(work, wanted)
        return _page(request, work, q=typed, answer=answer)


@router.post("/who")
def settle_who(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Say whose number it is, and open their picture."""
    parsed = parse(WhoForm, form)
    if parsed.value is None:
        return _again(request, visit, form, "who", InvalidError(fields=parsed.errors))
    try:
        with visit.writing() as work:
            typed = parsed.value
            ref = acting.settle_who(
                work.session, work.actor, typed.ticket, typed.citizen, now=work.now
            )
    except InvalidError as refusal:
        return _again(request, visit, form, "who", refusal)
    return see_other(f"/desk/talks/{ref}")


@router.post("/give")
def give(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Give somebody at the desk a number, and go to its slip."""
    parsed = parse(GiveForm, form)
    if parsed.value is None:
        return _again(request, visit, form, "give", InvalidError(fields=parsed.errors))
    try:
        with visit.writing() as work:
            token = _given(work, parsed.value)
    except InvalidError as refusal:
        return _again(request, visit, form, "give", refusal)
    return see_other(f"/ticket/{token}")


@router.post("/back/{ticket_id}")
def come_back(request: Request, visit: VisitDep, ticket_id: int, form: FormDep) -> Response:
    """Whoever was passed over is here now."""
    try:
        with visit.writing() as work:
            service.require_seat(work.session, work.actor, now=work.now)
            service.come_back(work.session, ticket_id, now=work.now)
    except InvalidError as refusal:
        return _again(request, visit, form, "back", refusal)
    return see_other(_HOME)


@router.post("/{ticket_id}/onward")
def send_on(request: Request, visit: VisitDep, ticket_id: int, form: FormDep) -> Response:
    """Send whoever is at the counter on, keeping their place."""
    parsed = parse(OnwardForm, form)
    if parsed.value is None:
        return _again(request, visit, form, "onward", InvalidError(fields=parsed.errors))
    try:
        with visit.writing() as work:
            onward = Onward(parsed.value.service, parsed.value.counter)
            acting.transfer(work.session, work.actor, ticket_id, onward, now=work.now)
    except InvalidError as refusal:
        return _again(request, visit, form, "onward", refusal)
    return see_other(_HOME)


@router.post("/{ticket_id}/{deed}")
def do(request: Request, visit: VisitDep, ticket_id: int, deed: Deed, form: FormDep) -> Response:
    """Call again, say that the person came, finish, pass over."""
    try:
        with visit.writing() as work:
            _DEEDS.get(deed, service.recall)(work.session, work.actor, ticket_id, now=work.now)
    except InvalidError as refusal:
        return _again(request, visit, form, "call", refusal)
    return see_other(_HOME)


_DEEDS = {
    Deed.RECALL: service.recall,
    Deed.SERVE: service.serve,
    Deed.FINISH: acting.finish,
    Deed.SKIP: acting.pass_over,
}


def _given(work: Work, typed: GiveForm) -> str:
    hall_id = service.require_seat(work.session, work.actor, now=work.now)
    citizen_id = None
    if typed.citizen.strip():
        citizen_id = log.citizen_numbered(work.session, work.actor, typed.citizen)
    new = NewTicket(typed.service, Source.DESK, typed.need, citizen_id)
    ticket = service.take(work.session, hall_id, new, now=work.now)
    return service.token_of(vault_of(work.session).signer, ticket.id)


def _page(request: Request, work: Work, *, status: int = 200, **given: Any) -> Response:  # noqa: ANN401  # fields of the page
    english = locale_of(request) is Locale.EN
    page = views.page_of(work.session, work.actor, now=work.now, english=english, **given)
    return render(request, "desk/counter", page, status=status)


def _again(
    request: Request, visit: VisitDep, form: RawForm, action: str, refusal: InvalidError
) -> Response:
    """The counter with what was typed and the sentence on what is wrong."""
    errors = refusal.fields or {"": refusal.msgid}
    with visit.reading() as work:
        return _page(request, work, status=422, action=action, values=form.values, errors=errors)
