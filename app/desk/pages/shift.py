"""The end of a shift: what is open, handed over; lists of others, taken over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy import Row

from app.accounts import queries as accounts
from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.desk.shift import queries, service
from app.desk.shift.rules import KINDS, Item, ItemKind
from app.desk.shift.service import Leaving
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.questions.service import LIST as QUESTIONS
from app.queueing.queries import halls
from app.queueing.service import where_of
from app.web.forms import FormDep, RawForm, parse
from app.web.i18n import Locale
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix=service.LIST)


class LeaveForm(BaseModel):
    """Who comes next, if that is known, and what there is to say."""

    to: Annotated[int | None, Field(title=mark("Hand over to"))] = None
    note: Annotated[str, Field(max_length=5000, title=mark("What the next one has to know"))] = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one sort."""

    label: str
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Left:
    """A list somebody left."""

    id: int
    hall: str
    counter: int | None
    by: str
    to: str
    at: datetime
    note: str
    groups: Sequence[Group]
    accepted_at: datetime | None
    document_id: int | None


@dataclass(frozen=True, slots=True)
class ShiftPage:
    """One's own open things, lists that wait, and the last ones."""

    counter: int
    is_free: bool
    groups: Sequence[Group]
    pending: Sequence[Left]
    earlier: Sequence[Left]
    colleagues: Sequence[tuple[str, str]]
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("")
def show(request: Request, visit: VisitDep) -> Response:
    """What one would leave, and what waits to be taken over."""
    with visit.reading() as work:
        return _page(request, work)


@router.post("/hand-over")
def hand_over(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Leave the counter with the list."""
    parsed = parse(LeaveForm, form)
    errors = parsed.errors
    if parsed.value is not None:
        try:
            with visit.writing() as work:
                work.actor.require(Permission.QUEUE_SERVE)
                leaving = Leaving(parsed.value.to, parsed.value.note)
                service.hand_over(work.session, work.actor, leaving, now=work.now)
            return see_other(service.LIST)
        except InvalidError as refusal:
            errors = refusal.fields or {"": refusal.msgid}
    return _again(request, visit, form, errors)


@router.post("/{handover_id}/accept")
def accept(visit: VisitDep, handover_id: int, _form: FormDep) -> Response:
    """Take a list over."""
    with visit.writing() as work:
        service.accept(work.session, work.actor, handover_id, now=work.now)
    return see_other(service.LIST)


def _again(request: Request, visit: VisitDep, form: RawForm, errors: Mapping[str, str]) -> Response:
    with visit.reading() as work:
        return _page(request, work, status=422, values=form.values, errors=errors)


def _page(
    request: Request,
    work: Work,
    *,
    status: int = 200,
    **given: Any,  # noqa: ANN401  # fields of the page
) -> Response:
    work.actor.require(Permission.QUEUE_SERVE)
    english = locale_of(request) is Locale.EN
    where = where_of(work.session, work.actor, now=work.now)
    items = service.open_items(work.session, work.actor, now=work.now)
    pending = queries.pending(work.session, work.actor.id, _halls(work))
    earlier = queries.own(work.session, work.actor.id)
    listed = queries.items_of(work.session, [row.id for row in (*pending, *earlier)])
    by_list: dict[int, list[Item]] = {}
    for row in listed:
        by_list.setdefault(row.handover_id, []).append(_item(row))
    page = ShiftPage(
        counter=where[0].number if where else 0,
        is_free=where is None or where[1] is None,
        groups=_groups(items),
        pending=[_left(work, row, by_list, english=english) for row in pending],
        earlier=[_left(work, row, by_list, english=english) for row in earlier],
        colleagues=_colleagues(work, where[0].hall_id) if where else (),
        **given,
    )
    return render(request, "desk/shift", page, status=status)


def _colleagues(work: Work, hall_id: int) -> list[tuple[str, str]]:
    """Who works in the hall, and who sits at its counters wherever they belong."""
    known = dict(accounts.list_handlers(work.session, hall_id))
    for one in halls.counters_of(work.session, hall_id):
        if one.staff_id is not None:
            known[str(one.staff_id)] = one.staff
    known.pop(str(work.actor.id), None)
    return sorted(known.items(), key=lambda pair: pair[1])


def _halls(work: Work) -> list[int]:
    return [
        hall.id
        for hall in halls.list_halls(work.session)
        if work.actor.covers(
            Permission.QUEUE_SERVE,
            unit_id=hall.id,
            unit_path=hall.path,
            region_code=hall.region_code,
            handler_id=None,
        )
    ]


def _groups(items: Sequence[Item]) -> list[Group]:
    return [
        Group(words, found)
        for kind, words in KINDS.items()
        if (found := [one for one in items if one.kind is kind])
    ]


def _item(row: Row[*tuple[Any, ...]]) -> Item:
    links = {ItemKind.QUESTION: f"{QUESTIONS}/{row.ref}", ItemKind.PAPERS: f"/cases/{row.ref}"}
    return Item(row.kind, row.ref, links.get(row.kind, ""))


def _left(
    work: Work, row: Row[*tuple[Any, ...]], by_list: Mapping[int, list[Item]], *, english: bool
) -> Left:
    return Left(
        id=row.id,
        hall=(english and row.hall_en) or row.hall,
        counter=row.counter,
        by=row.from_name,
        to=row.by_name or "",
        at=row.made_at,
        note=service.note_in(work.session, row.note, row.place),
        groups=_groups(by_list.get(row.id, [])),
        accepted_at=row.accepted_at,
        document_id=row.document_id,
    )
