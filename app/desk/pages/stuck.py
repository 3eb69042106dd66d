"""“It could not be done” (办不成事) at the desk: the list with its figures, and taking one in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy import Row

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.cases.kinds import Channel
from app.cases.labels import label
from app.cases.queries import public_token
from app.cases.rules import staff
from app.catalogue import queries as catalogue
from app.citizens.service import Person
from app.complaints.queries import stuck
from app.complaints.queries.stuck import Which
from app.complaints.service.stuck import NewStuck, open_stuck, terms
from app.desk.times import Light, ended_light, light
from app.interactions import service as log
from app.kernel import idempotency
from app.kernel.errors import InvalidError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.queueing.pages import places
from app.queueing.service.places import read_place
from app.web.forms import FormDep, RawForm, parse
from app.web.i18n import Locale
from app.web.templating import render, see_other
from app.web.ui import locale_of

HOME: Final = "/desk/stuck"
router = APIRouter(prefix=HOME)

_SCOPE: Final = "desk.stuck"


class StuckForm(BaseModel):
    """What could not be done, where, and who says so."""

    words: Annotated[str, Field(max_length=5000, title=mark("What could not be done"))] = ""
    where: Annotated[str, Field(max_length=40, title=mark("Where it was not done"))] = ""
    citizen: Annotated[str, Field(max_length=20, title=mark("Number of the citizen"))] = ""
    name: Annotated[str, Field(max_length=60, title=mark("Name"))] = ""
    phone: Annotated[str, Field(max_length=40, title=mark("Phone number"))] = ""
    idempotency: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One matter of the list."""

    number: str
    title: str
    state: str
    unit: str
    about: str
    opened_at: datetime
    light: Light


@dataclass(frozen=True, slots=True)
class StuckPage:
    """The list, the figures over it, the form."""

    which: str
    figures: Sequence[tuple[str, str, str]]
    rows: Sequence[Line]
    days: int
    may_take_in: bool
    places: Sequence[tuple[str, str]]
    token: str
    next_url: str = ""
    prev_url: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("")
def show(
    request: Request, visit: VisitDep, which: Which = Which.OPEN, cursor: str = ""
) -> Response:
    """The matters of this sort one may see."""
    with visit.reading() as work:
        return _page(request, work, which, cursor)


@router.post("")
def take_in(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Take one in at the counter, and go to its slip."""
    parsed = parse(StuckForm, form)
    errors: Mapping[str, str] = parsed.errors
    if parsed.value is not None:
        try:
            with visit.writing() as work:
                token = _opened(work, parsed.value)
            return see_other(f"/c/{token}/slip?new=1&by=desk")
        except InvalidError as refusal:
            errors = places.beside(refusal)
    return _again(request, visit, form, errors)


def _opened(work: Work, typed: StuckForm) -> str:
    work.actor.require(Permission.CASE_INTAKE)
    earlier = idempotency.once(work.session, typed.idempotency, _SCOPE, work.now)
    if earlier is not None:
        return str(earlier["token"])
    unit_id, account = read_place(work.session, typed.where, now=work.now)
    number = typed.citizen.strip()
    known = log.citizen_numbered(work.session, work.actor, number) if number else None
    person = Person(name=typed.name.strip(), phone=typed.phone.strip())
    new = NewStuck(
        typed.words,
        Channel.WINDOW,
        unit_id=unit_id,
        staff=account,
        person=person if (person.name or person.phone) and known is None else None,
        citizen_id=known,
    )
    case = open_stuck(work.session, new, doer=staff(work.actor), now=work.now)
    token = public_token(vault_of(work.session), case)
    idempotency.remember(work.session, typed.idempotency, _SCOPE, {"token": token})
    return token


def _again(request: Request, visit: VisitDep, form: RawForm, errors: Mapping[str, str]) -> Response:
    with visit.reading() as work:
        given = {"values": form.values, "errors": errors}
        return _page(request, work, Which.OPEN, "", status=422, **given)


def _page(
    request: Request,
    work: Work,
    which: Which,
    cursor: str,
    *,
    status: int = 200,
    **given: Any,  # noqa: ANN401  # fields of the page
) -> Response:
    work.actor.require(Permission.CASE_READ)
    english = locale_of(request) is Locale.EN
    category = catalogue.get_category_by_code(work.session, terms().category)
    since = work.now - timedelta(days=terms().days)
    found = stuck.list_of(
        work.session,
        work.actor,
        category.id,
        which,
        since=since,
        now=work.now,
        cursor=cursor or None,
    )
    sums = stuck.figures_of(work.session, work.actor, category.id, since=since, now=work.now)
    base = f"{HOME}?which={which}&cursor="
    may_take_in = work.actor.may(Permission.CASE_INTAKE)
    page = StuckPage(
        which=str(which),
        figures=_figures(sums),
        rows=[_line(row, work.now, english=english) for row in found.items],
        days=terms().days,
        may_take_in=may_take_in,
        places=places.choices(work.session, locale_of(request)) if may_take_in else (),
        token=random_token(),
        next_url=f"{base}{found.next_cursor}" if found.next_cursor else "",
        prev_url=f"{base}{found.prev_cursor}" if found.prev_cursor else "",
        **given,
    )
    return render(request, "desk/stuck", page, status=status)


def _figures(sums: stuck.Figures) -> list[tuple[str, str, str]]:
    """Pairs of a label and a figure, each with the list it is counted from."""
    in_time = f"{100 * sums.in_time / sums.ended:.0f}%" if sums.ended else "–"
    days = f"{sums.days:.1f}" if sums.days is not None else "–"
    return [
        (mark("Not ended"), str(sums.open), Which.OPEN),
        (mark("Overdue"), str(sums.late), Which.LATE),
        (mark("Ended lately"), str(sums.ended), Which.ENDED),
        (mark("Of these in time"), in_time, Which.ENDED),
        (mark("Days to the end, mean"), days, Which.ENDED),
    ]


def _line(row: Row[*tuple[Any, ...]], now: datetime, *, english: bool) -> Line:
    lamp = (
        ended_light(on_time=row.on_time)
        if row.closed_at is not None
        else light(
            due_at=row.due_at,
            warn_at=row.warn_at,
            paused=row.is_paused,
            provisional=row.is_provisional,
            now=now,
        )
    )
    return Line(
        number=row.number,
        title=row.title,
        state=label(row.status),
        unit=(english and row.unit_en) or row.unit,
        about=(english and row.about_en) or row.about or "",
        opened_at=row.opened_at,
        light=lamp,
    )
