"""Conversations at the desk: several at once, each with the picture of whom it is with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Final, Literal, TypeVar

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import Visit, VisitDep, Work
from app.cases.service import drafts
from app.citizens.service import Person
from app.desk import talks
from app.desk.pages.picture import moment_of
from app.interactions import service
from app.interactions.models import Interaction
from app.interactions.rules import Deed, Direction, Medium
from app.interactions.service import Given, NewTalk
from app.interactions.service.talking import require_talker
from app.kernel import idempotency
from app.kernel.errors import InvalidError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.kernel.text import clean_line
from app.web.forms import FormDep, RawForm, parse
from app.web.templating import render, see_other

router = APIRouter(prefix="/desk/talks")

_SCOPE: Final = "desk.talk"
_NEXT: Final = {
    None: "/desk/talks/{ref}",
    "intake": "/desk/new?talk={ref}",
    "apply": "/desk/apply?talk={ref}",
}
_F = TypeVar("_F", bound=BaseModel)


class StartForm(BaseModel):
    """How a conversation begins; `citizen` is a number such as C000001234, or empty."""

    idempotency: str = ""
    medium: Medium
    direction: Direction = Direction.IN
    citizen: Annotated[str, Field(max_length=20, title=mark("Number of the citizen"))] = ""
    then: Literal["intake", "apply"] | None = None  # what follows at once


class DeedForm(BaseModel):
    """What is done to a conversation."""

    deed: Deed


class EndForm(BaseModel):
    """What a conversation was about."""

    summary: Annotated[str, Field(max_length=2000, title=mark("What it was about"))] = ""


class WhoForm(BaseModel):
    """The number of the citizen it is."""

    citizen: Annotated[str, Field(max_length=20, title=mark("Number of the citizen"))] = ""


class RegisterForm(BaseModel):
    """Somebody not known yet."""

    name: Annotated[str, Field(max_length=60, title=mark("Name"))] = ""


class PromiseForm(BaseModel):
    """A promise made in the conversation."""

    SENTENCES: ClassVar = {"due_on": mark("Choose a day from today on, within a year.")}

    promise: Annotated[str, Field(max_length=300, title=mark("What you promise"))] = ""
    due_on: date


@router.get("")
def show_all(request: Request, visit: VisitDep) -> Response:
    """One's conversations, and a form to begin another."""
    with visit.reading() as work:
        return _list(request, work, {}, {})


@router.get("/bar")
def bar(request: Request, visit: VisitDep) -> Response:
    """The strip on top of every page, as pages ask for it by themselves."""
    with visit.reading() as work:
        require_talker(work.actor)
        strip = talks.strip_of(work.session, work.actor, at=moment_of(request, work.now))
        return render(request, "desk/talk_bar", strip)


