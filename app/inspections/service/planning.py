"""Writing plans, and making their rounds when their day comes.

A round is made once, whatever happens to the job; it keeps the facilities it was made with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Permission
from app.calendars import queries as calendars
from app.catalogue.service import Edit
from app.departments import queries as departments
from app.facilities import queries as facilities
from app.facilities.queries import AssetFilter
from app.facilities.rules import AssetState, AssetView
from app.inspections.models import (
    InspectionCheck,
    InspectionPlan,
    InspectionPlanAsset,
    InspectionRound,
)
from app.inspections.queries import named_assets
from app.inspections.rules import (
    MOST_ASSETS,
    MOST_DAYS,
    MOST_EVERY,
    TOO_MANY,
    Rhythm,
    Stop,
    in_order,
    next_nominal,
)
from app.kernel import audit
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.kernel.text import clean_line

_LONGEST_NAME: Final = 120
_MOST_LATE: Final = 26  # rounds made up for after a long stop of the worker


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """What somebody plans; `codes` name assets, without them type and region choose."""

    name: str
    unit_id: int | None
    starts_on: date | None
    rhythm: Rhythm = Rhythm.MONTH
    every: int = 1
    days: int = 3
    type_id: int | None = None
    region_code: str = ""
    inspector: str = ""
    codes: Sequence[str] = ()


def add_plan(session: Session, draft: PlanDraft, *, edit: Edit, is_sample: bool = False) -> int:
    """Plan an inspection; its first round is made on its first day.

    Raises:
        ForbiddenError, InvalidError: may not; a sentence by field.
    """
    _require(edit)
    checked = _checked(session, draft)
    plan = InspectionPlan(is_sample=is_sample)
    _fill(plan, draft, checked)
    session.add(plan)
    session.flush()
    _name_assets(session, plan, checked.assets)
    _note(session, edit, "inspection.plan", plan)
    return plan.id


def change_plan(
    session: Session, plan_id: int, draft: PlanDraft, *, version: int, edit: Edit
) -> None:
    """Change a plan from its next round on; rounds made already stay as they are.

    Raises:
        ForbiddenError, NotFoundError, ConflictError, InvalidError: may not; gone; changed
            meanwhile; a sentence by field.
    """
    plan = _plan(session, plan_id, version, edit)
    checked = _checked(session, draft)
    last = _last_round(session, plan.id)
    _fill(plan, draft, checked)
    plan.next_on = next_nominal(plan.starts_on, plan.rhythm, plan.every, after=last)
    session.execute(delete(InspectionPlanAsset).where(InspectionPlanAsset.plan_id == plan.id))
    _name_assets(session, plan, checked.assets)
    session.flush()
    _note(session, edit, "inspection.plan_changed", plan)


def set_plan_active(
    session: Session, plan_id: int, *, is_active: bool, version: int, today: date, edit: Edit
) -> None:
    """Stop a plan, or let it go on; what fell into the pause is not made up for.

    Raises:
        ForbiddenError, NotFoundError, ConflictError: may not; gone; changed meanwhile.
    """
    plan = _plan(session, plan_id, version, edit)
    plan.is_active = is_active
    while is_active and plan.next_on < today:
        plan.next_on = next_nominal(plan.starts_on, plan.rhythm, plan.every, after=plan.next_on)
    session.flush()
    _note(session, edit, "inspection.plan_switched", plan)


def make_rounds(session: Session, *, today: date) -> int:
    """Make every round whose day has come; gives how many. Safe to run twice."""
    due = select(InspectionPlan).where(InspectionPlan.is_active, InspectionPlan.next_on <= today)
    made = 0
    for plan in session.scalars(due.order_by(InspectionPlan.id)).all():
        late = 0
        while plan.next_on <= today and late < _MOST_LATE:
            made += _make(session, plan, plan.next_on)
            late += 1
            plan.next_on = next_nominal(plan.starts_on, plan.rhythm, plan.every, after=plan.next_on)
        session.flush()
    return made


def covered(session: Session, draft: PlanDraft) -> list[AssetView]:
    """The facilities a plan covers now, those removed or only planned left out."""
    if draft.codes:
        return [one for one in facilities.assets_named(session, draft.codes, []) if _stands(one)]
    kind = facilities.get_type(session, draft.type_id).code if draft.type_id else ""
    wanted = AssetFilter(type_code=kind, region_code=draft.region_code)
    some = facilities.some_assets(session, wanted, limit=MOST_ASSETS * 2)
    return [one for one in some if _stands(one)]


@dataclass(frozen=True, slots=True)
class _Checked:
    unit_id: int
    starts_on: date
    inspector_id: int | None
    assets: Sequence[AssetView]


def _make(session: Session, plan: InspectionPlan, nominal_on: date) -> bool:
    known = select(InspectionRound.id).where(
        InspectionRound.plan_id == plan.id, InspectionRound.nominal_on == nominal_on
    )
    assets = covered(session, _as_draft(session, plan))[:MOST_ASSETS]
    if session.scalar(known) is not None or not assets:
        return False
    working = calendars.load(session, plan.unit_id).statutory
    begins_on = working.roll_forward(nominal_on)
    made = InspectionRound(
        plan_id=plan.id,
        nominal_on=nominal_on,
        begins_on=begins_on,
        due_on=working.add(begins_on, plan.days),
        unit_id=plan.unit_id,
        inspector_id=plan.inspector_id,
        total=len(assets),
    )
    session.add(made)
    session.flush()
    stops = in_order([Stop(one.id, one.code, one.point) for one in assets])
    session.add_all(
        InspectionCheck(round_id=made.id, asset_id=stop.asset_id, position=position)
        for position, stop in enumerate(stops, start=1)
    )
    return True


def _as_draft(session: Session, plan: InspectionPlan) -> PlanDraft:
    return PlanDraft(
        name=plan.name,
        unit_id=plan.unit_id,
        starts_on=plan.starts_on,
        type_id=plan.type_id,
        region_code=plan.region_code,
        codes=named_assets(session, plan.id),
    )


def _stands(asset: AssetView) -> bool:
    return asset.state in (AssetState.IN_USE, AssetState.OUT_OF_USE)


def _checked(session: Session, draft: PlanDraft) -> _Checked:
    errors = _wrong(session, draft)
    inspector_id = _inspector(session, draft, errors)
    assets: Sequence[AssetView] = []
    if not errors:
        assets = covered(session, draft)
        if len(assets) > MOST_ASSETS:
            errors["type"] = TOO_MANY
        elif len(assets) < max(1, len(set(draft.codes))):
            errors["codes" if draft.codes else "type"] = (
                mark("Some of these codes name no facility that stands there.")
                if draft.codes
                else mark("No facility of this type stands there. Register some first.")
            )
    if errors or draft.unit_id is None or draft.starts_on is None:
        raise InvalidError(fields=errors)
    named = assets if draft.codes else []
    return _Checked(draft.unit_id, draft.starts_on, inspector_id, named)


def _wrong(session: Session, draft: PlanDraft) -> dict[str, str]:
    checks = {
        "name": (0 < len(clean_line(draft.name)) <= _LONGEST_NAME, mark("Please enter a name.")),
        "unit_id": (draft.unit_id is not None, mark("Please choose a unit.")),
        "starts_on": (draft.starts_on is not None, mark("Please enter a date such as 2026-03-02.")),
        "every": (1 <= draft.every <= MOST_EVERY, mark("This number is out of bounds.")),
        "days": (0 <= draft.days <= MOST_DAYS, mark("This number is out of bounds.")),
        "region_code": (
            not draft.region_code or departments.is_region(session, draft.region_code),
            mark("There is no such district or street."),
        ),
        "type": (
            bool(draft.codes or draft.type_id or draft.region_code),
            mark("Choose a type, an area, or name facilities."),
        ),
    }
    return {name: sentence for name, (is_right, sentence) in checks.items() if not is_right}


def _inspector(session: Session, draft: PlanDraft, errors: dict[str, str]) -> int | None:
    if not draft.inspector:
        return None
    named = select(Staff.id).where(Staff.username == draft.inspector, Staff.is_active)
    found = session.scalar(named)
    if found is None:
        errors["inspector"] = mark("There is no open account of this name.")
    return found


def _fill(plan: InspectionPlan, draft: PlanDraft, checked: _Checked) -> None:
    plan.name = clean_line(draft.name)
    plan.type_id, plan.region_code = draft.type_id, draft.region_code
    plan.unit_id, plan.inspector_id = checked.unit_id, checked.inspector_id
    plan.rhythm, plan.every, plan.days = draft.rhythm, draft.every, draft.days
    plan.starts_on = plan.next_on = checked.starts_on


def _name_assets(session: Session, plan: InspectionPlan, assets: Sequence[AssetView]) -> None:
    session.add_all(InspectionPlanAsset(plan_id=plan.id, asset_id=one.id) for one in assets)


def _last_round(session: Session, plan_id: int) -> date | None:
    last = select(InspectionRound.nominal_on).where(InspectionRound.plan_id == plan_id)
    return session.scalar(last.order_by(InspectionRound.nominal_on.desc()).limit(1))


def _require(edit: Edit) -> None:
    if edit.actor is not None:
        edit.actor.require(Permission.INSPECTION_PLAN)


def _plan(session: Session, plan_id: int, version: int, edit: Edit) -> InspectionPlan:
    _require(edit)
    plan = session.get(InspectionPlan, plan_id, populate_existing=True)
    if plan is None:
        raise NotFoundError(mark("There is no such plan."))
    if plan.version != version:
        raise ConflictError(
            mark("Somebody else changed this entry while you were editing. Nothing was saved."),
            stored={mark("Designation"): plan.name},
            fresh={"version": str(plan.version)},
        )
    return plan


def _note(session: Session, edit: Edit, action: str, plan: InspectionPlan) -> None:
    at: datetime = edit.now
    audit.note(session, edit.author, action, ("inspection_plan", plan.id), at=at)
