"""Sharing out the work of a unit: who gets what and why, shown before it is given out.

Handlers only; whose turn it is, the rules of sharing say.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.cases.labels import label
from app.departments import queries as departments
from app.desk.dispatchdesk import DoneRow, done_row
from app.desk.pages.workbench import is_english
from app.desk.times import Light, light
from app.desk.worklist import counts
from app.dispatching import queries
from app.dispatching.rules import Worker, is_away
from app.dispatching.service import sharing
from app.dispatching.service.sharing import Giving, WorkDraft
from app.kernel.errors import ForbiddenError, InvalidError
from app.kernel.messages import mark
from app.kernel.text import whole_number
from app.web.forms import FormDep, RawForm, parse
from app.web.templating import render, see_other

router = APIRouter(prefix="/desk/share")

_MOST: Final = 100
_HOME: Final = "/desk/share"


class WorkForm(BaseModel):
    """How the unit shares its work."""

    version: int = 0
    cap: int | None = None
    is_automatic: bool = False


class AwayForm(BaseModel):
    """Until which day somebody is away; nothing typed means they are back."""

    SENTENCES: ClassVar = {"until": mark("Enter a date such as 2026-03-15.")}

    staff_id: int
    until: Annotated[date | None, Field(title=mark("Away until"))] = None


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody of the unit with what they have in hand."""

    id: int
    name: str
    open: int
    away_until: date | None


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One matter, who would get it, and why."""

    id: int
    version: int
    number: str
    title: str
    state: str
    is_urgent: bool
    light: Light
    staff_id: int | None
    name: str
    why: str
    params: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class SharePage:
    """What the page prints."""

    unit_id: int
    unit: str
    units: list[tuple[str, str, bool]]
    rows: list[ShareRow]
    people: list[PersonView]
    version: int
    values: Mapping[str, str]
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ShareDone:
    """What became of each row."""

    rows: list[DoneRow]
    given: int
    refused: int
    back: str


@router.get("")
def show(request: Request, visit: VisitDep, unit: str = "") -> Response:
    """What nobody has in hand yet, and whose turn it would be."""
    with visit.reading() as work:
        return _page(request, work, _unit_of(work, unit), {}, {})


@router.post("/{unit_id}/give")
def give(request: Request, visit: VisitDep, unit_id: int, form: FormDep) -> Response:
    """Give the chosen matters to the people shown; each for itself."""
    many = _givings(form)
    with visit.writing() as work:
        shown = {
            row.id: row
            for row in queries.rows_of(work.session, work.actor, [one.case_id for one in many])
        }
        known = [one for one in many if one.case_id in shown]
        done = sharing.distribute(work.session, work.actor, unit_id, known, now=work.now)
        names = queries.names_of(work.session, [one.staff_id for one in known])
        counts.forget_all()
        rows = [
            done_row(
                shown[one.case_id].number,
                shown[one.case_id].title,
                names.get(one.staff_id, ""),
                end,
            )
            for one, end in zip(known, done, strict=True)
        ]
    refused = sum(bool(row.trouble) for row in rows)
    page = ShareDone(rows, len(rows) - refused, refused, f"{_HOME}?unit={unit_id}")
    return render(request, "desk/share_done", page)


@router.post("/{unit_id}/work")
def change_work(request: Request, visit: VisitDep, unit_id: int, form: FormDep) -> Response:
    """Set the cap, and whether work is shared by itself."""
    parsed = parse(WorkForm, form)
    sent, errors = parsed.value, parsed.errors
    if sent is not None:
        try:
            with visit.writing() as work:
                sharing.check_shares(work.session, work.actor, unit_id)
                sharing.change_work(
                    work.session,
                    unit_id,
                    WorkDraft(sent.cap, sent.is_automatic),
                    version=sent.version,
                    by=work.author,
                    now=work.now,
                )
            return see_other(f"{_HOME}?unit={unit_id}")
        except InvalidError as refusal:
            errors = refusal.fields or {"": refusal.msgid}
    with visit.reading() as work:
        return _page(request, work, unit_id, parsed.values, errors, status=422)


@router.post("/{unit_id}/away")
def set_away(request: Request, visit: VisitDep, unit_id: int, form: FormDep) -> Response:
    """Say until which day somebody is away."""
    parsed = parse(AwayForm, form)
    sent, errors = parsed.value, parsed.errors
    if sent is not None:
        try:
            with visit.writing() as work:
                sharing.set_away(
                    work.session,
                    work.actor,
                    sent.staff_id,
                    sent.until,
                    unit_id=unit_id,
                    now=work.now,
                )
            return see_other(f"{_HOME}?unit={unit_id}")
        except InvalidError as refusal:
            errors = refusal.fields or {"": refusal.msgid}
    with visit.reading() as work:
        return _page(request, work, unit_id, parsed.values, errors, status=422)


def _unit_of(work: Work, asked: str) -> int:
    own = sharing.units_of(work.actor)
    if not own:
        raise ForbiddenError(mark("Your role does not include this."))
    return whole_number(asked) or own[0]


def _givings(form: RawForm) -> list[Giving]:
    """The rows of the preview: key, version and person, as `12~3~45`."""
    found = []
    for text in form.lists.get("row", ())[:_MOST]:
        parts = [whole_number(part) for part in text.split("~")]
        match parts:
            case [int(case_id), int(version), int(staff_id)]:
                found.append(Giving(case_id, version, staff_id))
    return found


def _page(
    request: Request,
    work: Work,
    unit_id: int,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    *,
    status: int = 200,
) -> Response:
    sharing.check_shares(work.session, work.actor, unit_id)
    english = is_english(request)
    setting = queries.work_of(work.session, unit_id)
    today = sharing.today_of(work.session, work.now)
    people = queries.list_workers(work.session, unit_id, today=today)
    kept = {"cap": str(setting.cap), "is_automatic": "on" if setting.is_automatic else ""}
    page = SharePage(
        unit_id=unit_id,
        unit=_name(work, unit_id, english=english),
        units=[
            (_name(work, one, english=english), f"{_HOME}?unit={one}", one == unit_id)
            for one in sharing.units_of(work.actor)
        ],
        rows=_rows(work, unit_id),
        people=[_person(one, today) for one in people],
        version=setting.version,
        values={**kept, **typed},
        errors=errors,
    )
    return render(request, "desk/share", page, status=status)


def _rows(work: Work, unit_id: int) -> list[ShareRow]:
    waiting = {row.id: row for row in queries.list_to_share(work.session, work.actor, unit_id)}
    found = []
    for share in sharing.plan(work.session, work.actor, unit_id, now=work.now):
        row = waiting[share.case_id]
        found.append(
            ShareRow(
                id=row.id,
                version=row.version,
                number=row.number,
                title=row.title,
                state=label(row.status),
                is_urgent=row.urgency in ("critical", "urgent"),
                light=_light(row.next_due_at, row.next_warn_at, work.now),
                staff_id=share.staff_id,
                name=share.name,
                why=share.why,
                params=share.params,
            )
        )
    return found


def _light(due_at: datetime | None, warn_at: datetime | None, now: datetime) -> Light:
    return light(due_at=due_at, warn_at=warn_at, paused=False, provisional=False, now=now)


def _person(one: Worker, today: date) -> PersonView:
    return PersonView(one.id, one.name, one.open, one.away_until if is_away(one, today) else None)


def _name(work: Work, unit_id: int, *, english: bool) -> str:
    unit = departments.view_of(work.session, unit_id)
    return unit.name_en if english and unit.name_en else unit.name
