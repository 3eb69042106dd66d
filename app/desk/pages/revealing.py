"""Looking behind the mask: a reason first, then one minute in clear, then back by itself.

What is shown stands on a page of its own, so that no half-written form is lost when it goes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, ClassVar

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.citizens.queries import accesses, getting
from app.citizens.rules import ContactKind, number_of, read_number
from app.citizens.rules.access import AccessField
from app.citizens.service import revealing
from app.citizens.service.parties import KnownContact, Party, picture_of
from app.citizens.service.revealing import Ask
from app.desk import queries
from app.desk.picture.labels import PAPERS, WAYS
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.web.forms import FormDep, parse
from app.web.i18n import Locale
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/citizens")


class RevealForm(BaseModel):
    """What somebody wants to see of a citizen, and why."""

    SENTENCES: ClassVar = {
        "field": mark("Choose what to show."),
        "reason_code": mark("Choose a reason."),
    }

    field: AccessField
    reason_code: Annotated[str, Field(max_length=24)]
    reason: Annotated[str, Field(max_length=200, title=mark("In words"))] = ""


@dataclass(frozen=True, slots=True)
class AskPage:
    """The form, with what was typed in it."""

    number: str
    name: str
    reasons: list[tuple[str, str]]
    values: dict[str, str]
    errors: dict[str, str]


@dataclass(frozen=True, slots=True)
class ClearPage:
    """What is shown for a minute; label, value, and where a telephone dials."""

    number: str
    until: datetime
    seconds: int
    back: str
    lines: list[tuple[str, str, str]]


@router.get("/{number}/reveal")
def ask(request: Request, visit: VisitDep, number: str) -> Response:
    """What to show, and why."""
    with visit.reading() as work:
        page = _ask_page(request, work, number, {"field": str(AccessField.CONTACT)}, {})
    return render(request, "citizens/reveal", page)


@router.post("/{number}/reveal")
def reveal(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Write the look down, and go and look."""
    parsed = parse(RevealForm, form)
    if parsed.value is None:
        return _again(request, visit, number, parsed.values, parsed.errors)
    try:
        with visit.writing() as work:
            access_id = _look(work, number, parsed.value)
    except InvalidError as refusal:
        return _again(request, visit, number, parsed.values, refusal.fields)
    return see_other(f"/citizens/clear/{access_id}")


@router.get("/clear/{access_id}")
def clear(request: Request, visit: VisitDep, access_id: int) -> Response:
    """What was asked for, until its minute is over; then the masked page."""
    with visit.reading() as work:
        seen = revealing.seen_under(work.session, access_id, actor=work.actor, now=work.now)
        back = queries.place_of_access(work.session, access_id)
        if seen is None:
            return see_other(back)
        seconds = max(1, round((seen.until - work.now).total_seconds()))
        lines = list(_lines(seen.party, seen.field))
        page = ClearPage(seen.party.number, seen.until, seconds, back, lines)
    response = render(request, "citizens/clear", page)
    response.headers["Refresh"] = f"{seconds};url={back}"
    return response


def _look(work: Work, number: str, asked: RevealForm) -> int:
    citizen = getting.get_visible(work.session, work.actor, read_number(number))
    given = Ask(
        field=asked.field,
        reason_code=asked.reason_code,
        reason=asked.reason,
        has_open_case=queries.has_open_case(work.session, citizen.id),
    )
    return revealing.reveal(
        work.session, citizen.id, given, actor=work.actor, ip=work.ip, now=work.now
    )


def _again(
    request: Request,
    visit: VisitDep,
    number: str,
    values: dict[str, str],
    errors: dict[str, str],
) -> Response:
    with visit.reading() as work:
        page = _ask_page(request, work, number, values, errors)
    return render(request, "citizens/reveal", page, status=422)


def _ask_page(
    request: Request, work: Work, number: str, values: dict[str, str], errors: dict[str, str]
) -> AskPage:
    work.actor.require(Permission.CONTACT_REVEAL)
    citizen = getting.get_visible(work.session, work.actor, read_number(number))
    party = picture_of(work.session, citizen.id, viewer=work.actor, now=work.now)
    english = locale_of(request) is Locale.EN
    reasons = [
        (code, name_en if english and name_en else name)
        for code, name, name_en in accesses.reasons_offered(work.session)
    ]
    return AskPage(number_of(citizen.id), party.name, reasons, values, errors)


def _lines(party: Party, field: AccessField) -> Iterator[tuple[str, str, str]]:
    wants_all = field is AccessField.EVERYTHING
    yield mark("Name"), party.name, ""
    if wants_all and party.reading:
        yield mark("Read as"), party.reading, ""
    if wants_all or field is AccessField.CONTACT:
        for contact in party.contacts:
            yield WAYS[contact.kind], contact.value, _link(contact)
    if wants_all or field is AccessField.DOCUMENT:
        for paper in party.identities:
            yield PAPERS[paper.kind], paper.value, ""


def _link(contact: KnownContact) -> str:
    if contact.kind is ContactKind.EMAIL:
        return f"mailto:{contact.value}"
    is_phone = contact.kind in (ContactKind.MOBILE, ContactKind.LANDLINE)
    return f"tel:{contact.value.partition('转')[0]}" if is_phone else ""
