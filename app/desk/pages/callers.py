"""People who call again and again: who was warned, what is proposed, in force, to be looked at."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy import Row

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.calendars import queries as calendars
from app.citizens.rules import number_of
from app.complaints.queries import callers as queries
from app.complaints.service import callers
from app.desk.talks import masked_of
from app.interactions.service.talking import citizen_numbered
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.web.forms import FormDep, parse
from app.web.templating import render, see_other

router = APIRouter(prefix="/desk/callers")
_Words = Annotated[str, Field(max_length=1000)]


class WarnForm(BaseModel):
    """Who was told what."""

    citizen: Annotated[str, Field(max_length=16, title=mark("Number of the citizen"))] = ""
    words: Annotated[_Words, Field(title=mark("What the person was told"))] = ""


class ProposeForm(BaseModel):
    """How whose calls are taken, why, until when."""

    SENTENCES: ClassVar = {"until_on": mark("Enter a date such as 2026-03-15.")}

    citizen: Annotated[str, Field(max_length=16, title=mark("Number of the citizen"))] = ""
    measure: Annotated[_Words, Field(title=mark("How the calls are taken"))] = ""
    reason: Annotated[_Words, Field(title=mark("Reason"))] = ""
    until_on: date


class EndForm(BaseModel):
    """Why a limit is taken back."""

    reason: Annotated[_Words, Field(title=mark("Reason"))] = ""


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One limit, proposed or in force."""

    id: int
    number: str
    name: str
    measure: str
    reason: str
    until_on: date
    proposer: str
    warnings: int
    is_granted: bool
    look_again_on: date | None
    is_due: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class CallersPage:
    """All of it, and a form that came back."""

    limits: list[LimitRow]
    warnings: list[tuple[str, str, datetime, str]]
    longest: int
    look_again: int
    action: str = ""
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@router.get("")
def show(request: Request, visit: VisitDep) -> Response:
    """Who was warned, what is proposed, what is in force."""
    return _page(request, visit)


@router.post("/warn")
def warn(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Warn somebody."""
    parsed = parse(WarnForm, form)
    sent = parsed.value
    if sent is None:
        return _page(request, visit, "warn", parsed.values, parsed.errors)
    try:
        with visit.writing() as work:
            work.actor.require(Permission.CALLER_LIMIT)
            who = citizen_numbered(work.session, work.actor, sent.citizen)
            callers.warn(work.session, who, sent.words, actor=work.actor, now=work.now)
    except InvalidError as refusal:
        return _page(request, visit, "warn", parsed.values, dict(refusal.fields))
    return see_other("/desk/callers")


@router.post("/propose")
def propose(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Propose a limit."""
    parsed = parse(ProposeForm, form)
    sent = parsed.value
    if sent is None:
        return _page(request, visit, "propose", parsed.values, parsed.errors)
    try:
        with visit.writing() as work:
            work.actor.require(Permission.CALLER_LIMIT)
            callers.propose(
                work.session,
                citizen_numbered(work.session, work.actor, sent.citizen),
                measure=sent.measure,
                reason=sent.reason,
                until_on=sent.until_on,
                actor=work.actor,
                now=work.now,
            )
    except InvalidError as refusal:
        return _page(request, visit, "propose", parsed.values, dict(refusal.fields))
    return see_other("/desk/callers")


@router.post("/{limit_id}/decide")
def decide(visit: VisitDep, limit_id: int, form: FormDep) -> Response:
    """Grant or refuse what a colleague proposed."""
    is_granted = form.text("deed") == "grant"
    with visit.writing() as work:
        callers.decide(
            work.session, limit_id, is_granted=is_granted, actor=work.actor, now=work.now
        )
    return see_other("/desk/callers")


@router.post("/{limit_id}/look")
def look_again(visit: VisitDep, limit_id: int, _form: FormDep) -> Response:
    """Say that it is still needed."""
    with visit.writing() as work:
        callers.look_again(work.session, limit_id, actor=work.actor, now=work.now)
    return see_other("/desk/callers")


@router.post("/{limit_id}/end")
def end(request: Request, visit: VisitDep, limit_id: int, form: FormDep) -> Response:
    """Take it back."""
    parsed = parse(EndForm, form)
    here = f"end{limit_id}"
    if parsed.value is None:
        return _page(request, visit, here, parsed.values, parsed.errors)
    try:
        with visit.writing() as work:
            callers.end(work.session, limit_id, parsed.value.reason, actor=work.actor, now=work.now)
    except InvalidError as refusal:
        return _page(request, visit, here, parsed.values, dict(refusal.fields))
    return see_other("/desk/callers")


def _page(
    request: Request,
    visit: VisitDep,
    action: str = "",
    values: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> Response:
    terms = callers.terms()
    with visit.reading() as work:
        work.actor.require(Permission.CALLER_LIMIT)
        today = calendars.load(work.session).statutory.local_date(work.now)
        page = CallersPage(
            limits=[_row(work, row, today) for row in queries.living(work.session, today=today)],
            warnings=[
                (number_of(row.citizen_id), row.words, row.warned_at, row.who)
                for row in queries.warnings(work.session)
            ],
            longest=terms.longest,
            look_again=terms.look_again,
            action=action,
            values=values or {},
            errors=errors or {},
        )
    return render(request, "desk/callers", page, status=422 if errors else 200)


def _row(work: Work, row: Row[*tuple[Any, ...]], today: date) -> LimitRow:
    return LimitRow(
        id=row.id,
        number=number_of(row.citizen_id),
        name=masked_of(work.session, row),
        measure=row.measure,
        reason=row.reason,
        until_on=row.until_on,
        proposer=row.proposer,
        warnings=row.warnings,
        is_granted=bool(row.was_granted),
        look_again_on=row.look_again_on,
        is_due=row.look_again_on is not None and row.look_again_on <= today,
        is_own=row.proposed_by == work.actor.id,
    )
