"""What failed again and again, by the rules of types: one asset, or a type in a district.

Repairs are counted from the day they were reported, whatever came of them but not being filed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.kinds import Status
from app.cases.models import Case
from app.cases.queries.visibility import visible_clause
from app.cases.repair_models import Repair
from app.facilities import queries as facilities
from app.facilities.models import FacilityType
from app.facilities.rules import AssetView, TypeView
from app.kernel.db import rows

_MOST: Final = 200
_NO_FAILURE: Final = (Status.NOT_FILED, Status.WITHDRAWN, Status.MERGED, Status.REFERRED)
_HISTORY: Final = (
    select(
        Case.id, Case.number, Case.title, Case.status, Case.opened_at, Case.closed_at,
        Case.category_name,
    )
    .join(Repair, Repair.case_id == Case.id)
    .where(Repair.asset_id == bindparam("asset_id"))
    .order_by(Case.id.desc())
    .limit(50)
)  # fmt: skip
_COUNTED: Final = (
    select(func.count())
    .select_from(Repair)
    .join(Case, Case.id == Repair.case_id)
    .where(
        Repair.asset_id == bindparam("asset_id"),
        Case.opened_at >= bindparam("since"),
        Case.status.not_in(_NO_FAILURE),
    )
)
# What came in without a district stands under the city (…00) or above; that is no district.
_DISTRICT: Final = case(
    (
        and_(func.length(Case.region_code) >= 6, func.substr(Case.region_code, 5, 2) != "00"),  # noqa: PLR2004  # digits of a district
        func.substr(Case.region_code, 1, 6),
    ),
    else_="",
)
_N: Final = func.count().label("n")
_LAST: Final = func.max(Case.opened_at).label("last")
_FAILED: Final = (
    FacilityType.repeat_days == bindparam("days"),
    Case.opened_at >= bindparam("since"),
    Case.status.not_in(_NO_FAILURE),
)
_OF_ASSETS: Final = (
    select(Repair.type_id, Repair.asset_id, _N, _LAST)
    .join(Case, Case.id == Repair.case_id)
    .join(FacilityType, FacilityType.id == Repair.type_id)
    .where(Repair.asset_id.is_not(None), *_FAILED)
    .group_by(Repair.type_id, Repair.asset_id, FacilityType.repeat_count)
    .having(_N.element >= FacilityType.repeat_count)
    .order_by(_N.element.desc(), Repair.asset_id)
    .limit(_MOST)
)
_OF_TYPES: Final = (
    select(Repair.type_id, _DISTRICT.label("district"), _N, _LAST)
    .join(Case, Case.id == Repair.case_id)
    .join(FacilityType, FacilityType.id == Repair.type_id)
    .where(*_FAILED)
    .group_by(Repair.type_id, _DISTRICT, FacilityType.repeat_in_district)
    .having(_N.element >= FacilityType.repeat_in_district)
    .order_by(_N.element.desc(), Repair.type_id)
    .limit(_MOST)
)


@dataclass(frozen=True, slots=True)
class AssetRepair:
    """A repair in the history of an asset."""

    number: str
    title: str
    status: Status
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Repeated:
    """Something that failed so often within so many days that the rule points it out.

    `district` is empty for an asset, and for reports of a type that name none.
    """

    kind: TypeView
    count: int
    days: int
    rule: int
    last_at: datetime | None = None
    asset: AssetView | None = None
    district: str = ""


def repairs_of(session: Session, actor: Actor, asset_id: int) -> list[AssetRepair]:
    """The repairs of an asset the actor may know of, newest first."""
    return [
        AssetRepair(row.number, row.title, row.status, row.opened_at, row.closed_at)
        for row in rows(session, _HISTORY.where(visible_clause(actor)), asset_id=asset_id)
    ]


def repeated_of(
    session: Session, asset_id: int, kind: TypeView, *, now: datetime
) -> Repeated | None:
    """Whether an asset fails again and again by the rule of its type."""
    rule = kind.repeats
    since = now - timedelta(days=rule.days)
    count = rows(session, _COUNTED, asset_id=asset_id, since=since)[0][0]
    return Repeated(kind, count, rule.days, rule.count) if count >= rule.count else None


def repeated_assets(session: Session, *, now: datetime) -> list[Repeated]:
    """All assets that fail again and again, the worst first; one query per length of time."""
    found = _asked(session, _OF_ASSETS, now)
    assets = facilities.assets_of(session, [row.asset_id for row, _ in found])
    repeated = [
        Repeated(kind, row.n, kind.repeats.days, kind.repeats.count, row.last, assets[row.asset_id])
        for row, kind in found
    ]
    return sorted(repeated, key=lambda one: -one.count)[:_MOST]


def repeated_types(session: Session, *, now: datetime) -> list[Repeated]:
    """The types that fail again and again in one district, the worst first."""
    found = [
        Repeated(
            kind,
            row.n,
            kind.repeats.days,
            kind.repeats.in_district,
            row.last,
            district=row.district,
        )
        for row, kind in _asked(session, _OF_TYPES, now)
    ]
    return sorted(found, key=lambda one: -one.count)[:_MOST]


def _asked(
    session: Session, statement: Select[*tuple[Any, ...]], now: datetime
) -> list[tuple[Row[*tuple[Any, ...]], TypeView]]:
    kinds = {kind.id: kind for kind in facilities.list_types(session)}
    return [
        (row, kinds[row.type_id])
        for days in sorted({kind.repeats.days for kind in kinds.values()})
        for row in rows(session, statement, days=days, since=now - timedelta(days=days))
    ]
