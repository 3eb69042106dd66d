"""One stop of a round: the form of what was found there, and what becomes of it.

A finding opens a repair; photos are checked and kept before anything is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.accounts.deps import VisitDep, Work
from app.cases.kinds import DoerKind
from app.cases.service.files import keep_files
from app.facilities import queries as facilities
from app.facilities.rules import AssetView, TypeView
from app.inspections import queries, service
from app.inspections.labels import RESULTS
from app.inspections.pages.common import (
    HOME,
    require,
)
from app.inspections.queries import RoundView, StopView
from app.inspections.rules import Result
from app.inspections.service import Said
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.text import whole_number
from app.web.forms import FormDep, RawForm
from app.web.templating import render, see_other
from app.web.ui import locale_of
from app.web.uploads import StoredUpload, take_files

router = APIRouter(prefix=HOME)

_MOST_PHOTOS: Final = 4


@dataclass(frozen=True, slots=True)
class Choice:
    """A form or danger to tick, with numbers to call where it is a stopper."""

    value: str
    label: str
    advice: str
    numbers: list[tuple[str, str]]
    is_danger: bool


@dataclass(frozen=True, slots=True)
class StopPage:
    """One facility of a round and the form of what was found there."""

    round: RoundView
    stop: StopView
    type_name: str
    results: list[tuple[str, str]]
    choices: list[Choice]
    ticked: Sequence[str]
    values: Mapping[str, str]
    errors: Mapping[str, str]


@router.get("/{round_id}/{code}")
def show_stop(request: Request, visit: VisitDep, round_id: int, code: str) -> Response:
    """One facility of a round, to be judged."""
    return _stop_page(request, visit, round_id, code, RawForm({}), {})


@router.post("/{round_id}/{code}")
def judge(request: Request, visit: VisitDep, round_id: int, code: str, form: FormDep) -> Response:
    """Write down what was found; a finding opens a repair, and the next stop follows."""
    try:
        photos = take_files(
            request, form.files("photos"), "photos", only_photos=True, most=_MOST_PHOTOS
        )
        with visit.writing() as work:
            asset = _asset(work, code)
            said = _said(work, form, photos)
            version = whole_number(form.text("version")) or -1
            service.say(
                work.session,
                round_id,
                asset.id,
                said,
                version=version,
                actor=work.actor,
                now=work.now,
            )
            to = _next(work, round_id, form)
    except InvalidError as refused:
        errors = refused.fields or {"": refused.msgid}
        return _stop_page(request, visit, round_id, code, form, errors)
    return see_other(to)


def _asset(work: Work, code: str) -> AssetView:
    require(work)
    found = facilities.asset_by_code(work.session, code)
    if found is None:
        raise NotFoundError(mark("There is no such facility."))
    return found


def _stop_page(
    request: Request,
    visit: VisitDep,
    round_id: int,
    code: str,
    form: RawForm,
    errors: Mapping[str, str],
) -> Response:
    language = locale_of(request).tag
    with visit.reading() as work:
        asset = _asset(work, code)
        one = queries.get_round(work.session, work.actor, round_id)
        stop = _stop_of(work.session, round_id, asset.id)
        kind = facilities.get_type(work.session, asset.type_id)
    page = StopPage(
        round=one,
        stop=stop,
        type_name=kind.name.within(language),
        results=[(str(result), label) for result, label in RESULTS.items()],
        choices=_choices(kind, language),
        ticked=form.lists.get("forms", []),
        values=form.values or {"result": str(stop.result or ""), "note": stop.note},
        errors=errors,
    )
    return render(request, "inspections/stop", page, status=422 if errors else 200)


def _stop_of(session: Session, round_id: int, asset_id: int) -> StopView:
    for stop in queries.stops_of(session, round_id):
        if stop.asset_id == asset_id:
            return stop
    raise NotFoundError(mark("There is no such facility."))


def _choices(kind: TypeView, language: str) -> list[Choice]:
    forms = [
        Choice(form.key, form.label.within(language), "", [], is_danger=False)
        for form in kind.forms
    ]
    dangers = [
        Choice(
            danger.key,
            danger.label.within(language),
            danger.advice.within(language),
            [(call.number, call.whom.within(language)) for call in danger.call],
            is_danger=True,
        )
        for danger in kind.dangers
    ]
    return [*dangers, *forms]


def _said(work: Work, form: RawForm, photos: Sequence[StoredUpload]) -> Said:
    result = form.text("result")
    if result not in set(Result):
        raise InvalidError(fields={"result": mark("Please answer this question.")})
    is_finding = result == Result.FINDING
    kept = photos if is_finding else ()
    return Said(
        Result(result),
        form.text("note"),
        tuple(form.lists.get("forms", [])) if is_finding else (),
        keep_files(work.session, kept, DoerKind.STAFF, by_id=work.actor.id, now=work.now),
    )


def _next(work: Work, round_id: int, form: RawForm) -> str:
    """The list where somebody pressed there, else the next stop nobody has judged."""
    here = f"{HOME}/{round_id}"
    waiting = [stop for stop in queries.stops_of(work.session, round_id) if stop.result is None]
    if form.text("back") == "list" or not waiting:
        return here
    return f"{here}/{waiting[0].code}"
