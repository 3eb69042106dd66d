"""What a citizen does on the page of their matter: add, urge, answer, withdraw, ask again.

Each form carries the last public line it was shown with; if more has happened, both are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from app.cases import service as cases
from app.cases.kinds import Action
from app.cases.models import Case
from app.cases.queries import get_by_token, situation_of
from app.cases.rules import CITIZEN
from app.cases.workflows import open_steps
from app.catalogue.rules import CaseKind
from app.kernel import idempotency
from app.kernel.errors import ConflictError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.portal import queries, service
from app.portal.forms import (
    AnswerForm,
    DifferentForm,
    HearingForm,
    MoreForm,
    PapersForm,
    RecheckForm,
    ReopenForm,
    WithdrawForm,
)
from app.portal.pages.own import own_page
from app.portal.uploads import FIELD, Taken, take
from app.portal.words import STATES, why_no_withdrawal
from app.service_requests import service as service_requests
from app.web import i18n
from app.web.deps import Edge, EdgeDep
from app.web.forms import FormDep, RawForm, parse
from app.web.proof import admit
from app.web.ratelimit import Limit
from app.web.templating import render, see_other
from app.web.unlisted import unlisted

router = APIRouter()

OWN: Final = Limit("own", timedelta(hours=1), free=40, most=40)
VERSION: Final = "version"


def _check_seen(session: Session, case: Case, form: RawForm) -> None:
    """Refuse to act on a page on which something was missing.

    Raises:
        ConflictError: the citizen has not seen the latest public line.
    """
    last = queries.last_public_seq(session, case.id)
    if form.text(VERSION) == str(last):
        return
    raise ConflictError(
        mark("Something has happened on your matter since you opened the page."),
        stored={mark("Where it stands now"): i18n.gettext(STATES[case.status].title)},
        fresh={VERSION: str(last)},
    )


def _sent_before(session: Session, edge: Edge, case: Case, action: Action, form: RawForm) -> bool:
    """Whether this very form was taken already; a second press does nothing more."""
    token, scope = form.text("idempotency"), f"own:{case.id}:{action}"
    if idempotency.once(session, token, scope, edge.now()) is not None:
        return True
    idempotency.remember(session, token, scope, {"done": str(action)})
    return False


@router.post("/c/{token}/supplement", include_in_schema=False)
def supplement(request: Request, edge: EdgeDep, token: str, form: FormDep) -> Response:
    """Add words or photos."""
    parsed = parse(MoreForm, form)
    taken = _take(request, edge, token, form)
    errors = parsed.errors | taken.errors
    if not errors and not (form.text("more") or taken.files):
        errors = {"more": mark("Write something or add a photo.")}
    with edge.writing() as session:
        case = get_by_token(session, token)
        refusal = admit(request, session, form, OWN, now=edge.now(), token=token)
        if refusal is not None:
            return refusal
        if errors:
            return _again(request, edge, session, case, token, form, errors)
        if not _sent_before(session, edge, case, Action.SUPPLEMENT, form):
            service.supplement(session, case, form.text("more"), taken.files, now=edge.now())
    return _back(token, "supplement")


@router.post("/c/{token}/urge", include_in_schema=False)
def urge(request: Request, edge: EdgeDep, token: str, form: FormDep) -> Response:
    """Ask for speed; told lately, the unit is not told again, and the citizen reads so."""
    with edge.writing() as session:
        case = get_by_token(session, token)
        refusal = admit(request, session, form, OWN, now=edge.now(), token=token)
        if refusal is not None:
            return refusal
        if _sent_before(session, edge, case, Action.URGE, form):
            return _back(token, "urge")
        urged = cases.urge(session, case, now=edge.now())
    return _back(token, "urge" if urged.is_passed_on else "urge_again")


@router.post("/c/{token}/answer", include_in_schema=False)
def answer(request: Request, edge: EdgeDep, token: str, form: FormDep) -> Response:
    """Answer the question staff asked."""
    deed = _Deed(AnswerForm, "answer", Action.ANSWER_QUESTION, done="answer", takes_files=True)
    return _step(request, edge, token, form, deed)


@router.post("/c/{token}/papers", include_in_schema=False)
def hand_in(request: Request, edge: EdgeDep, token: str, form: FormDep) -> Response:
    """Hand in what lacked of an application (补正)."""
    deed = _Deed(PapersForm, "papers", Action.HAND_IN, takes_files=True)
    return _step(request, edge, token, form, deed)


@router.post("/c/{token}/hearing", include_in_schema=False)
def ask_hearing(request: Request, edge: EdgeDep, token: str, form: FormDep) -> Response:
    """Ask to be heard before it is decided (听证)."""
    parsed = parse(HearingForm, form)
    with edge.writing() as session:
        case = get_by_token(session, token)
        refusal = admit(request, session, form, OWN, now=edge.now(), token=token)
        if refusal is not None:
            return refusal
        if parsed.value is None:
            return _again(request, edge, session, case, token, form, parsed.errors)
        if not _sent_before(session, edge, case, Action.ASK_HEARING, form):
            words = parsed.value.hearing
            service_requests.ask_hearing(session, case, words, now=edge.now())
    return _back(token, "hearing")


@router.post("/c/{token}/reopen", include_in_schema=False)
def reopen(request: Request, edge: EdgeDep, token: str, form: FormDep) -> Response:
    """Have it taken up again: at once within 15 days, later on a supervisor's decision."""
    return _step(request, edge, token, form, _Deed(ReopenForm, "why", Action.REOPEN))


