"""Questions first asked here (首问负责): written down, handed on, accepted, answered."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.desk import questions as views
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.questions import queries, service
from app.questions.queries import Which
from app.questions.service import NewQuestion
from app.web.forms import FormDep, RawForm, parse
from app.web.i18n import Locale
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix=service.LIST)

_LONGEST: Final = 5000


class AskForm(BaseModel):
    """What was asked, how to reach whoever asked, and to whom it goes."""

    words: Annotated[str, Field(max_length=_LONGEST, title=mark("The question"))] = ""
    reach: Annotated[str, Field(max_length=100, title=mark("How to reach the person"))] = ""
    to: Annotated[str, Field(max_length=40, title=mark("Hand on to"))] = ""


class DeedForm(BaseModel):
    """What comes with a step of a question."""

    to: Annotated[str, Field(max_length=40, title=mark("Hand on to"))] = ""
    why: Annotated[str, Field(max_length=_LONGEST, title=mark("Why it is not taken over"))] = ""
    answer: Annotated[str, Field(max_length=_LONGEST, title=mark("Answer given"))] = ""


@router.get("")
def show_list(
    request: Request, visit: VisitDep, which: Which = Which.OPEN, cursor: str = ""
) -> Response:
    """Questions one owns, is to accept, or watches over."""
    with visit.reading() as work:
        return _list(request, work, which, cursor)


@router.post("")
def ask(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Write down what one was asked, and hand it on if it is not one's own."""
    parsed = parse(AskForm, form)
    if parsed.value is None:
        return _list_again(request, visit, form, parsed.errors)
    typed = parsed.value
    try:
        with visit.writing() as work:
            new, to = NewQuestion(typed.words, typed.reach), views.read_target(typed.to)
            ref = service.ask(work.session, work.actor, new, to, now=work.now).ref
    except InvalidError as refusal:
        return _list_again(request, visit, form, refusal.fields)
    return see_other(f"{service.LIST}/{ref}")


@router.get("/{ref}")
def show(request: Request, visit: VisitDep, ref: str) -> Response:
    """One question and its way."""
    with visit.reading() as work:
        return _one(request, work, ref)


@router.post("/{ref}/offer")
def offer(request: Request, visit: VisitDep, ref: str, form: FormDep) -> Response:
    """Hand it on."""

    def do(work: Work, typed: DeedForm) -> None:
        question = queries.get_question(work.session, ref, work.actor)
        to = views.read_target(typed.to) or service.Target()
        service.offer(work.session, question, work.actor, to, now=work.now)

    return _done(request, visit, ref, form, "offer", do)


@router.post("/{ref}/accept")
def accept(request: Request, visit: VisitDep, ref: str, form: FormDep) -> Response:
    """Take it over."""

    def do(work: Work, _typed: DeedForm) -> None:
        question = queries.get_question(work.session, ref, work.actor)
        service.accept(work.session, question, work.actor, now=work.now)

    return _done(request, visit, ref, form, "accept", do)


@router.post("/{ref}/refuse")
def refuse(request: Request, visit: VisitDep, ref: str, form: FormDep) -> Response:
    """Say why one does not take it over."""

    def do(work: Work, typed: DeedForm) -> None:
        question = queries.get_question(work.session, ref, work.actor)
        service.refuse(work.session, question, work.actor, typed.why, now=work.now)

    return _done(request, visit, ref, form, "refuse", do)


@router.post("/{ref}/answer")
def answer(request: Request, visit: VisitDep, ref: str, form: FormDep) -> Response:
    """Write down what was answered."""

    def do(work: Work, typed: DeedForm) -> None:
        question = queries.get_question(work.session, ref, work.actor)
        service.answer(work.session, question, work.actor, typed.answer, now=work.now)

    return _done(request, visit, ref, form, "answer", do)


def _done(
    request: Request,
    visit: VisitDep,
    ref: str,
    form: RawForm,
    action: str,
    do: Any,  # noqa: ANN401  # a handler's own step
) -> Response:
    parsed = parse(DeedForm, form)
    errors = parsed.errors
    if parsed.value is not None:
        try:
            with visit.writing() as work:
                do(work, parsed.value)
            return see_other(f"{service.LIST}/{ref}")
        except InvalidError as refusal:
            errors = refusal.fields
    with visit.reading() as work:
        given = {"action": action, "values": form.values, "errors": errors}
        return _one(request, work, ref, status=422, **given)


def _list(
    request: Request,
    work: Work,
    which: Which,
    cursor: str,
    *,
    status: int = 200,
    **given: Any,  # noqa: ANN401  # fields of the page
) -> Response:
    work.actor.require(Permission.CASE_READ)
    page = views.list_page(work, which, cursor, english=_is_english(request), **given)
    return render(request, "desk/questions", page, status=status)


def _list_again(
    request: Request, visit: VisitDep, form: RawForm, errors: dict[str, str]
) -> Response:
    with visit.reading() as work:
        return _list(request, work, Which.OPEN, "", status=422, values=form.values, errors=errors)


def _one(request: Request, work: Work, ref: str, *, status: int = 200, **given: Any) -> Response:  # noqa: ANN401  # fields of the page
    work.actor.require(Permission.CASE_READ)
    question = queries.get_question(work.session, ref, work.actor)
    page = views.one_page(work, question, english=_is_english(request), **given)
    return render(request, "desk/question", page, status=status)


def _is_english(request: Request) -> bool:
    return locale_of(request) is Locale.EN
