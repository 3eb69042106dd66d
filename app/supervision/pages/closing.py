"""The board of closing: what came of matters, what citizens say, and what checks find.

Every figure leads to the list of exactly what it counts.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Row

from app.accounts.deps import VisitDep, limits_from
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
from app.supervision.rules import Measure, Window
from app.supervision.rules.closing import (
    ENDINGS,
    MEASURES,
    SHARE_NAMES,
    SHARES,
    Figure,
)
from app.supervision.service import closing as service
from app.supervision.views import Choice
from app.web.templating import render
from app.web.ui import locale_of

router = APIRouter(prefix="/board/closing")


_BOARD: Final = FigureBoard(
    address="/board/closing",
    name=mark("Outcomes and call-backs"),
    subject=mark("Matter"),
    detail=mark("Outcome"),
    measures=MEASURES,
)


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
        windows=_BOARD.windows(days),
        outcomes=tuple(_BOARD.figure(one, found.counts, by_days(days)) for one in ENDINGS),
        ended=sum(found.counts[one] for one in ENDINGS),
        shares=tuple(
            _BOARD.share(SHARE_NAMES[name], pair, found.counts, by_days(days))
            for name, pair in SHARES.items()
        ),
        answers=tuple(
            _BOARD.figure(one, found.counts, by_days(days)) for one in Figure if one not in ENDINGS
        ),
        failed=tuple((text.within(language), many) for text, many in found.failed),
        failed_unnamed=found.failed_unnamed,
        sent_back=_BOARD.figure(Figure.SENT_BACK, found.counts, by_days(days)),
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
    return render(request, "board/figure_list", _BOARD.list_page(figure, by_days(days), rows))


def _row(row: Row[*tuple[Any, ...]], *, english: bool) -> ListRow:
    return list_row(row, label(row.outcome) if row.outcome else "", english=english)
