"""The board of closing: what came of matters, what citizens say, and what checks find.

Every figure leads to the list of exactly what it counts.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Row

from app.accounts.deps import VisitDep, limits_from
from app.cases.labels import label
from app.kernel.paging import Page
from app.supervision.rules import Measure, Window
from app.supervision.rules import Share as Part
from app.supervision.rules.closing import (
    ENDINGS,
    MEASURES,
    SHARE_NAMES,
    SHARES,
    Figure,
)
from app.supervision.service import closing as service
from app.supervision.views import WINDOWS, Choice
from app.web.templating import render
from app.web.ui import locale_of

router = APIRouter(prefix="/board/closing")


@dataclass(frozen=True, slots=True)
class FigureView:
    """A number, what it counts, and the address of its list."""

    name: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class ShareView:
    """A share with the lists of its two figures."""

    name: str
    share: Part
    part_href: str
    whole_href: str


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """What the page prints."""

    at: datetime
    since: datetime
    windows: tuple[Choice, ...]
    outcomes: tuple[FigureView, ...]
    shares: tuple[ShareView, ...]
    answers: tuple[FigureView, ...]
    ended: int
    failed: tuple[tuple[str, int], ...]
    failed_unnamed: int
    sent_back: FigureView
    measures: tuple[Measure, ...]
    is_confidential_left_out: bool


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of a list behind a figure."""

    number: str
    title: str
    unit: str
    category: str
    outcome: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ClosingList:
    """A stretch of the list behind one figure."""

    measure: Measure
    address: str
    days: str
    rows: Page[ListRow]


@router.get("")
def show(request: Request, visit: VisitDep, days: Window = Window.MONTH) -> Response:
    """The board as it stands; a standby may answer."""
    zone = limits_from(visit.edge.settings).zone
    language = locale_of(request).tag
    with visit.reading(may_lag=True) as work:
        found = service.draw_up(work.session, work.actor, window=days, zone=zone, now=work.now)
    page = ClosingPage(
        at=found.at,
        since=found.period.start,
        windows=tuple(
            Choice(words, f"/board/closing?days={window}", window is days)
            for window, words in WINDOWS
        ),
        outcomes=tuple(_figure(one, found, days) for one in ENDINGS),
        ended=sum(found.counts[one] for one in ENDINGS),
        shares=tuple(
            ShareView(
                SHARE_NAMES[name],
                Part(found.counts[part], found.counts[whole]),
                _address(part, days),
                _address(whole, days),
            )
            for name, (part, whole) in SHARES.items()
        ),
        answers=tuple(_figure(one, found, days) for one in Figure if one not in ENDINGS),
        failed=tuple((text.within(language), many) for text, many in found.failed),
        failed_unnamed=found.failed_unnamed,
        sent_back=_figure(Figure.SENT_BACK, found, days),
        measures=tuple(MEASURES.values()),
        is_confidential_left_out=found.is_confidential_left_out,
    )
    return render(request, "board/closing", page)


@router.get("/{figure}")
def show_list(
    request: Request,
    visit: VisitDep,
    figure: Figure,
    days: Window = Window.MONTH,
    cursor: str = "",
) -> Response:
    """Exactly what one figure counts, the latest first."""
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
    page = ClosingList(MEASURES[figure], f"/board/closing/{figure}", str(days), rows)
    return render(request, "board/closing_list", page)


def _figure(figure: Figure, found: service.Closing, days: Window) -> FigureView:
    return FigureView(MEASURES[figure].name, found.counts[figure], _address(figure, days))


def _address(figure: Figure, days: Window) -> str:
    return f"/board/closing/{figure}?days={days}"


def _row(row: Row[*tuple[Any, ...]], *, english: bool) -> ListRow:
    return ListRow(
        number=row.number,
        title=row.title,
        unit=row.unit_name_en if english and row.unit_name_en else row.unit_name,
        category=row.category_name,
        outcome=label(row.outcome) if row.outcome else "",
        at=row.at,
    )
