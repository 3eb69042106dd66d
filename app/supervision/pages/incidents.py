"""What happened by unit and period; every figure leads to the list of exactly its matters."""

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep, limits_from
from app.cases.queries.addresses import address_of
from app.departments import queries as departments
from app.supervision.rules import Measure, Window
from app.supervision.service import incidents as service
from app.supervision.service.incidents import Figure, Line
from app.supervision.views import WINDOWS, Choice
from app.web.templating import render
from app.web.ui import locale_of

router = APIRouter(prefix="/board/incidents")


@dataclass(frozen=True, slots=True)
class FigureView:
    """A number and the address of the matters it counts."""

    count: int
    href: str


@dataclass(frozen=True, slots=True)
class LineView:
    """One row."""

    name: str
    figures: tuple[FigureView, ...]


@dataclass(frozen=True, slots=True)
class IncidentsPage:
    """What the page prints."""

    at: datetime
    since: datetime
    windows: tuple[Choice, ...]
    measures: tuple[Measure, ...]
    lines: tuple[LineView, ...]
    total: LineView
    is_confidential_left_out: bool


@router.get("")
def show(request: Request, visit: VisitDep, days: Window = Window.MONTH) -> Response:
    """The board as it stands; a standby may answer."""
    zone = limits_from(visit.edge.settings).zone
    english = locale_of(request).tag == "en"
    with visit.reading(may_lag=True) as work:
        found = service.draw_up(work.session, work.actor, window=days, zone=zone, now=work.now)
        ids = [line.unit_id for line in found.lines if line.unit_id is not None]
        names = {
            unit.id: unit.name_en if english and unit.name_en else unit.name
            for unit in departments.views_of(work.session, ids)
        }
    page = IncidentsPage(
        at=found.at,
        since=found.period.start,
        windows=tuple(
            Choice(label, f"/board/incidents?days={window}", window is days)
            for window, label in WINDOWS
        ),
        measures=(*service.COLUMNS.values(), service.WAITING),
        lines=tuple(_view(line, names.get(line.unit_id or 0, "")) for line in found.lines),
        total=_view(found.total, ""),
        is_confidential_left_out=found.is_confidential_left_out,
    )
    return render(request, "board/incidents", page)


def _view(line: Line, name: str) -> LineView:
    return LineView(name, tuple(_figure(one) for one in (*line.figures, line.waiting)))


def _figure(figure: Figure) -> FigureView:
    return FigureView(figure.count, address_of(figure.wanted))
