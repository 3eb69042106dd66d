"""The open tasks of assisting units: those of one's own unit, those it asked for, those overdue.

One list with three faces; the most pressing stands first.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Row

from app.accounts.deps import VisitDep
from app.accounts.rules import Actor, Permission
from app.desk.assisting import light_of
from app.desk.pages.workbench import is_english
from app.desk.times import Light
from app.kernel.errors import ForbiddenError, NotFoundError
from app.kernel.messages import mark
from app.tasks import queries
from app.tasks.labels import STATES
from app.tasks.queries import Asked, View
from app.web.templating import render

router = APIRouter(prefix="/desk/tasks")

_VIEWS: Final = {
    View.OURS: (mark("We assist"), Permission.CASE_HANDLE),
    View.ASKED: (mark("We asked"), Permission.CASE_HANDLE),
    View.LATE: (mark("Tasks overdue"), Permission.CASE_SUPERVISE),
}


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One line of the list."""

    number: str
    title: str
    is_confidential: bool
    wanted: str
    helper: str
    lead: str
    state: str
    due_at: datetime
    light: Light


@dataclass(frozen=True, slots=True)
class TaskList:
    """What the page prints."""

    title: str
    rows: list[TaskRow]
    tabs: list[tuple[str, str, bool]]
    total: str
    next_url: str
    prev_url: str


@router.get("")
def show(request: Request, visit: VisitDep, view: str = "", cursor: str = "") -> Response:
    """One page of the open tasks of this person's units, or of all that are overdue."""
    with visit.reading() as work:
        here = _view_of(work.actor, view)
        english = is_english(request)
        asked = Asked(here, work.actor, work.now)
        page = queries.list_tasks(work.session, asked, cursor=cursor or None)
        return render(
            request,
            "desk/tasks",
            TaskList(
                title=_VIEWS[here][0],
                rows=[_row(row, work.now, english=english) for row in page.items],
                tabs=[
                    (label, f"/desk/tasks?view={one}", one is here)
                    for one, (label, needs) in _VIEWS.items()
                    if work.actor.may(needs)
                ],
                total=str(queries.count_tasks(work.session, asked)),
                next_url=_paged(here, page.next_cursor),
                prev_url=_paged(here, page.prev_cursor),
            ),
        )


def _view_of(actor: Actor, asked: str) -> View:
    own = [view for view, (_, needs) in _VIEWS.items() if actor.may(needs)]
    if not own:
        raise ForbiddenError(mark("Your role does not include this."))
    if asked and asked not in own:
        raise NotFoundError(mark("There is no such list."))
    return View(asked) if asked else own[0]


def _paged(view: View, cursor: str | None) -> str:
    return f"/desk/tasks?view={view}&cursor={cursor}" if cursor else ""


def _row(row: Row[*tuple[Any, ...]], now: datetime, *, english: bool) -> TaskRow:
    return TaskRow(
        number=row.number,
        title=row.title,
        is_confidential=row.is_confidential,
        wanted=row.wanted,
        helper=row.unit_name_en if english and row.unit_name_en else row.unit_name,
        lead=row.lead_name_en if english and row.lead_name_en else row.lead_name,
        state=STATES[row.state],
        due_at=row.due_at,
        light=light_of(row, now),
    )
