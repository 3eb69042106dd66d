"""Today's list of a crew: emergencies first, then by due time or along the route.

Distance is reckoned on the phone, which keeps its position to itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy import Row

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.crew import queries
from app.crew.rules import Order, claimed_position, in_order
from app.crew.views import Job, jobs_of
from app.crew.words import crew_words
from app.crews import queries as crews
from app.crews.service import presence
from app.departments.queries.shelf import UnitView
from app.repairs import queries as repairs
from app.repairs.service import may_take
from app.web.forms import FormDep
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/crew")


class By(StrEnum):
    """In which order the list stands."""

    DUE = "due"
    ROUTE = "route"


@dataclass(frozen=True, slots=True)
class TodayPage:
    """What the list prints."""

    who: int
    crews: tuple[tuple[int, str, bool], ...]
    jobs: Sequence[Job]
    by: By
    has_route: bool
    free: int
    most_bytes: int
    words: str


@router.get("")
def show(request: Request, visit: VisitDep, by: Annotated[By | None, Query()] = None) -> Response:
    """The list."""
    with visit.reading() as work:
        work.actor.require(Permission.REPAIR_FIELD)
        return render(request, "crew/today", _page(request, work, by))


def _page(request: Request, work: Work, by: By | None) -> TodayPage:
    language = locale_of(request).tag
    own = queries.crews_of(work.session, work.actor)
    found = [row for crew in own for row in repairs.of_crew(work.session, crew.id)]
    today = crews.today_of(work.session, work.now)
    routes = crews.routes_of(work.session, [crew.id for crew in own], today)
    stops = [stop for route in routes.values() for stop in route.stops]
    # A route somebody planned is what the day is driven by, unless one wishes otherwise.
    by = by or (By.ROUTE if stops else By.DUE)
    jobs = jobs_of(work.session, found, own, now=work.now, language=language)
    kept = {job.id: job for job in jobs}
    order = [Order(job.id, job.is_emergency, job.due_at) for job in jobs]
    return TodayPage(
        who=work.actor.id,
        crews=tuple(_presence(work, crew, language) for crew in own),
        jobs=[kept[key] for key in in_order(order, stops if by is By.ROUTE else ())],
        by=by,
        has_route=bool(stops),
        free=sum(len(free_for(work, crew)) for crew in own),
        most_bytes=request.app.state.settings.max_file_bytes,
        words=crew_words(locale_of(request)),
    )


def free_for(work: Work, crew: UnitView) -> Sequence[Row[*tuple[Any, ...]]]:
    """What this crew may take: of its trade, where its unit shares out that way (抢单)."""
    if crew.parent_id not in crews.open_pools(work.session):
        return ()
    session = work.session
    seen = crews.get_crew(session, crew.id, today=crews.today_of(session, work.now))
    free = repairs.grabbable(session, crew.path)
    return [row for row in free if may_take(session, seen, row.type_id, row.category_id)]


def _presence(work: Work, crew: UnitView, language: str) -> tuple[int, str, bool]:
    seen = crews.get_crew(work.session, crew.id, today=crews.today_of(work.session, work.now))
    return crew.id, seen.name.within(language), seen.is_online(work.now)


_ON: Final = "on"


@router.post("/presence")
def be_there(visit: VisitDep, form: FormDep) -> Response:
    """Say that the crew is there, or gone for today; where it is only if the phone says so."""
    at = claimed_position(form.text("lon"), form.text("lat"))
    place = (float(at[0]), float(at[1])) if at else None
    with visit.writing() as work:
        today = crews.today_of(work.session, work.now)
        for own in queries.crews_of(work.session, work.actor):
            crew = crews.get_crew(work.session, own.id, today=today)
            if form.text("deed") == _ON:
                presence.go_online(work.session, crew, actor=work.actor, now=work.now, at=place)
            else:
                presence.go_offline(work.session, crew, actor=work.actor, now=work.now)
    return see_other("/crew")
