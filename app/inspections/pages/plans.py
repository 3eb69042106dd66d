"""Plans of inspections: what is looked at how often, by whom; added, changed, stopped.

Rounds made already stay as they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.catalogue.service import Edit
from app.departments import queries as departments
from app.departments.queries.shelf import tree
from app.facilities import queries as facilities
from app.inspections import queries, service
from app.inspections.labels import RHYTHMS
from app.inspections.pages.common import PLANS, Tabs, tabs_of, today_of
from app.inspections.queries import PlanView
from app.inspections.rules import Rhythm
from app.inspections.service import PlanDraft
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import whole_number
from app.web.deps import EdgeDep
from app.web.forms import FormDep, parse
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix=PLANS)

_BLANK: Final = {"rhythm": "month", "every": "1", "days": "3"}
Choices = list[tuple[str, str]]


class PlanForm(BaseModel):
    """What is typed about a plan; `codes` are assets, a line each."""

    name: Annotated[str, Field(title=mark("Designation"))] = ""
    type: Annotated[str, Field(title=mark("Type"))] = ""
    region_code: Annotated[str, Field(title=mark("District or street"))] = ""
    codes: Annotated[str, Field(title=mark("Facilities"))] = ""
    unit_id: Annotated[int | None, Field(title=mark("Crew or unit"))] = None
    inspector: Annotated[str, Field(title=mark("Inspector"))] = ""
    rhythm: Rhythm = Rhythm.MONTH
    every: Annotated[int, Field(title=mark("Every"))] = 1
    starts_on: Annotated[date | None, Field(title=mark("First day"))] = None
    days: Annotated[int, Field(title=mark("Working days"))] = 3
    version: int = 0

    def draft(self, session: Session) -> PlanDraft:
        """The form as the service takes it."""
        kind = facilities.type_by_code(session, self.type)
        return PlanDraft(
            name=self.name,
            unit_id=self.unit_id,
            starts_on=self.starts_on,
            rhythm=self.rhythm,
            every=self.every,
            days=self.days,
            type_id=kind.id if kind else None,
            region_code=self.region_code,
            inspector=self.inspector.strip().casefold(),
            codes=tuple(dict.fromkeys(self.codes.split())),
        )


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A plan as the list shows it, with names in the reader's language."""

    plan: PlanView
    type_name: str
    region: str
    unit: str


@dataclass(frozen=True, slots=True)
class PlansPage:
    """All plans."""

    tabs: Tabs
    rows: list[PlanLine]


@dataclass(frozen=True, slots=True)
class PlanFormPage:
    """The form of a plan, new or known."""

    plan_id: int
    values: Mapping[str, str]
    errors: Mapping[str, str]
    types: Choices
    regions: Choices
    units: Choices
    rhythms: Choices


@router.get("")
def show_plans(request: Request, visit: VisitDep) -> Response:
    """All plans, those in force first."""
    language = locale_of(request).tag
    with visit.reading() as work:
        work.actor.require(Permission.INSPECTION_PLAN)
        session = work.session
        kinds = {one.id: one.name.within(language) for one in facilities.list_types(session)}
        places, plans = tree(session).place_names, queries.list_plans(session)
        units = {
            one.id: (language == "en" and one.name_en) or one.name
            for one in departments.views_of(session, {plan.unit_id for plan in plans})
        }
        page = PlansPage(
            tabs=tabs_of(request, work.actor),
            rows=[
                PlanLine(
                    plan,
                    kinds.get(plan.type_id or 0, ""),
                    places.get(plan.region_code, plan.region_code),
                    units[plan.unit_id],
                )
                for plan in plans
            ],
        )
    return render(request, "inspections/plans", page)


@router.get("/new")
def show_new(request: Request, visit: VisitDep, edge: EdgeDep) -> Response:
    """An empty form."""
    values = {**_BLANK, "starts_on": today_of(edge).isoformat()}
    return _form(request, visit, 0, values, {})


@router.post("")
def add(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Plan an inspection."""
    parsed = parse(PlanForm, form)
    if parsed.value is None:
        return _form(request, visit, 0, parsed.values, parsed.errors)
    try:
        with visit.writing() as work:
            service.add_plan(work.session, parsed.value.draft(work.session), edit=_edit(work))
    except InvalidError as refused:
        return _form(request, visit, 0, parsed.values, refused.fields)
    return see_other(PLANS)


@router.get("/{plan_id}")
def show_plan(request: Request, visit: VisitDep, plan_id: int) -> Response:
    """The form of a known plan."""
    with visit.reading() as work:
        work.actor.require(Permission.INSPECTION_PLAN)
        values = _stored(work.session, queries.get_plan(work.session, plan_id))
    return _form(request, visit, plan_id, values, {})


@router.post("/{plan_id}")
def change(request: Request, visit: VisitDep, plan_id: int, form: FormDep) -> Response:
    """Change a plan from its next round on."""
    parsed = parse(PlanForm, form)
    if parsed.value is None:
        return _form(request, visit, plan_id, parsed.values, parsed.errors)
    try:
        with visit.writing() as work:
            service.change_plan(
                work.session,
                plan_id,
                parsed.value.draft(work.session),
                version=parsed.value.version,
                edit=_edit(work),
            )
    except InvalidError as refused:
        return _form(request, visit, plan_id, parsed.values, refused.fields)
    return see_other(PLANS)


@router.post("/{plan_id}/active")
def switch(visit: VisitDep, edge: EdgeDep, plan_id: int, form: FormDep) -> Response:
    """Stop a plan, or let it go on."""
    with visit.writing() as work:
        service.set_plan_active(
            work.session,
            plan_id,
            is_active=form.text("to") == "on",
            version=whole_number(form.text("version")) or -1,
            today=today_of(edge),
            edit=_edit(work),
        )
    return see_other(PLANS)


def _edit(work: Work) -> Edit:
    work.actor.require(Permission.INSPECTION_PLAN)
    return Edit(now=work.now, actor=work.actor, ip=work.ip)


def _form(
    request: Request,
    visit: VisitDep,
    plan_id: int,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    language = locale_of(request).tag
    with visit.reading() as work:
        work.actor.require(Permission.INSPECTION_PLAN)
        session = work.session
        page = PlanFormPage(
            plan_id=plan_id,
            values=values,
            errors=errors,
            types=[
                (one.code, f"{one.code} {one.name.within(language)}")
                for one in facilities.list_types(session)
                if one.is_asset_type and one.is_active
            ],
            regions=departments.list_regions(session, language=language),
            units=departments.list_choices(session, language=language),
            rhythms=[(str(rhythm), label) for rhythm, label in RHYTHMS.items()],
        )
    return render(request, "inspections/plan", page, status=422 if errors else 200)


def _stored(session: Session, plan: PlanView) -> dict[str, str]:
    kind = facilities.get_type(session, plan.type_id).code if plan.type_id else ""
    return {
        "name": plan.name,
        "type": kind,
        "region_code": plan.region_code,
        "codes": "\n".join(queries.named_assets(session, plan.id)),
        "unit_id": str(plan.unit_id),
        "inspector": plan.inspector_username,
        "rhythm": str(plan.rhythm),
        "every": str(plan.every),
        "starts_on": plan.starts_on.isoformat(),
        "days": str(plan.days),
        "version": str(plan.version),
    }
