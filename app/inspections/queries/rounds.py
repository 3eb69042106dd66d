"""Plans and rounds to look at: lists, one round with its stops, what inspections said of an asset.

Each list is one page along its own order; rounds name whoever walks them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Actor, Permission, Scope
from app.cases.models import Case
from app.departments.models import Unit
from app.facilities.models import Asset
from app.inspections.models import (
    InspectionCheck,
    InspectionPlan,
    InspectionPlanAsset,
    InspectionRound,
)
from app.inspections.rules import Result, Rhythm
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.paging import Order, Page, list_page

_MOST_PLANS: Final = 500
_ROUND: Final = (
    select(
        InspectionRound.id,
        InspectionRound.plan_id,
        InspectionPlan.name,
        InspectionRound.begins_on,
        InspectionRound.due_on,
        InspectionRound.unit_id,
        Unit.path.label("unit_path"),
        Unit.region_code.label("unit_region"),
        InspectionRound.inspector_id,
        Staff.display_name.label("inspector"),
        InspectionRound.total,
        InspectionRound.done,
        InspectionRound.findings,
        InspectionRound.finished_at,
    )
    .join(InspectionPlan, InspectionPlan.id == InspectionRound.plan_id)
    .join(Unit, Unit.id == InspectionRound.unit_id)
    .outerjoin(Staff, Staff.id == InspectionRound.inspector_id)
)
_ONE_ROUND: Final = _ROUND.where(InspectionRound.id == bindparam("round_id"))
_OPEN_ORDER: Final = Order.by(InspectionRound.due_on, InspectionRound.id)
_DONE_ORDER: Final = Order.by(InspectionRound.begins_on, InspectionRound.id, descending=True)
_STOPS: Final = (
    select(
        InspectionCheck.id,
        InspectionCheck.asset_id,
        InspectionCheck.position,
        InspectionCheck.result,
        InspectionCheck.note,
        InspectionCheck.at,
        InspectionCheck.version,
        Case.number,
        Asset.code,
        Asset.plate,
        Asset.name,
        Asset.place,
        Asset.type_id,
        Asset.lon,
        Asset.lat,
    )
    .join(Asset, Asset.id == InspectionCheck.asset_id)
    .outerjoin(Case, Case.id == InspectionCheck.case_id)
    .where(InspectionCheck.round_id == bindparam("round_id"))
    .order_by(InspectionCheck.position)
)
_CHECKS: Final = (
    select(
        InspectionCheck.round_id,
        InspectionCheck.result,
        InspectionCheck.note,
        InspectionCheck.at,
        InspectionPlan.name,
    )
    .join(InspectionRound, InspectionRound.id == InspectionCheck.round_id)
    .join(InspectionPlan, InspectionPlan.id == InspectionRound.plan_id)
    .where(InspectionCheck.asset_id == bindparam("asset_id"), InspectionCheck.result.is_not(None))
    .order_by(InspectionCheck.id.desc())
    .limit(20)
)
_PLAN: Final = select(
    *InspectionPlan.__table__.columns,
    Staff.display_name.label("inspector"),
    Staff.username.label("inspector_username"),
).outerjoin(Staff, Staff.id == InspectionPlan.inspector_id)
_PLANS: Final = _PLAN.order_by(
    InspectionPlan.is_active.desc(), InspectionPlan.name, InspectionPlan.id
).limit(_MOST_PLANS)
_ONE_PLAN: Final = _PLAN.where(InspectionPlan.id == bindparam("plan_id"))
_NAMED: Final = (
    select(Asset.code)
    .join(InspectionPlanAsset, InspectionPlanAsset.asset_id == Asset.id)
    .where(InspectionPlanAsset.plan_id == bindparam("plan_id"))
    .order_by(Asset.code)
)
_MISSED: Final = (
    select(func.count())
    .select_from(InspectionRound)
    .join(Unit, Unit.id == InspectionRound.unit_id)
    .where(InspectionRound.finished_at.is_(None), InspectionRound.due_on < bindparam("today"))
)


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan with the name of whoever walks it."""

    id: int
    name: str
    type_id: int | None
    region_code: str
    unit_id: int
    inspector_id: int | None
    inspector: str
    inspector_username: str
    rhythm: Rhythm
    every: int
    starts_on: date
    days: int
    next_on: date
    is_active: bool
    is_sample: bool
    version: int


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round with its plan's name and how far it has come."""

    id: int
    plan_id: int
    name: str
    begins_on: date
    due_on: date
    unit_id: int
    unit_path: str
    unit_region: str
    inspector_id: int | None
    inspector: str
    total: int
    done: int
    findings: int
    finished_at: datetime | None


