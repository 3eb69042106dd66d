"""What is written down about an application from its page: verdicts on papers, the later look."""

from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field, NaiveDatetime, field_validator

from app.accounts.deps import Visit, VisitDep
from app.calendars import queries as calendars
from app.cases.queries import get_by_number
from app.desk import files
from app.desk.applying.forms import REASON, UNTIL, VERDICT, WORDS
from app.desk.applying.scans import FIELD
from app.desk.casepage import Typed
from app.desk.pages.cases import again
from app.desk.worklist import counts
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.service_items.rules import read_day
from app.service_requests import queries, service
from app.service_requests.rules import Judged, Verdict
from app.service_requests.rules.deeds import Deed, Said
from app.service_requests.rules.reasons import reason_text
from app.web.forms import FormDep, RawForm, parse
from app.web.refusals import said
from app.web.templating import see_other

router = APIRouter(prefix="/cases")

_PAPERS: Final = "papers"
_VERIFY: Final = "verification"


class VerifyForm(BaseModel):
    """Whether what was promised holds, in words for the applicant."""

    was_true: bool
    words: Annotated[str, Field(max_length=2000, title=mark("What was found"))] = ""


class DeedForm(BaseModel):
    """What a deed beside the steps needs; which of it, the deed says."""

    words: Annotated[str, Field(max_length=2000, title=mark("For the citizen"))] = ""
    at: Annotated[NaiveDatetime | None, Field(title=mark("Day and time"))] = None
    basis: Annotated[str, Field(max_length=300, title=mark("Law or rule it rests on"))] = ""
    remedies: Annotated[str, Field(max_length=2000, title=mark("How the applicant can object"))] = (
        ""
    )

    @field_validator("at", mode="before")
    @classmethod
    def _empty_is_none(cls, given: object) -> object:
        return given or None


@router.post("/{number}/papers")
def judge(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Write down what was found of each paper, with what was scanned of it."""
    refused = _keep_scans(request, visit, number, form)
    if refused:
        return again(request, visit, number, Typed(_PAPERS, form.values, refused))
    try:
        with visit.writing() as work:
            case = get_by_number(work.session, number, work.actor)
            keys = [row.key for row in queries.paper_rows(work.session, case.id)]
            judged = [_judged(key, form) for key in keys if form.text(f"{VERDICT}{key}")]
            service.judge(work.session, case, judged, actor=work.actor, now=work.now)
            counts.forget(work.actor)
    except InvalidError as refusal:
        errors = {_field(name): said for name, said in refusal.fields.items()}
        return again(request, visit, number, Typed(_PAPERS, form.values, errors))
    return see_other(f"/cases/{number}#application")


@router.post("/{number}/verification")
def verify(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Write down whether what was granted on a promise holds."""
    parsed = parse(VerifyForm, form)
    if parsed.value is None:
        return again(request, visit, number, Typed(_VERIFY, parsed.values, parsed.errors))
    sent = parsed.value
    try:
        with visit.writing() as work:
            case = get_by_number(work.session, number, work.actor)
            service.verify(
                work.session,
                case,
                was_true=sent.was_true,
                words=sent.words,
                actor=work.actor,
                now=work.now,
            )
    except InvalidError as refusal:
        return again(request, visit, number, Typed(_VERIFY, parsed.values, refusal.fields))
    return see_other(f"/cases/{number}#application")


@router.post("/{number}/application/{deed}")
def write_down(
    request: Request, visit: VisitDep, number: str, deed: Deed, form: FormDep
) -> Response:
    """Write down why it is late, how far a hearing has come, or that a decision is revoked."""
    parsed = parse(DeedForm, form)
    if parsed.value is None:
        return again(request, visit, number, Typed(deed, parsed.values, parsed.errors))
    sent = parsed.value
    try:
        with visit.writing() as work:
            case = get_by_number(work.session, number, work.actor)
            zone = calendars.load(work.session).statutory.zone
            at = sent.at.replace(tzinfo=zone) if sent.at is not None else None
            given = Said(sent.words, at, sent.basis, sent.remedies)
            service.do(work.session, case, deed, given, actor=work.actor, now=work.now)
            counts.forget(work.actor)
    except InvalidError as refusal:
        return again(request, visit, number, Typed(deed, parsed.values, said(refusal)))
    return see_other(f"/cases/{number}#application")


def _keep_scans(request: Request, visit: Visit, number: str, form: RawForm) -> dict[str, str]:
    """Keep what was scanned, whatever becomes of the verdicts; a sentence for each refused."""
    stored, refused = files.take_each(request, form, FIELD)
    if any(stored.values()):
        with visit.writing() as work:
            case = get_by_number(work.session, number, work.actor)
            keys = {row.key for row in queries.paper_rows(work.session, case.id)}
            if service.may_judge(work.session, case, work.actor):
                files.keep_scans(work, case, {key: stored[key] for key in keys & set(stored)})
    return refused


def _judged(key: str, form: RawForm) -> Judged:
    said = form.text(f"{VERDICT}{key}")
    verdict = Verdict(said) if said in set(Verdict) else Verdict.OPEN
    is_promise = verdict is Verdict.PROMISED
    return Judged(
        key,
        verdict,
        reason=_reason(key, form) if verdict is not Verdict.OK else "",
        until=read_day(form.text(f"{UNTIL}{key}")) if is_promise else None,
    )


def _reason(key: str, form: RawForm) -> str:
    return reason_text([form.text(f"{REASON}{key}")], form.text(f"{WORDS}{key}"))


def _field(name: str) -> str:
    return f"{VERDICT}{name.removeprefix('papers.')}"
