"""The shelves of a unit and its crews: what is there, new materials, corrections with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Annotated, ClassVar, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import Visit, VisitDep
from app.accounts.rules import Actor, Permission
from app.departments import queries as departments
from app.desk.forms import Yuan
from app.desk.mending import money
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.repairs import queries
from app.repairs.rules import counted, plain
from app.repairs.service import stock
from app.web.forms import FormDep, parse
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/desk/stock")

_PAGE: Final = "desk/stock"
_HOME: Final = "/desk/stock"
Amount = Annotated[Decimal, Field(ge=0, le=1_000_000, max_digits=10, decimal_places=2)]


class ItemForm(BaseModel):
    """A material for the list of a unit or crew."""

    SENTENCES: ClassVar = {
        "unit_id": mark("Choose whose shelf it is."),
        "price": mark("Enter an amount in yuan, such as 120 or 35.50."),
        "on_hand": mark("Enter how much is there, zero or more."),
    }

    unit_id: int
    name: Annotated[str, Field(max_length=80, title=mark("Material"))] = ""
    measure: Annotated[str, Field(max_length=16, title=mark("Counted in"))] = ""
    price: Annotated[Yuan | None, Field(title=mark("Price in yuan"))] = None
    on_hand: Annotated[Amount, Field(title=mark("On hand"))] = Decimal(0)


class CountForm(BaseModel):
    """What is on hand now, and why that differs from the book."""

    SENTENCES: ClassVar = {"on_hand": mark("Enter how much is there, zero or more.")}

    on_hand: Annotated[Amount, Field(title=mark("On hand"))]
    why: Annotated[str, Field(max_length=200, title=mark("Why"))] = ""


@dataclass(frozen=True, slots=True)
class ItemView:
    """One material on a shelf."""

    id: int
    name: str
    unit: str
    on_hand: str
    price: str


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change of it."""

    at: datetime
    change: str
    on_hand: str
    why: str


@dataclass(frozen=True, slots=True)
class StockPage:
    """The shelves, and the book of the material that was opened."""

    items: tuple[ItemView, ...]
    next: str | None
    units: tuple[tuple[str, str], ...]
    chosen: ItemView | None
    changes: tuple[ChangeView, ...]
    action: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("")
def show(request: Request, visit: VisitDep, item: int = 0, cursor: str | None = None) -> Response:
    """What lies on the shelves one looks after."""
    return _page(request, visit, item, cursor=cursor)


@router.post("")
def add(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Put a material on the list."""
    parsed = parse(ItemForm, form)
    if parsed.value is None:
        return _page(request, visit, 0, "add", parsed.values, parsed.errors)
    sent = parsed.value
    try:
        with visit.writing() as work:
            made = stock.add_item(
                work.session,
                sent.unit_id,
                name=sent.name,
                measure=sent.measure,
                price=None if sent.price is None else int(sent.price * 100),
                on_hand=sent.on_hand,
                actor=work.actor,
                now=work.now,
            )
            key = made.id
    except InvalidError as refusal:
        return _page(request, visit, 0, "add", parsed.values, refusal.fields)
    return see_other(f"{_HOME}?item={key}")


@router.post("/{item_id}")
def correct(request: Request, visit: VisitDep, item_id: int, form: FormDep) -> Response:
    """Write down what was counted or came in, with the reason."""
    parsed = parse(CountForm, form)
    if parsed.value is None:
        return _page(request, visit, item_id, "count", parsed.values, parsed.errors)
    sent = parsed.value
    try:
        with visit.writing() as work:
            stock.correct(
                work.session,
                item_id,
                on_hand=sent.on_hand,
                why=sent.why,
                actor=work.actor,
                now=work.now,
            )
    except InvalidError as refusal:
        return _page(request, visit, item_id, "count", parsed.values, refusal.fields)
    return see_other(f"{_HOME}?item={item_id}")


def _page(
    request: Request,
    visit: Visit,
    item_id: int,
    action: str = "",
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    cursor: str | None = None,
) -> Response:
    language = str(locale_of(request))[:2]
    with visit.reading() as work:
        work.actor.require(Permission.STOCK_MANAGE)
        path = _path(work.actor)
        found = queries.list_items(work.session, path, cursor=cursor)
        shelf = tuple(
            ItemView(
                row.id,
                row.name,
                row.unit_name,
                counted(row.on_hand, row.measure),
                money(row.price),
            )
            for row in found.items
        )
        chosen = next((one for one in shelf if one.id == item_id), None)
        book = queries.list_changes(work.session, item_id).items if chosen else ()
        page = StockPage(
            items=shelf,
            next=found.next_cursor,
            units=departments.shelves_under(work.session, path, language=language),
            chosen=chosen,
            changes=tuple(
                ChangeView(
                    row.at, f"{'+' if row.change > 0 else ''}{plain(row.change)}",
                    plain(row.on_hand), row.why,
                )
                for row in book
            ),
            action=action,
            values=values or {},
            errors=errors or {},
        )  # fmt: skip
    return render(request, _PAGE, page, status=422 if errors else 200)


def _path(actor: Actor) -> str:
    """The highest unit whose shelves the person looks after."""
    return min((grant.unit_path for grant in actor.grants_for(Permission.STOCK_MANAGE)), key=len)
