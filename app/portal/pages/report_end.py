"""The end of a report: how to reach the visitor, a look at all answers, sending it once.

Nothing about owner, time or state comes from the form; the draft on the server is what is sent.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.cases.kinds import SubjectKind
from app.cases.labels import label
from app.catalogue.rules import ABOUT_SOMEBODY, CaseKind
from app.catalogue.rules.dangers import dangers
from app.portal import queries, service
from app.portal.forms import ContactForm
from app.portal.pages import report_alike, report_own
from app.portal.pages.ending import (
    ContactPage,
    LastLook,
    reached_by,
    refuse,
    slip_of,
    with_new_notice,
)
from app.portal.pages.report import Walk, go_on, walk_of
from app.portal.rules import WHOLE_CITY, Report, StepName
from app.portal.service import Writing
from app.portal.views import FileLink, file_link
from app.portal.words import KINDS
from app.privacy.service import notices
from app.web.deps import EdgeDep
from app.web.forms import FormDep, RawForm, parse
from app.web.security import visitor
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter()


@router.get("/report/contact", include_in_schema=False)
def contact(request: Request, edge: EdgeDep) -> Response:
    """Ask how to reach the visitor."""
    with edge.reading() as session:
        writing = service.open_report(session, visitor(request))
    report = writing.report
    is_anonymous = report.is_anonymous and writing.may_be_anonymous
    values = {
        "anonymous": "yes" if is_anonymous else _named_or_secret(report),
        "name": report.name,
        "phone": report.phone,
    }
    return render(request, "portal/contact", _contact_page(writing, values))


@router.post("/report/contact", include_in_schema=False)
def set_contact(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Keep how to reach the visitor."""
    with edge.writing() as session:
        writing = service.open_report(session, visitor(request))
        is_offered = {
            "yes": writing.may_be_anonymous,
            "secret": _may_be_secret(writing.report),
        }
        if not is_offered.get(form.text("anonymous"), True):
            form.values["anonymous"] = "no"
        parsed = parse(ContactForm, form)
        if parsed.value is None:
            page = _contact_page(writing, parsed.values, parsed.errors)
            return render(request, "portal/contact", page, status=422)
        is_secret = parsed.value.anonymous == "secret"
        writing = service.keep_report(
            session, writing, edge.now(), is_secret=is_secret, **reached_by(parsed.value)
        )
    return go_on(writing)


def _contact_page(
    writing: Writing, values: Mapping[str, str], errors: Mapping[str, str] | None = None
) -> ContactPage:
    walk = walk_of(writing, StepName.CONTACT)
    has_category = writing.category is not None
    may_be_secret = _may_be_secret(writing.report)
    return ContactPage(
        walk, writing.may_be_anonymous, may_be_secret, has_category, values, errors or {}
    )


def _may_be_secret(report: Report) -> bool:
    return report.kind in ABOUT_SOMEBODY


def _named_or_secret(report: Report) -> str:
    return "secret" if report.is_secret and _may_be_secret(report) else "no"


@dataclass(frozen=True, slots=True)
class CheckPage(LastLook):
    """Every answer with a way back to it; the token makes sending it twice harmless."""

    walk: Walk
    token: str
    region: str
    is_whole_city: bool
    place: str
    has_position: bool
    category: str
    kind: str
    body: str
    files: tuple[FileLink, ...]
    is_anonymous: bool
    is_secret: bool
    subject: str
    subject_name: str
    name: str
    phone: str
    is_urgent: bool


@router.get("/report/check", include_in_schema=False)
def check(request: Request, edge: EdgeDep, own: str = "") -> Response:
    """Show every answer before it is sent."""
    with edge.reading() as session:
        writing = service.open_report(session, visitor(request))
        if writing.next_step is not StepName.CHECK:
            return go_on(writing)
        if report_own.is_due(writing, own):
            return see_other(report_own.ADDRESS)
        if report_alike.is_due(session, writing):
            return see_other(report_alike.ADDRESS)
        page = _check_page(session, writing, str(locale_of(request)), edge.now())
    return render(request, "portal/check", page)


def _check_page(session: Session, writing: Writing, language: str, now: datetime) -> CheckPage:
    report = writing.report
    place = queries.find_place(session, report.region)
    is_complaint = report.kind == CaseKind.COMPLAINT
    return CheckPage(
        walk=walk_of(writing, StepName.CHECK),
        token=report.token,
        region=place.name.within(language) if place else "",
        is_whole_city=report.region == WHOLE_CITY,
        place=report.place,
        has_position=bool(report.lat and report.lon),
        category=writing.category.name.within(language) if writing.category else "",
        kind=KINDS[CaseKind(report.kind)][0],
        body=report.body,
        files=tuple(file_link(f"/report/files/{file.id}", file) for file in writing.files),
        is_anonymous=report.is_anonymous,
        is_secret=report.is_secret and _may_be_secret(report),
        subject=label(SubjectKind(report.subject_kind))
        if is_complaint and report.subject_kind
        else "",
        subject_name=report.subject_name if is_complaint else "",
        name=report.name,
        phone=report.phone,
        is_urgent=bool(dangers().found_in(report.body).words),
        notice=notices.version_in_force(session, now=now),
    )


@router.post("/report/check", include_in_schema=False)
def send(request: Request, edge: EdgeDep, form: FormDep) -> Response:
    """Open the case, and show its slip. Sent twice, it is the same slip."""
    with edge.writing() as session:
        now = edge.now()
        if (refusal := refuse(request, session, form, now=now)) is not None:
            return refusal
        if (page := _new_notice(request, session, form, now)) is not None:
            return render(request, "portal/check", page, status=422)
        case = service.send_report(session, visitor(request), form.text("idempotency"), now=now)
        address = slip_of(session, case, now=now)
    return see_other(address)


def _new_notice(
    request: Request, session: Session, form: RawForm, now: datetime
) -> CheckPage | None:
    writing = service.open_report(session, visitor(request))
    if writing.next_step is not StepName.CHECK:
        return None
    page = _check_page(session, writing, str(locale_of(request)), now)
    return with_new_notice(page, form)
