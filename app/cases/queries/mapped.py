"""Repairs on a map for staff: a list, and the same gathered by cells, of what they may see.

Both come from one select, so that the map and the list beside it never differ.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.kinds import Status
from app.cases.models import Case
from app.cases.queries.visibility import visible_clause
from app.catalogue.models import Category
from app.catalogue.rules import CaseKind
from app.kernel.db import rows
from app.kernel.paging import Count, Order, Page, count_capped, list_page
from app.maps.grid import gathered
from app.maps.rules import Gathered


@dataclass(frozen=True, slots=True)
class Mapped:
    """One repair as a map and its list show it."""

    id: int
    number: str
    title: str
    type: str
    type_en: str
    place: str
    status: Status
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    is_paused: bool


@dataclass(frozen=True, slots=True)
class Sought:
    """What of the repairs is asked for; None asks nothing. The four sides go together."""

    category_id: int | None = None
    status: Status | None = None
    is_open: bool | None = None
    late_at: datetime | None = None  # still open, and due before then
    since: datetime | None = None
    region: str | None = None
    west: Decimal | None = None
    south: Decimal | None = None
    east: Decimal | None = None
    north: Decimal | None = None

    def values(self) -> dict[str, Any]:
        """What is asked for, by the names of the parameters."""
        return {name: value for name, value in asdict(self).items() if value is not None}


ORDER: Final = Order.by(Case.opened_at, Case.id, descending=True)
_COLUMNS: Final = (
    Case.id,
    Case.number,
    Case.title,
    func.coalesce(Category.name, Case.category_name),
    func.coalesce(Category.name_en, ""),
    Case.place,
    Case.status,
    Case.opened_at,
    Case.due_at,
    Case.closed_at,
    Case.is_paused,
)
_CONDITIONS: Final[Mapping[str, ColumnElement[bool]]] = {
    "category_id": Case.category_id == bindparam("category_id"),
    "status": Case.status == bindparam("status"),
    "late_at": Case.due_at < bindparam("late_at"),
    "since": Case.opened_at >= bindparam("since"),
    "region": Case.region_code.startswith(bindparam("region")),
    "west": Case.lon >= bindparam("west"),
    "south": Case.lat >= bindparam("south"),
    "east": Case.lon <= bindparam("east"),
    "north": Case.lat <= bindparam("north"),
}
_OPEN: Final = Case.closed_at.is_(None)


@lru_cache(maxsize=512)
def _asking(
    actor: Actor, names: frozenset[str], *, is_open: bool | None
) -> Select[*tuple[Any, ...]]:
    asked = (
        select(*_COLUMNS)
        .outerjoin(Category, Category.id == Case.category_id)
        .where(
            Case.kind == CaseKind.REPAIR,
            visible_clause(actor),
            *(_CONDITIONS[name] for name in sorted(names - {"is_open"})),
        )
    )
    return asked if is_open is None else asked.where(_OPEN if is_open else ~_OPEN)


@lru_cache(maxsize=512)
def _gathering(
    actor: Actor, names: frozenset[str], *, is_open: bool | None
) -> Select[*tuple[Any, ...]]:
    return gathered(_asking(actor, names, is_open=is_open), Case.id, Case.lon, Case.lat, _OPEN)


def page_of_repairs(
    session: Session, actor: Actor, sought: Sought, *, cursor: str | None
) -> tuple[Page[Mapped], Count]:
    """A page of what is asked for, the newest first, and how many there are.

    Raises:
        InvalidError: the cursor is damaged.
    """
    values = sought.values()
    is_open = values.pop("is_open", None)
    asked = _asking(actor, frozenset(values), is_open=is_open).params(**values)
    found = list_page(session, asked, ORDER, cursor=cursor)
    keys = len(ORDER.columns)
    return found.map(lambda row: Mapped(*row[:-keys])), count_capped(session, asked)


def cells_of_repairs(
    session: Session, actor: Actor, sought: Sought, *, step: float, limit: int
) -> list[Gathered]:
    """What is asked for, by cells of `step` degrees, the fullest first."""
    values = sought.values()
    is_open = values.pop("is_open", None)
    statement = _gathering(actor, frozenset(values), is_open=is_open)
    found = rows(session, statement, **values, step=Decimal(str(step)), most=limit)
    return [Gathered(*row) for row in found]


def repairs_by_ids(session: Session, actor: Actor, ids: Sequence[int]) -> list[Mapped]:
    """These of the repairs the person may see."""
    if not ids:
        return []
    asked = _asking(actor, frozenset(), is_open=None).where(Case.id.in_(ids))
    return [Mapped(*row) for row in rows(session, asked)]