@router.post("")
def start(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Begin a conversation."""
    parsed = parse(StartForm, form)
    if parsed.value is None:
        return _list_again(request, visit, parsed.values, parsed.errors)
    try:
        with visit.writing() as work:
            ref = _started(work, parsed.value)
    except InvalidError as refusal:
        errors = refusal.said
        return _list_again(request, visit, parsed.values, errors)
    return see_other(_NEXT[parsed.value.then].format(ref=ref))


@router.get("/{ref}")
def show(request: Request, visit: VisitDep, ref: str) -> Response:
    """One conversation."""
    with visit.reading() as work:
        talk = service.get_talk(work.session, work.actor, ref)
        return _page(request, work, talk)


@router.post("/{ref}")
def do(visit: VisitDep, ref: str, form: FormDep) -> Response:
    """Take the call, put it on hold, go on with it."""
    parsed = parse(DeedForm, form)
    with visit.writing() as work:
        talk = service.get_talk(work.session, work.actor, ref)
        deed = parsed.value.deed if parsed.value else Deed.RESUME
        service.do(work.session, work.actor, talk, deed, now=work.now)
    return see_other(f"/desk/talks/{ref}")


@router.post("/{ref}/end")
def end(request: Request, visit: VisitDep, ref: str, form: FormDep) -> Response:
    """End it with a few words on what it was about."""

    def deed(work: Work, talk: Interaction, typed: EndForm) -> None:
        service.write_down(work.session, talk, typed.summary, now=work.now)
        owner = drafts.owner_of_staff(work.actor.id)
        drafts.remove(work.session, owner, talks.draft_of(ref))

    return _done(request, visit, _Typed(ref, "end", form), EndForm, deed, then="/desk/talks")


@router.post("/{ref}/who")
def settle_who(request: Request, visit: VisitDep, ref: str, form: FormDep) -> Response:
    """Say which citizen it is."""

    def deed(work: Work, talk: Interaction, typed: WhoForm) -> None:
        chosen = service.citizen_numbered(work.session, work.actor, typed.citizen)
        service.settle_who(work.session, talk, chosen)

    return _done(request, visit, _Typed(ref, "who", form), WhoForm, deed)


@router.post("/{ref}/register")
def register(request: Request, visit: VisitDep, ref: str, form: FormDep) -> Response:
    """Register somebody not known yet, with the number of the call."""

    def deed(work: Work, talk: Interaction, typed: RegisterForm) -> None:
        number = service.number_of_call(work.session, talk.id)
        person = Person(name=clean_line(typed.name), phone=number)
        service.register_caller(work.session, talk, person, now=work.now)

    return _done(request, visit, _Typed(ref, "register", form), RegisterForm, deed)


@router.post("/{ref}/promises")
def promise(request: Request, visit: VisitDep, ref: str, form: FormDep) -> Response:
    """Promise something, until the end of a day."""

    def deed(work: Work, talk: Interaction, typed: PromiseForm) -> None:
        given = Given(typed.promise, typed.due_on, talk.citizen_id, interaction_id=talk.id)
        service.promise(work.session, work.actor, given, now=work.now)

    return _done(request, visit, _Typed(ref, "promise", form), PromiseForm, deed)


@dataclass(frozen=True, slots=True)
class _Typed:
    """One of a conversation's forms as it was sent."""

    ref: str
    action: str
    form: RawForm


def _done(
    request: Request,
    visit: Visit,
    typed: _Typed,
    model: type[_F],
    deed: Callable[[Work, Interaction, _F], None],
    *,
    then: str = "",
) -> Response:
    """Do it and go on; where it is refused the conversation comes back with what was typed."""
    parsed = parse(model, typed.form)
    if parsed.value is None:
        return _again(request, visit, typed, parsed.errors)
    try:
        with visit.writing() as work:
            talk = service.get_talk(work.session, work.actor, typed.ref)
            deed(work, talk, parsed.value)
    except InvalidError as refusal:
        return _again(request, visit, typed, refusal.said)
    return see_other(then or f"/desk/talks/{typed.ref}")


def _started(work: Work, typed: StartForm) -> str:
    earlier = idempotency.once(work.session, typed.idempotency, _SCOPE, work.now)
    if earlier is not None:
        return str(earlier["ref"])
    citizen_id = None
    if typed.citizen.strip():
        citizen_id = service.citizen_numbered(work.session, work.actor, typed.citizen)
    new = NewTalk(typed.medium, typed.direction, citizen_id)
    ref = service.start(work.session, work.actor, new, now=work.now).ref
    idempotency.remember(work.session, typed.idempotency, _SCOPE, {"ref": ref})
    return ref


def _list(
    request: Request, work: Work, values: dict[str, str], errors: dict[str, str], status: int = 200
) -> Response:
    require_talker(work.actor)
    token = values.get("idempotency") or random_token()
    page = talks.talk_list(
        work.session, work.actor, token=token, values=values, errors=errors, now=work.now
    )
    return render(request, "desk/talks", page, status=status)


def _list_again(
    request: Request, visit: VisitDep, values: dict[str, str], errors: dict[str, str]
) -> Response:
    with visit.reading() as work:
        return _list(request, work, values, errors, 422)


def _page(request: Request, work: Work, talk: Interaction) -> Response:
    page = talks.talk_page(work.session, work.actor, talk, at=moment_of(request, work.now))
    return render(request, "desk/talk", page)


def _again(request: Request, visit: Visit, typed: _Typed, errors: dict[str, str]) -> Response:
    """The conversation with what was typed in one of its forms, and what is wrong with it."""
    with visit.reading() as work:
        talk = service.get_talk(work.session, work.actor, typed.ref)
        page = talks.talk_page(
            work.session,
            work.actor,
            talk,
            at=moment_of(request, work.now),
            action=typed.action,
            values=typed.form.values,
            errors=errors,
        )
        return render(request, "desk/talk", page, status=422)
