"""The board for those who supervise: how matters stand, and the way to each list.

One page; which figures it holds follows from the appointment it is read in.
"""

from dataclasses import dataclass
from functools import partial
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from markupsafe import Markup
from pydantic import BaseModel

from app.accounts.deps import VisitDep, Work, limits_from
from app.accounts.rules import Permission
from app.kernel.errors import NotFoundError
from app.supervision import queries, service
from app.supervision.rules import Level, Window
from app.supervision.shelf import Shelf
from app.supervision.views import Figure, SeatChoice, seat_choices, view_of
from app.tasks import queries as tasks
from app.tasks.queries import Asked, View
from app.web.forms import RawForm, parse
from app.web.templating import render, render_text
from app.web.ui import locale_of

router = APIRouter(prefix="/board")

_FIELDS: Final = ("days", "rows", "under", "seat")
# Kept as drawn: a board of fifty units has hundreds of links, and drawing them would
# cost several times as much as everything else about the request.
_boards: Final[Shelf[Markup]] = Shelf()


class BoardForm(BaseModel):
    """How the board is looked at; everything may be left out."""

    days: Window = Window.MONTH
    rows: Level = Level.LEAD
    under: int | None = None
    seat: int = 0


@dataclass(frozen=True, slots=True)
class BoardPage:
    """The board as drawn, and the seats this person may read it from."""

    figures: Markup
    seats: tuple[SeatChoice, ...]
    late_tasks: Figure | None  # counted for the reader: who may see the list, sees its figure


@router.get("")
def show(request: Request, visit: VisitDep) -> Response:
    """The board as of a moment ago; a standby may answer."""
    form = _asked(request)
    zone = limits_from(visit.edge.settings).zone
    with visit.reading(may_lag=True) as work:
        asked = service.asked_of(
            work.actor, seat=form.seat, under=form.under, window=form.days, level=form.rows
        )
        asked = service.spared(work.session, asked, work.actor)

        def draw() -> tuple[Markup, int]:
            board = service.draw_up(work.session, asked, zone=zone, now=work.now)
            text = render_text(request, "board/show/_figures.html", {"board": view_of(board)})
            return Markup(text), board.size  # noqa: S704  # our own template, escaped there

        key = (asked, locale_of(request))
        last_event = partial(queries.last_event_id, work.session)
        figures = _boards.get(work.session, key, draw, last_event=last_event, now=work.now)
        choices = seat_choices(service.seats(work.actor), form.seat)
        late = _late_tasks(work)
    return render(request, "board/show", BoardPage(figures, choices, late))


def _asked(request: Request) -> BoardForm:
    if not request.query_params:
        return BoardForm()
    given = {name: request.query_params.get(name, "") for name in _FIELDS}
    parsed = parse(BoardForm, RawForm({name: text for name, text in given.items() if text}))
    if parsed.value is None:
        raise NotFoundError(service.NO_BOARD)
    return parsed.value


def _late_tasks(work: Work) -> Figure | None:
    if not work.actor.may(Permission.CASE_SUPERVISE):
        return None
    count = tasks.count_tasks(work.session, Asked(View.LATE, work.actor, work.now))
    return Figure(count.value, f"/desk/tasks?view={View.LATE}")