@dataclass(frozen=True, slots=True)
class StopView:
    """A facility of a round and what was found at it."""

    id: int
    asset_id: int
    position: int
    result: Result | None
    note: str
    at: datetime | None
    version: int
    case_number: str
    code: str
    plate: str
    name: str
    place: str
    type_id: int
    point: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class AssetCheck:
    """What an inspection said of an asset."""

    round_id: int
    plan: str
    result: Result
    note: str
    at: datetime


def list_plans(session: Session) -> list[PlanView]:
    """All plans, those in force first."""
    return [_plan(row) for row in rows(session, _PLANS)]


def get_plan(session: Session, plan_id: int) -> PlanView:
    """One plan.

    Raises:
        NotFoundError: there is none.
    """
    for row in rows(session, _ONE_PLAN, plan_id=plan_id):
        return _plan(row)
    raise NotFoundError(mark("There is no such plan."))


def named_assets(session: Session, plan_id: int) -> list[str]:
    """The codes of the assets a plan names itself."""
    return [row.code for row in rows(session, _NAMED, plan_id=plan_id)]


def open_rounds(session: Session, actor: Actor, *, cursor: str | None = None) -> Page[RoundView]:
    """Rounds not finished that the actor may see, the most overdue first."""
    wanted = _ROUND.where(InspectionRound.finished_at.is_(None), *_reach(actor))
    return list_page(session, wanted, _OPEN_ORDER, cursor=cursor, size=50).map(_round)


def done_rounds(session: Session, actor: Actor, *, cursor: str | None = None) -> Page[RoundView]:
    """Finished rounds that the actor may see, newest first."""
    wanted = _ROUND.where(InspectionRound.finished_at.is_not(None), *_reach(actor))
    return list_page(session, wanted, _DONE_ORDER, cursor=cursor, size=50).map(_round)


def get_round(session: Session, actor: Actor, round_id: int) -> RoundView:
    """One round the actor may see.

    Raises:
        NotFoundError: there is none, or it is none of theirs.
    """
    for row in rows(session, _ONE_ROUND.where(*_reach(actor)), round_id=round_id):
        return _round(row)
    raise NotFoundError(mark("There is no such round."))


def stops_of(session: Session, round_id: int) -> list[StopView]:
    """The facilities of a round in the order they are walked."""
    return [_stop(row) for row in rows(session, _STOPS, round_id=round_id)]


def checks_of(session: Session, asset_id: int) -> list[AssetCheck]:
    """What inspections said of an asset, newest first."""
    return [
        AssetCheck(row.round_id, row.name, row.result, row.note, row.at)
        for row in rows(session, _CHECKS, asset_id=asset_id)
    ]


def count_missed(session: Session, actor: Actor, *, today: date) -> int:
    """How many rounds the actor may see were not finished in time and still are not."""
    found: int = rows(session, _MISSED.where(*_reach(actor)), today=today)[0][0]
    return found


def _reach(actor: Actor) -> Sequence[Any]:
    """The rounds of one's own units; whoever plans sees all."""
    if actor.may(Permission.INSPECTION_PLAN):
        return ()
    grants = actor.grants_for(Permission.INSPECTION_DO)
    if any(grant.scope in (Scope.ALL, Scope.REGION) for grant in grants):
        return ()
    paths = [Unit.path.startswith(grant.unit_path, autoescape=True) for grant in grants]
    return (or_(InspectionRound.inspector_id == actor.id, *paths),)


def _plan(row: Row[*tuple[Any, ...]]) -> PlanView:
    return PlanView(
        id=row.id,
        name=row.name,
        type_id=row.type_id,
        region_code=row.region_code,
        unit_id=row.unit_id,
        inspector_id=row.inspector_id,
        inspector=row.inspector or "",
        inspector_username=row.inspector_username or "",
        rhythm=row.rhythm,
        every=row.every,
        starts_on=row.starts_on,
        days=row.days,
        next_on=row.next_on,
        is_active=row.is_active,
        is_sample=row.is_sample,
        version=row.version,
    )


def _round(row: Row[*tuple[Any, ...]]) -> RoundView:
    return RoundView(
        id=row.id,
        plan_id=row.plan_id,
        name=row.name,
        begins_on=row.begins_on,
        due_on=row.due_on,
        unit_id=row.unit_id,
        unit_path=row.unit_path,
        unit_region=row.unit_region,
        inspector_id=row.inspector_id,
        inspector=row.inspector or "",
        total=row.total,
        done=row.done,
        findings=row.findings,
        finished_at=row.finished_at,
    )


def _stop(row: Row[*tuple[Any, ...]]) -> StopView:
    is_placed = row.lon is not None and row.lat is not None
    return StopView(
        id=row.id,
        asset_id=row.asset_id,
        position=row.position,
        result=row.result,
        note=row.note,
        at=row.at,
        version=row.version,
        case_number=row.number or "",
        code=row.code,
        plate=row.plate or "",
        name=row.name,
        place=row.place,
        type_id=row.type_id,
        point=(float(row.lon), float(row.lat)) if is_placed else None,
    )
