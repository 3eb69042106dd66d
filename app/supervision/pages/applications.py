"""The board of applications and the hall: lamps, limits and real time, notices, waiting.

Every figure leads to the list of exactly what it counts; waiting leads to the day sheet.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Row

from app.accounts.deps import VisitDep, limits_from
from app.accounts.rules import Permission
from app.cases.labels import label
from app.kernel.paging import Page
from app.supervision.hallviews import HallView, halls_of
from app.supervision.rules import Measure, Window, Words, spoken
from app.supervision.rules import Share as Part
from app.supervision.rules.applications import (
    FLOW,
    KEEPING,
    MEASURES,
    NOW,
    RATE_NAMES,
    RATES,
    STOPS,
    TIMES,
    Figure,
)
from app.supervision.service import applications as service
from app.supervision.views import WINDOWS, Choice
from app.web.templating import render
from app.web.ui import locale_of

router = APIRouter(prefix="/board/applications")


@dataclass(frozen=True, slots=True)
class FigureView:
    """A number, what it counts, the address of its list, and the colour of its tile."""

    name: str
    count: int
    href: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class RateView:
    """A share with the lists of its two figures."""

    name: str
    share: Part
    part_href: str
    whole_href: str


@dataclass(frozen=True, slots=True)
class StopView:
    """Special procedures of one kind, how long altogether and how long half of them at most."""

    figure: FigureView
    total: Words
    median: Words


@dataclass(frozen=True, slots=True)
class ApplicationsPage:
    """What the page prints."""

    at: datetime
    since: datetime
    days: str
    windows: tuple[Choice, ...]
    now: tuple[FigureView, ...]
    flow: tuple[FigureView, ...]
    keeping: tuple[FigureView, ...]
    rates: tuple[RateView, ...]
    times: service.Times
    measured: FigureView
    procedures: FigureView
    stops: tuple[StopView, ...]
    halls: tuple[HallView, ...]
    measures: tuple[Measure, ...]
    is_confidential_left_out: bool


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of a list behind a figure."""

    number: str
    title: str
    unit: str
    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ApplicationsList:
    """A stretch of the list behind one figure."""

    measure: Measure
    address: str
    days: str
    rows: Page[ListRow]


@router.get("")
def show(
    request: Request, visit: VisitDep, days: Window = Window.MONTH, day: date | None = None
) -> Response:
    """The board as it stands, the halls on the day chosen; a standby may answer."""
    zone = limits_from(visit.edge.settings).zone
    english = locale_of(request).tag == "en"
    with visit.reading(may_lag=True) as work:
        found = service.draw_up(work.session, work.actor, window=days, zone=zone, now=work.now)
        may_watch = work.actor.may(Permission.QUEUE_WATCH)
        halls = halls_of(work, day, english=english) if may_watch else ()
    page = ApplicationsPage(
        at=found.at,
        since=found.period.start,
        days=str(days),
        windows=tuple(
            Choice(words, f"/board/applications?days={window}", window is days)
            for window, words in WINDOWS
        ),
        now=tuple(_figure(one, found, days) for one in NOW),
        flow=tuple(_figure(one, found, days) for one in FLOW),
        keeping=tuple(_figure(one, found, days) for one in KEEPING),
        rates=_rates(found, days),
        times=found.times,
        measured=_figure(Figure.MEASURED, found, days),
        procedures=_figure(Figure.PROCEDURES, found, days),
        stops=_stops(found, days),
        halls=halls,
        measures=(*MEASURES.values(), *TIMES),
        is_confidential_left_out=found.is_confidential_left_out,
    )
    return render(request, "board/applications", page)


@router.get("/{figure}")
def show_list(
    request: Request,
    visit: VisitDep,
    figure: Figure,
    days: Window = Window.MONTH,
    cursor: str = "",
) -> Response:
    """Exactly what one figure counts."""
    zone = limits_from(visit.edge.settings).zone
    english = locale_of(request).tag == "en"
    with visit.reading(may_lag=True) as work:
        found = service.list_of(
            work.session,
            work.actor,
            figure,
            window=days,
            zone=zone,
            cursor=cursor or None,
            now=work.now,
        )
    rows = found.map(lambda row: _row(row, english=english))
    page = ApplicationsList(MEASURES[figure], f"/board/applications/{figure}", str(days), rows)
    return render(request, "board/applications_list", page)


def _figure(figure: Figure, found: service.Applications, days: Window) -> FigureView:
    count = found.counts[figure]
    kind = _COLOURS.get(figure, "") if count else ""
    return FigureView(MEASURES[figure].name, count, _address(figure, days), kind)


_COLOURS = {
    Figure.RED: "bad",
    Figure.YELLOW: "warn",
    Figure.AFTER_LEGAL: "bad",
    Figure.DEEMED: "bad",
    Figure.NOTICES_MISSED: "bad",
}


def _rates(found: service.Applications, days: Window) -> tuple[RateView, ...]:
    return tuple(
        RateView(
            RATE_NAMES[name],
            Part(found.counts[part], found.counts[whole]),
            _address(part, days),
            _address(whole, days),
        )
        for name, (part, whole) in RATES.items()
    )


def _stops(found: service.Applications, days: Window) -> tuple[StopView, ...]:
    return tuple(
        StopView(
            _figure(figure, found, days),
            spoken(one.total),
            spoken(one.each.median if one.each else 0),
        )
        for figure, kind in STOPS.items()
        if (one := found.stops.get(kind)) is not None
    )


def _address(figure: Figure, days: Window) -> str:
    return f"/board/applications/{figure}?days={days}"


def _row(row: Row[*tuple[Any, ...]], *, english: bool) -> ListRow:
    return ListRow(
        number=row.number,
        title=row.title,
        unit=row.unit_name_en if english and row.unit_name_en else row.unit_name,
        status=label(row.status),
        at=row.at,
    )
