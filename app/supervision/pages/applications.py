"""The board of applications and the hall: lamps, limits and real time, notices, waiting.

Every figure leads to the list of exactly what it counts; waiting leads to the day sheet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Row

from app.accounts.deps import VisitDep, Work, limits_from
from app.accounts.rules import Permission
from app.cases.labels import label
from app.kernel.messages import mark
from app.supervision.figureviews import (
    FigureBoard,
    FigureView,
    ListRow,
    ShareView,
    by_days,
    list_row,
)
from app.supervision.hallviews import HallView, half_hour_page, halls_of
from app.supervision.queries import last_event_id
from app.supervision.rules import Measure, Window, Words, spoken
from app.supervision.rules.applications import (
    FLOW,
    KEEPING,
    MEASURES,
    NOW,
    RATE_NAMES,
    RATES,
    STOPS,
    TIMES,
    TRUST,
    Figure,
)
from app.supervision.service import applications as service
from app.supervision.service.board import every_matter
from app.supervision.shelf import Shelf
from app.supervision.views import Choice
from app.web.templating import render
from app.web.ui import locale_of

router = APIRouter(prefix="/board/applications")


_BOARD: Final = FigureBoard(
    address="/board/applications",
    name=mark("Applications and the hall"),
    subject=mark("Application"),
    detail=mark("State"),
    measures=MEASURES,
    colours={
        Figure.RED: "bad",
        Figure.YELLOW: "warn",
        Figure.AFTER_LEGAL: "bad",
        Figure.DEEMED: "bad",
        Figure.NOTICES_MISSED: "bad",
        Figure.UNTRUE: "bad",
    },
)
_counted: Final[Shelf[service.Applications]] = Shelf()


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
    trust: tuple[FigureView, ...]
    rates: tuple[ShareView, ...]
    times: service.Times
    measured: FigureView
    procedures: FigureView
    stops: tuple[StopView, ...]
    halls: tuple[HallView, ...]
    measures: tuple[Measure, ...]
    is_confidential_left_out: bool


@router.get("")
def show(
    request: Request, visit: VisitDep, days: Window = Window.MONTH, day: date | None = None
) -> Response:
    """The board as it stands, the halls on the day chosen; a standby may answer."""
    zone = limits_from(visit.edge.settings).zone
    english = locale_of(request).tag == "en"
    with visit.reading(may_lag=True) as work:
        found = _drawn(work, days, zone)
        may_watch = work.actor.may(Permission.QUEUE_WATCH)
        halls = halls_of(work, day, days, english=english) if may_watch else ()
    page = ApplicationsPage(
        at=found.at,
        since=found.period.start,
        days=str(days),
        windows=_BOARD.windows(days),
        now=_figures(NOW, found, days),
        flow=_figures(FLOW, found, days),
        keeping=_figures(KEEPING, found, days),
        trust=_figures(TRUST, found, days),
        rates=tuple(
            _BOARD.share(RATE_NAMES[name], pair, found.counts, by_days(days))
            for name, pair in RATES.items()
        ),
        times=found.times,
        measured=_BOARD.figure(Figure.MEASURED, found.counts, by_days(days)),
        procedures=_BOARD.figure(Figure.PROCEDURES, found.counts, by_days(days)),
        stops=_stops(found, days),
        halls=halls,
        measures=(*MEASURES.values(), *TIMES),
        is_confidential_left_out=found.is_confidential_left_out,
    )
    return render(request, "board/applications", page)


@router.get("/halls/{code}/{begins}")
def show_half_hour(
    request: Request, visit: VisitDep, code: str, begins: time, days: Window = Window.MONTH
) -> Response:
    """One half hour of a hall, day by day."""
    english = locale_of(request).tag == "en"
    with visit.reading(may_lag=True) as work:
        page = half_hour_page(work, code, begins, days, english=english)
    return render(request, "board/half_hour", page)


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
    return render(request, "board/figure_list", _BOARD.list_page(figure, by_days(days), rows))


def _drawn(work: Work, days: Window, zone: ZoneInfo) -> service.Applications:
    """As counted a moment ago for the same reach and days, or now where it may have changed."""
    reach = every_matter(work.session, work.actor, days)

    def draw() -> tuple[service.Applications, int]:
        found = service.draw_up(work.session, reach, window=days, zone=zone, now=work.now)
        return found, sum(found.counts.values())

    last_event = partial(last_event_id, work.session)
    return _counted.get(work.session, (reach, days), draw, last_event=last_event, now=work.now)


def _figures(
    figures: Iterable[Figure], found: service.Applications, days: Window
) -> tuple[FigureView, ...]:
    return tuple(_BOARD.figure(one, found.counts, by_days(days)) for one in figures)


def _stops(found: service.Applications, days: Window) -> tuple[StopView, ...]:
    return tuple(
        StopView(
            _BOARD.figure(figure, found.counts, by_days(days)),
            spoken(one.total),
            spoken(one.each.median if one.each else 0),
        )
        for figure, kind in STOPS.items()
        if (one := found.stops.get(kind)) is not None
    )


def _row(row: Row[*tuple[Any, ...]], *, english: bool) -> ListRow:
    return list_row(row, label(row.status), english=english)
