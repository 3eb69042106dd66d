"""Open matters near a point, the nearest first: found by grid cells, measured one by one.

Costs what lies in the few cells around, however many matters there are elsewhere or were before.
Says what a matter is and where, never in whose words: callers decide what of it may be shown.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, bindparam, select, true
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.kinds import Status
from app.cases.models import OPEN_AND_PLACED, Case
from app.cases.queries.visibility import visible_clause
from app.cases.repair_models import Repair
from app.catalogue.rules import CaseKind
from app.kernel.db import rows
from app.kernel.geo import Point, cells_around, distance_m

MOST: Final = 8
# A square where a thousand things are open at once shows the newest of them.
_LOOKED_AT: Final = 500
# What no citizen may know of: told in confidence, or only a follower of another matter.
_PUBLIC: Final = and_(Case.is_confidential.is_(False), Case.status != Status.MERGED)


@dataclass(frozen=True, slots=True)
class Near:
    """An open matter and how many metres away it lies."""

    id: int
    number: str
    kind: CaseKind
    title: str
    category_id: int | None
    category_name: str
    place: str
    region_code: str
    status: Status
    opened_at: datetime
    point: Point
    metres: int


def near_for_public(
    session: Session,
    at: Point,
    *,
    metres: float,
    category_id: int | None = None,
    kind: CaseKind = CaseKind.REPAIR,
    limit: int = MOST,
) -> list[Near]:
    """Open matters of one kind within `metres` that anybody may know of; of one category if given.

    Raises:
        ValueError: the radius is beyond `geo.MAX_RADIUS`.
    """
    return _find(session, at, metres, limit, _PUBLIC, kind, category_id)


def open_of_asset(session: Session, asset_id: int) -> list[Near]:
    """Open repairs of one facility that anybody may know of, the newest first; no metres off."""
    found = rows(session, _OF_ASSET, asset_id=asset_id)
    return [_near(row, _point(row)) for row in found]


def near_for_staff(
    session: Session,
    actor: Actor,
    at: Point,
    *,
    metres: float,
    category_id: int | None = None,
    kind: CaseKind = CaseKind.REPAIR,
    limit: int = MOST,
) -> list[Near]:
    """The same among what the actor may see.

    Raises: as `near_for_public`.
    """
    return _find(session, at, metres, limit, visible_clause(actor), kind, category_id)


def _find(
    session: Session,
    at: Point,
    metres: float,
    limit: int,
    seen: ColumnElement[bool],
    kind: CaseKind,
    category_id: int | None,
) -> list[Near]:
    asked: dict[str, Any] = {"cells": cells_around(at.lon, at.lat, metres), "kind": kind}
    if category_id is not None:
        asked["category_id"] = category_id
    statement = _statement(seen, of_category=category_id is not None)
    found = [_near(row, at) for row in rows(session, statement, **asked)]
    within = (one for one in found if one.metres <= metres)
    return sorted(within, key=lambda one: (one.metres, -one.id))[:limit]


def _point(row: Row[Any]) -> Point:
    return Point(float(row.lon or 0), float(row.lat or 0))


def _near(row: Row[Any], at: Point) -> Near:
    point = _point(row)
    return Near(
        id=row.id,
        number=row.number,
        kind=row.kind,
        title=row.title,
        category_id=row.category_id,
        category_name=row.category_name,
        place=row.place,
        region_code=row.region_code,
        status=row.status,
        opened_at=row.opened_at,
        point=point,
        metres=round(distance_m(at, point)),
    )


_COLUMNS: Final = (
    Case.id,
    Case.number,
    Case.kind,
    Case.title,
    Case.category_id,
    Case.category_name,
    Case.place,
    Case.region_code,
    Case.status,
    Case.opened_at,
    Case.lon,
    Case.lat,
)
_OF_ASSET: Final = (
    select(*_COLUMNS)
    .join(Repair, Repair.case_id == Case.id)
    .where(Repair.asset_id == bindparam("asset_id"), Case.closed_at.is_(None), _PUBLIC)
    .order_by(Case.id.desc())
    .limit(MOST)
)


@lru_cache(maxsize=256)
def _statement(seen: ColumnElement[bool], *, of_category: bool) -> Select[*tuple[Any, ...]]:
    category = Case.category_id == bindparam("category_id") if of_category else true()
    return (
        select(*_COLUMNS)
        .where(
            OPEN_AND_PLACED,
            Case.cell.in_(bindparam("cells", expanding=True)),
            Case.kind == bindparam("kind"),
            category,
            seen,
        )
        .order_by(Case.id.desc())
        .limit(_LOOKED_AT)
    )
