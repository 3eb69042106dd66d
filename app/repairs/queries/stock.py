"""Reads of the stock: what a crew can use, what a unit has, what changed."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, String, bindparam, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.departments import queries as departments
from app.departments.models import Unit
from app.kernel.db import rows
from app.kernel.paging import Order, Page, list_page
from app.repairs.models import ContractorLink, StockChange, StockItem

_COLUMNS: Final = (
    StockItem.id,
    StockItem.unit_id,
    StockItem.name,
    StockItem.measure,
    StockItem.price,
    StockItem.on_hand,
    StockItem.low_at,
    StockItem.is_active,
    StockItem.version,
    Unit.name.label("unit_name"),
)
_ITEMS: Final = select(*_COLUMNS).join(Unit, Unit.id == StockItem.unit_id)
# What the unit itself and those it belongs to have on their shelves.
_FOR: Final = (
    _ITEMS.where(
        StockItem.is_active,
        bindparam("path", type_=String).startswith(Unit.path),
        Unit.parent_id.is_not(None),
    )
    .order_by(Unit.path.desc(), StockItem.name)
    .limit(100)
)
_ORDER: Final = Order.by(StockItem.id)
_CHANGES: Final = select(
    StockChange.id,
    StockChange.change,
    StockChange.on_hand,
    StockChange.why,
    StockChange.case_id,
    StockChange.at,
    StockChange.by_id,
)
_NEWEST: Final = Order.by(StockChange.id, descending=True)


def items_for(session: Session, path: str) -> Sequence[Row[*tuple[Any, ...]]]:
    """What a crew or unit with this path can use: its own and that of the units above it."""
    return rows(session, _FOR, path=path)


def items_lent(session: Session, link: ContractorLink, case: Case) -> Sequence[Row[Any]]:
    """What somebody with this link can take: what the unit the repair lies with can use."""
    if not link.has_stock or case.unit_id is None:
        return ()
    return items_for(session, departments.view_of(session, case.unit_id).path)


def list_items(
    session: Session, path: str, *, cursor: str | None = None, size: int = 50
) -> Page[Row[*tuple[Any, ...]]]:
    """What lies on the shelves of a unit and all under it, paged."""
    wanted = _ITEMS.where(Unit.path.startswith(path))
    return list_page(session, wanted, _ORDER, cursor=cursor, size=size)


def list_changes(
    session: Session, item_id: int, *, cursor: str | None = None, size: int = 50
) -> Page[Row[*tuple[Any, ...]]]:
    """What changed on an item, newest first, paged."""
    wanted = _CHANGES.where(StockChange.item_id == item_id)
    return list_page(session, wanted, _NEWEST, cursor=cursor, size=size)
