"""Consultation on the spot: one screen to type the question, look it up, answer, save and close."""

from collections.abc import Mapping
from datetime import datetime, time
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import Visit, VisitDep, Work, limits_from
from app.accounts.rules import Permission
from app.cases.kinds import Channel
from app.cases.service import drafts
from app.desk.consulting import answering, views
from app.desk.consulting.answering import Asked
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.web.forms import FormDep, RawForm, parse
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/desk/consult")

_ASKS: Final = ("look", "insert", "find", "limit")


class ConsultForm(BaseModel):
    """A question and its answer."""

    idempotency: str = ""
    talk: Annotated[str, Field(max_length=26)] = ""
    citizen: Annotated[str, Field(max_length=16, title=mark("Who it is"))] = ""
    body: Annotated[str, Field(min_length=4, max_length=5000, title=mark("The question"))]
    text: Annotated[str, Field(max_length=5000, title=mark("What you told them"))] = ""
    category: Annotated[str, Field(max_length=60, title=mark("Category"))] = ""
    channel: Channel = Channel.WINDOW
    name: Annotated[str, Field(max_length=60, title=mark("Name"))] = ""
    phone: Annotated[str, Field(max_length=30, title=mark("Telephone"))] = ""


@router.get("")
def show(request: Request, visit: VisitDep, talk: str = "", done: str = "") -> Response:
    """The screen, for whoever is at the counter or in the conversation."""
    with visit.reading() as work:
        work.actor.require(Permission.CASE_INTAKE)
        ref = talk or views.in_hand(work)[1]
        owner = drafts.owner_of_staff(work.actor.id)
        kept = drafts.find(work.session, owner, answering.draft_of(ref))
        values = {**(kept.data if kept else {}), "talk": ref}
        saved_at = kept.saved_at if kept else None
        page = _page(request, visit, work, values, {}, saved_at=saved_at, done=done[:40])
    return render(request, "desk/consult", page)


@router.post("")
def answer(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Save question and answer as a consultation that is over; or help to find the answer."""
    if any(form.text(ask) for ask in _ASKS):
        return _helped(request, visit, form)
    parsed = parse(ConsultForm, form)
    errors = dict(parsed.errors)
    try:
        if parsed.value is not None:
            with visit.writing() as work:
                number = answering.answer(work, Asked(**parsed.value.model_dump()))
            ref = parsed.value.talk
            return see_other(f"/desk/consult?done={number}" + (f"&talk={ref}" if ref else ""))
    except InvalidError as refusal:
        errors = refusal.said
    with visit.reading() as work:
        page = _page(request, visit, work, parsed.values, errors)
    return render(request, "desk/consult", page, status=422)


def _helped(request: Request, visit: Visit, form: RawForm) -> Response:
    """The same screen with articles, an answer put in, or the people who may be meant."""
    language = locale_of(request).tag
    is_asked = bool(form.text("find"))
    begun = visit.writing if is_asked else visit.reading
    with begun() as work:
        work.actor.require(Permission.CASE_INTAKE)
        values = views.inserted(work, form.values, form.text("insert"), language)
        page = _page(request, visit, work, values, {}, is_asked=is_asked)
    return render(request, "desk/consult", page)


def _page(
    request: Request,
    visit: Visit,
    work: Work,
    values: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    is_asked: bool = False,
    saved_at: datetime | None = None,
    done: str = "",
) -> views.ConsultPage:
    locale = locale_of(request)
    zone = limits_from(visit.edge.settings).zone
    began = datetime.combine(work.now.astimezone(zone).date(), time(), zone)
    return views.page_of(
        work,
        values,
        errors,
        language=locale.tag,
        since=began,
        is_asked=is_asked,
        saved_at=saved_at,
        done=done,
    )
