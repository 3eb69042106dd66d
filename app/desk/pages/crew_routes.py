"""The way of a crew for the day: planned, changed by hand; and the pool its people take from.

Handlers only. The order is found between two transactions: nobody waits for it.
"""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.crews import queries, solving
from app.crews.queries import CrewView, RouteView
from app.crews.rules.routing import Way, joined, split
from app.crews.service import routes
from app.desk.repairing import crewing
from app.desk.repairing.boarding import CrewRow, crew_row
from app.desk.repairing.crewing import StopRow
from app.desk.repairing.weighing import Scene, look, stops_of
from app.kernel.text import whole_number
from app.web.forms import FormDep
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/repairs")


@dataclass(frozen=True, slots=True)
class RoutePage:
    """The stops of one crew's day, in order."""

    crew: CrewRow
    skills: str
    stops: list[StopRow]
    how: str
    planned_at: datetime | None
    version: int
    optimiser: bool
    leads: bool
    is_own: bool
    may_board: bool


@router.get("/crews/{crew_id}/route")
def show(request: Request, visit: VisitDep, crew_id: int) -> Response:
    """What the crew has in hand, in the order it drives."""
    language = locale_of(request).tag
    with visit.reading() as work:
        crew, scene, route = _looked(work, crew_id)
        page = RoutePage(
            crew=crew_row(work.session, scene, crew, language=language),
            skills=crewing.skill_names(work.session, crew, language=language),
            stops=crewing.stop_rows(scene, crew, route),
            how=crewing.how_ordered(route),
            planned_at=route.planned_at,
            version=route.version,
            optimiser=solving.is_installed(),
            leads=queries.leads(work.actor, crew),
            is_own=queries.is_own(work.actor, crew),
            may_board=work.actor.may(Permission.REPAIR_ASSIGN),
        )
    return render(request, "desk/crew_route", page)


@router.post("/crews/{crew_id}/route")
def plan(visit: VisitDep, crew_id: int, form: FormDep) -> Response:
    """Find the order of the day anew."""
    version = whole_number(form.text("version")) or 0
    with visit.reading() as work:
        crew, scene, _ = _looked(work, crew_id)
        parts = split(stops_of(scene.held[crew.id]), crew.fresh_place(work.now), now=work.now)
    order, method = solving.solve(parts.puzzle)
    with visit.writing() as work:
        routes.keep(
            work.session,
            crew,
            joined(parts, order),
            method,
            version=version,
            actor=work.actor,
            now=work.now,
        )
    return see_other(f"/repairs/crews/{crew_id}/route")


@router.post("/crews/{crew_id}/route/move")
def move(visit: VisitDep, crew_id: int, form: FormDep) -> Response:
    """Move one stop a place up or down."""
    with visit.writing() as work:
        crew, scene, _ = _looked(work, crew_id)
        routes.move(
            work.session,
            crew,
            stops_of(scene.held[crew.id]),
            whole_number(form.text("case_id")) or 0,
            Way.UP if form.text("to") == Way.UP else Way.DOWN,
            version=whole_number(form.text("version")) or 0,
            actor=work.actor,
            now=work.now,
        )
    return see_other(f"/repairs/crews/{crew_id}/route")


def _looked(work: Work, crew_id: int) -> tuple[CrewView, Scene, RouteView]:
    """The crew, what it has in hand and its stored order, for whoever may see them."""
    today = queries.today_of(work.session, work.now)
    crew = queries.get_crew(work.session, crew_id, today=today)
    actor = work.actor
    queries.check(
        queries.gives_work_to(actor, crew)
        or queries.is_own(actor, crew)
        or queries.leads(actor, crew)
    )
    scene = look(work.session, now=work.now, path=crew.path)
    return crew, scene, queries.route_of(work.session, crew.id, today)