@router.post("/c/{token}/recheck", include_in_schema=False)
def recheck(request: Request, edge: EdgeDep, token: str, form: FormDep) -> Response:
    """Have the unit above check a complaint; it does so once."""
    deed = _Deed(RecheckForm, "objection", Action.REQUEST_RECHECK)
    return _step(request, edge, token, form, deed)


@router.post("/c/{token}/different", include_in_schema=False)
def different(request: Request, edge: EdgeDep, token: str, form: FormDep) -> Response:
    """Say that one's own matter is another than the one it was joined with."""
    deed = _Deed(DifferentForm, "different", Action.CLAIM_DIFFERENT)
    return _step(request, edge, token, form, deed)


@dataclass(frozen=True, slots=True)
class _Deed:
    """A form of the page: what it sends, the field with its words, the step it takes."""

    form: type[BaseModel]
    words: str
    action: Action
    done: str = ""  # what the page says afterwards, if it is not called as the step
    takes_files: bool = False


def _step(request: Request, edge: Edge, token: str, form: RawForm, deed: _Deed) -> Response:
    """Take the step once, however often the form is sent; with its words back if one is wrong."""
    parsed = parse(deed.form, form)
    taken = _take(request, edge, token, form) if deed.takes_files else Taken()
    with edge.writing() as session:
        case = get_by_token(session, token)
        errors = parsed.errors | taken.errors
        if parsed.value is None or errors:
            return _again(request, edge, session, case, token, form, errors)
        if _sent_before(session, edge, case, deed.action, form):
            return _back(token, deed.done or str(deed.action))
        _check_seen(session, case, form)
        is_reopening = deed.action is Action.REOPEN
        action = _way_to_reopen(session, edge, case) if is_reopening else deed.action
        text: str = getattr(parsed.value, deed.words)
        service.take_own_step(session, case, action, text=text, files=taken.files, now=edge.now())
    return _back(token, deed.done or str(action))


def _way_to_reopen(session: Session, edge: Edge, case: Case) -> Action:
    steps = open_steps(case.kind, situation_of(session, case), CITIZEN, edge.now())
    is_late = any(step.action is Action.REQUEST_REOPEN for step in steps)
    return Action.REQUEST_REOPEN if is_late else Action.REOPEN


@dataclass(frozen=True, slots=True)
class WithdrawPage:
    """Asks once more before a matter is withdrawn."""

    token: str
    number: str
    title: str
    version: int
    may: bool
    why_not: str
    is_application: bool
    form_token: str
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("/c/{token}/withdraw", include_in_schema=False)
def ask_withdraw(request: Request, edge: EdgeDep, token: str) -> Response:
    """Ask whether it is really to be withdrawn."""
    with edge.reading() as session:
        case = get_by_token(session, token)
        page = _withdraw_page(session, edge, case, token)
    return unlisted(render(request, "portal/withdraw", page))


@router.post("/c/{token}/withdraw", include_in_schema=False)
def withdraw(request: Request, edge: EdgeDep, token: str, form: FormDep) -> Response:
    """Withdraw it for good."""
    parsed = parse(WithdrawForm, form)
    with edge.writing() as session:
        case = get_by_token(session, token)
        if parsed.value is None:
            page = _withdraw_page(session, edge, case, token, form.values, parsed.errors)
            return unlisted(render(request, "portal/withdraw", page, status=422))
        if _sent_before(session, edge, case, Action.WITHDRAW, form):
            return _back(token, "withdraw")
        _check_seen(session, case, form)
        note = parsed.value.reason
        service.take_own_step(session, case, Action.WITHDRAW, note=note, now=edge.now())
    return _back(token, "withdraw")


def _withdraw_page(
    session: Session,
    edge: Edge,
    case: Case,
    token: str,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> WithdrawPage:
    steps = open_steps(case.kind, situation_of(session, case), CITIZEN, edge.now())
    return WithdrawPage(
        token=token,
        number=case.number,
        title=case.title,
        version=queries.last_public_seq(session, case.id),
        may=any(step.action is Action.WITHDRAW for step in steps),
        why_not=why_no_withdrawal(case.status),
        is_application=case.kind is CaseKind.SERVICE_REQUEST,
        form_token=random_token(),
        values=values or {},
        errors=errors or {},
    )


def _take(request: Request, edge: Edge, token: str, form: RawForm) -> Taken:
    """The form's files, stored; only for who holds the token of a matter.

    Raises:
        NotFoundError: nobody's token.
    """
    if not form.files(FIELD):
        return Taken()
    with edge.reading() as session:
        get_by_token(session, token)
    return take(request, form)


def _again(
    request: Request,
    edge: Edge,
    session: Session,
    case: Case,
    token: str,
    form: RawForm,
    errors: Mapping[str, str],
) -> Response:
    page = own_page(request, edge, session, case, token, values=form.values, errors=errors)
    return unlisted(render(request, "portal/own", page, status=422))


def _back(token: str, done: str) -> Response:
    return unlisted(see_other(f"/c/{token}?done={done}"))
