"""The call-back list (回访) and one call: what was replied, whom to ring, what they say.

Nothing personal stands in an address; the number to ring is masked until it is asked for.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.cases.models import Case
from app.cases.queries import get_by_number
from app.departments import queries as departments
from app.followups import queries, service
from app.followups.queries import When
from app.followups.rules import Answer
from app.followups.service import Try
from app.followups.views import CallPage, WaitingRow, call_page, waiting_row
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.paging import Page
from app.kernel.text import whole_number
from app.web import i18n
from app.web.forms import FormDep, RawForm, parse
from app.web.i18n import Locale
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/desk/callbacks")

MOST_WORDS: Final = 2000
_PARTS: Final = (
    (When.NOW, mark("To call now")),
    (When.LATER, mark("Later")),
    (When.ALL, mark("All")),
)


class TryForm(BaseModel):
    """What came of one call."""

    SENTENCES: ClassVar[dict[str, str]] = {"answer": mark("Choose what came of the call.")}

    answer: Answer = Field(title=mark("What came of the call"))
    note: Annotated[str, Field(max_length=MOST_WORDS, title=mark("What was said"))] = ""
    version: int


class EndForm(BaseModel):
    """Giving up on reaching somebody."""

    note: Annotated[str, Field(max_length=MOST_WORDS, title=mark("What was said"))] = ""
    version: int


@dataclass(frozen=True, slots=True)
class ListPage:
    """A stretch of the list."""

    rows: Page[WaitingRow]
    parts: tuple[tuple[str, str, bool], ...]
    when: str
    unit: str
    units: tuple[tuple[str, str], ...]
    may_check: bool


@router.get("")
def show_list(
    request: Request, visit: VisitDep, when: str = "now", unit: str = "", cursor: str = ""
) -> Response:
    """Who is to be called back, whose turn came first at the top."""
    part = When(when) if when in set(When) else When.NOW
    is_english = locale_of(request) is Locale.EN
    with visit.reading() as work:
        work.actor.require(Permission.CASE_CALLBACK)
        found = queries.list_waiting(
            work.session,
            work.actor,
            part,
            unit_id=whole_number(unit),
            cursor=cursor or None,
            now=work.now,
        )
        language = "en" if is_english else "zh"
        page = ListPage(
            rows=found.map(lambda row: waiting_row(row, work.now, english=is_english)),
            parts=tuple((str(key), words, key is part) for key, words in _PARTS),
            when=str(part),
            unit=unit if whole_number(unit) else "",
            units=tuple(departments.list_choices(work.session, language=language, only_leads=True)),
            may_check=work.actor.may(Permission.CASE_SAMPLE),
        )
    return render(request, "desk/callbacks", page)


@router.get("/{number}")
def show(request: Request, visit: VisitDep, number: str) -> Response:
    """One call: the reply, the masked number, the tries so far."""
    with visit.reading() as work:
        work.actor.require(Permission.CASE_CALLBACK)
        case = get_by_number(work.session, number, work.actor)
        page = _page(work, case, RawForm(), {})
    return render(request, "desk/callback", page)


@router.post("/{number}/tries")
def record_try(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Write one call down, and do what its answer leads to."""
    parsed = parse(TryForm, form)
    if parsed.value is None:
        return _again(request, visit, number, form, parsed.errors)
    value = parsed.value
    given = Try(value.answer, value.note, value.version)
    try:
        with visit.writing() as work:
            case = _case(work, number)
            service.record_try(work.session, case.id, given, actor=work.actor, now=work.now)
    except InvalidError as refusal:
        return _again(request, visit, number, form, refusal.fields or {"": refusal.msgid})
    return see_other("/desk/callbacks")


@router.post("/{number}/end")
def give_up(request: Request, visit: VisitDep, number: str, form: FormDep) -> Response:
    """Close it as not reached, once it was tried often enough."""
    parsed = parse(EndForm, form)
    if parsed.value is None:
        return _again(request, visit, number, form, parsed.errors)
    value = parsed.value
    try:
        with visit.writing() as work:
            case = _case(work, number)
            service.give_up(
                work.session,
                case.id,
                value.note,
                seen_version=value.version,
                actor=work.actor,
                now=work.now,
            )
    except InvalidError as refusal:
        return _again(request, visit, number, form, refusal.fields or {"": refusal.msgid})
    return see_other("/desk/callbacks")


def _case(work: Work, number: str) -> Case:
    work.actor.require(Permission.CASE_CALLBACK)
    return get_by_number(work.session, number, work.actor)


def _again(
    request: Request, visit: VisitDep, number: str, form: RawForm, errors: dict[str, str]
) -> Response:
    with visit.reading() as work:
        case = _case(work, number)
        page = _page(work, case, form, errors)
    return render(request, "desk/callback", page, status=422)


def _page(work: Work, case: Case, form: RawForm, errors: dict[str, str]) -> CallPage:
    return call_page(
        work.session,
        work.actor,
        case,
        say=i18n.gettext,
        now=work.now,
        values=form.values,
        errors=errors,
    )
