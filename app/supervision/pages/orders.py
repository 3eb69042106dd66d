"""Pages of supervision orders: lists, one order with its course, the form that issues one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.cases.models import Case
from app.cases.queries import get_by_number
from app.kernel.errors import ForbiddenError, InvalidError
from app.kernel.messages import mark
from app.supervision import orderviews, queries
from app.supervision.forms import ActForm, IssueForm
from app.supervision.labels import SHOWS
from app.supervision.orderviews import LineView
from app.supervision.queries import orders
from app.supervision.queries.orders import Show
from app.supervision.service import orders as service
from app.supervision.service.orders import Wish
from app.web.forms import FormDep, parse
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/supervision")

_ANY: Final = (
    Permission.CASE_SUPERVISE,
    Permission.CASE_HANDLE,
    Permission.CASE_SIGN,
    Permission.CASE_ACCEPT,
)
_OF_SUPERVISORS: Final = frozenset({Show.MINE, Show.JUDGE, Show.RAISE})


@dataclass(frozen=True, slots=True)
class Tab:
    """One list and how much is in it."""

    label: str
    href: str
    count: int | None
    is_here: bool


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """A list of orders."""

    title: str
    tabs: list[Tab]
    rows: list[LineView]
    next_url: str
    prev_url: str


@dataclass(frozen=True, slots=True)
class IssuePage:
    """The form of a new order, for one matter."""

    number: str
    title: str
    unit: str
    levels: list[tuple[str, str]]
    why_not: str
    has_samples: bool
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("")
def show(request: Request, visit: VisitDep, show: Show | None = None, cursor: str = "") -> Response:
    """The orders this person has to do with."""
    english = _english(request)
    with visit.reading() as work:
        _admit(work)
        here = show or (Show.OPEN if work.actor.may(Permission.CASE_SUPERVISE) else Show.UNIT)
        found = orders.list_orders(
            work.session, work.actor, here, now=work.now, cursor=cursor or None
        )
        rows = [orderviews.line_view(row, work.now, english=english) for row in found.items]
        tabs = _tabs(work, here)
    base = f"/supervision?show={here}&cursor="
    page = OrdersPage(
        title=SHOWS[here],
        tabs=tabs,
        rows=rows,
        next_url=f"{base}{found.next_cursor}" if found.next_cursor else "",
        prev_url=f"{base}{found.prev_cursor}" if found.prev_cursor else "",
    )
    return render(request, "supervision/index", page)


@router.get("/new")
def ask(request: Request, visit: VisitDep, case: str = "") -> Response:
    """The form for one matter."""
    with visit.reading() as work:
        work.actor.require(Permission.CASE_SUPERVISE)
        found = get_by_number(work.session, case, work.actor)
        page = _issue_page(request, work, found)
    return render(request, "supervision/new", page)


@router.post("")
def issue(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Issue the order."""
    parsed = parse(IssueForm, form)
    value = parsed.value or IssueForm(case=form.text("case")[:40])
    errors = dict(parsed.errors)
    try:
        if not errors:
            with visit.writing() as work:
                matter = get_by_number(work.session, value.case, work.actor)
                wish = Wish(value.level_id, value.reason, value.demand)
                order = service.issue(work.session, matter.id, wish, actor=work.actor, now=work.now)
                address = f"/supervision/{order.id}"
            return see_other(address)
    except InvalidError as refusal:
        errors = dict(refusal.fields)
    with visit.reading() as work:
        found = get_by_number(work.session, value.case, work.actor)
        page = _issue_page(request, work, found, parsed.values, errors)
    return render(request, "supervision/new", page, status=422)


@router.get("/{order_id}")
def show_one(request: Request, visit: VisitDep, order_id: int) -> Response:
    """One order."""
    with visit.reading() as work:
        _admit(work)
        found = orders.get_order(work.session, order_id, work.actor)
        page = orderviews.order_page(
            work.session, found, work.actor, now=work.now, english=_english(request)
        )
    return render(request, "supervision/show", page)


@router.post("/{order_id}/acts")
def act(request: Request, visit: VisitDep, order_id: int, form: FormDep) -> Response:
    """Do one thing with it."""
    parsed = parse(ActForm, form)
    errors = dict(parsed.errors)
    value = parsed.value
    try:
        if value is not None:
            with visit.writing() as work:
                service.act(
                    work.session,
                    order_id,
                    value.act,
                    value.words,
                    seen=value.version,
                    actor=work.actor,
                    now=work.now,
                )
            return see_other(f"/supervision/{order_id}")
    except InvalidError as refusal:
        errors = dict(refusal.fields)
    with visit.reading() as work:
        _admit(work)
        found = orders.get_order(work.session, order_id, work.actor)
        page = orderviews.order_page(
            work.session,
            found,
            work.actor,
            now=work.now,
            english=_english(request),
            act=form.text("act"),
            values=parsed.values,
            errors=errors,
        )
    return render(request, "supervision/show", page, status=422)


def _admit(work: Work) -> None:
    """Let in who supervises or is supervised.

    Raises:
        ForbiddenError: neither.
    """
    if not any(map(work.actor.may, _ANY)):
        raise ForbiddenError(mark("Your role does not include this."))


def _tabs(work: Work, here: Show) -> list[Tab]:
    counts = orders.count_each(work.session, work.actor, now=work.now)
    supervises = work.actor.may(Permission.CASE_SUPERVISE)
    return [
        Tab(SHOWS[one], f"/supervision?show={one}", counts.get(one), one is here)
        for one in Show
        if supervises or one not in _OF_SUPERVISORS
    ]


def _issue_page(
    request: Request,
    work: Work,
    case: Case,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> IssuePage:
    english = _english(request)
    levels = queries.order_levels(work.session)
    return IssuePage(
        number=case.number,
        title=case.title,
        unit=orderviews.unit_name(work.session, case, english=english),
        levels=level_choices(work.session, english=english),
        why_not=service.why_not(work.session, case, work.actor),
        has_samples=any(level.is_sample for level in levels),
        values=values or {},
        errors=errors or {},
    )


def level_choices(session: Session, *, english: bool) -> list[tuple[str, str]]:
    """The levels an order may have, as a form offers them."""
    return [
        (str(level.id), level.name_en if english else level.name)
        for level in queries.order_levels(session)
    ]


def _english(request: Request) -> bool:
    return locale_of(request).tag == "en"
