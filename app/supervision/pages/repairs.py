"""The board of repairs: how far they are, how long it takes, who keeps limits, what it costs.

Every figure leads to the list of exactly what it counts, with the same days, type and unit.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy import Row

from app.accounts.deps import VisitDep, Work, limits_from
from app.cases.labels import label
from app.kernel.errors import NotFoundError
from app.kernel.geo import CELL_MICRODEGREES, middle_of
from app.kernel.messages import mark
from app.supervision.figureviews import FigureBoard, FigureView, ListRow, ShareView, list_row
from app.supervision.queries import last_event_id
from app.supervision.rules import Measure, Window, Words, since, spoken
from app.supervision.rules.repairs import (
    BESIDE,
    CAME,
    FELL,
    MEASURED_ON,
    MEASURES,
    NO_TYPE,
    NOW,
    RATE_NAMES,
    RATES,
    STRETCH_NAMES,
    WENT,
    Figure,
    HotSpot,
    Narrow,
    Rate,
    Span,
    Stretch,
    Took,
)
from app.supervision.service import repairs as service
from app.supervision.service.board import NO_BOARD
from app.supervision.shelf import Shelf
from app.supervision.views import Choice
from app.web.forms import Parsed, RawForm, parse
from app.web.templating import render
from app.web.ui import locale_of

router = APIRouter(prefix="/board/repairs")

_BOARD: Final = FigureBoard(
    address="/board/repairs",
    name=mark("Board of repairs"),
    subject=mark("Repair"),
    detail=mark("State"),
    measures=MEASURES,
    colours={
        Figure.RED: "bad",
        Figure.YELLOW: "warn",
        Figure.UNSAFE: "bad",
        Figure.MISSED: "bad",
    },
)
_FIELDS: Final = ("days", "since", "until", "type", "unit", "cell")
_MOST_DAYS: Final = 366
_MAP: Final = "/board/map"
_MOST_DAYS_OF_MAP: Final = 3660
_HALF_A_CELL: Final = CELL_MICRODEGREES / 2_000_000  # degrees
_counted: Final[Shelf[service.Repairs]] = Shelf()


class BoardForm(BaseModel):
    """Over which days, and what of it; everything may be left out."""

    days: Window = Window.MONTH
    since: date | None = Field(default=None, title=mark("From"))
    until: date | None = Field(default=None, title=mark("To"))
    type: int | None = None
    unit: int | None = None
    cell: int | None = None

    SENTENCES: ClassVar[dict[str, str]] = {
        "since": mark("Write the day as year-month-day, such as 2026-11-01."),
        "until": mark("Write the day as year-month-day, such as 2026-11-01."),
    }


@dataclass(frozen=True, slots=True)
class TookView:
    """How long one stretch took, with the list of what it is measured on."""

    name: str
    median: Words
    p90: Words
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class LineView:
    """One type or one unit."""

    name: str
    href: str
    figures: Sequence[FigureView]
    on_time: ShareView
    first_fix: ShareView
    to_site: TookView | None
    to_close: TookView | None
    cost: float
    cost_href: str


@dataclass(frozen=True, slots=True)
class SpotView:
    """A square of the map where much was reported, and the way to it on the map."""

    place: str
    figure: FigureView
    map_href: str


@dataclass(frozen=True, slots=True)
class RepairsPage:
    """What the page prints."""

    at: datetime
    first: date
    last: date
    values: Mapping[str, str]
    errors: Mapping[str, str]
    windows: tuple[Choice, ...]
    whole_href: str
    narrowed: str
    now: Sequence[FigureView]
    came: Sequence[FigureView]
    went: Sequence[FigureView]
    fell: Sequence[FigureView]
    rates: Sequence[ShareView]
    took: Sequence[TookView]
    by_type: Sequence[LineView]
    by_unit: Sequence[LineView]
    spots: Sequence[SpotView]
    cost: float
    cost_href: str
    is_rough: bool
    measures: Sequence[Measure]
    is_confidential_left_out: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the board was asked for, as its code and as its addresses say it."""

    span: Span
    narrow: Narrow

    @property
    def query(self) -> str:
        """The same again, for an address."""
        span = self.span
        days: dict[str, object] = (
            {"days": span.window}
            if span.window
            else {"since": span.first.isoformat(), "until": span.last.isoformat()}
        )
        given = {
            "type": self.narrow.type_id,
            "unit": self.narrow.unit_id,
            "cell": self.narrow.cell,
        }
        return urlencode(days | {name: key for name, key in given.items() if key is not None})

    def narrowed(self, **keys: int | None) -> "_Asked":
        """The same of one type, unit or square only."""
        return replace(self, narrow=replace(self.narrow, **keys))


@router.get("")
def show(request: Request, visit: VisitDep) -> Response:
    """The board as of a moment ago; a standby may answer."""
    zone = limits_from(visit.edge.settings).zone
    english = locale_of(request).tag == "en"
    with visit.reading(may_lag=True) as work:
        parsed = _parsed(request)
        asked = _asked(parsed.value or BoardForm(), zone, work.now)
        found = _drawn(work, asked, zone)
        reach = service.reach_of(work.session, work.actor)
    page = _page(found, asked, parsed, english=english)
    page = replace(page, is_confidential_left_out=reach.is_confidential is False)
    return render(request, "board/repairs", page, status=200 if parsed.value else 422)


@router.get("/{figure}")
def show_list(request: Request, visit: VisitDep, figure: Figure, cursor: str = "") -> Response:
    """Exactly what one figure counts."""
    zone = limits_from(visit.edge.settings).zone
    english = locale_of(request).tag == "en"
    form = _parsed(request).value
    if form is None:
        raise NotFoundError(NO_BOARD)
    with visit.reading(may_lag=True) as work:
        asked = _asked(form, zone, work.now)
        found = service.list_of(
            work.session,
            work.actor,
            figure,
            asked.narrow,
            asked.span,
            zone=zone,
            cursor=cursor or None,
            now=work.now,
        )
    rows = found.map(lambda row: _row(row, english=english))
    return render(request, "board/figure_list", _BOARD.list_page(figure, asked.query, rows))


def _parsed(request: Request) -> Parsed[BoardForm]:
    given = {name: request.query_params.get(name, "").strip() for name in _FIELDS}
    parsed = parse(BoardForm, RawForm({name: text for name, text in given.items() if text}))
    wrong = _disorder(parsed.value) if parsed.value else {}
    return Parsed(None, wrong, given) if wrong else replace(parsed, values=given)


def _disorder(form: BoardForm) -> dict[str, str]:
    """What is wrong with two days that are days each."""
    if form.since is None and form.until is None:
        return {}
    if form.since is None or form.until is None:
        name = "until" if form.until is None else "since"
        return {name: mark("Give both days, or neither.")}
    if form.until < form.since:
        return {"until": mark("The last day lies before the first.")}
    if form.until - form.since > timedelta(days=_MOST_DAYS):
        return {"until": mark("Choose a year at most.")}
    return {}


def _asked(form: BoardForm, zone: ZoneInfo, now: datetime) -> _Asked:
    narrow = Narrow(form.type, form.unit, form.cell)
    if form.since and form.until:
        return _Asked(Span(form.since, form.until), narrow)
    first = since(now, form.days, zone).date()
    return _Asked(Span(first, now.astimezone(zone).date(), form.days), narrow)


def _drawn(work: Work, asked: _Asked, zone: ZoneInfo) -> service.Repairs:
    """As counted a moment ago for the same reach and question, or now where it may have changed."""
    reach = service.reach_of(work.session, work.actor)

    def draw() -> tuple[service.Repairs, int]:
        found = service.draw_up(
            work.session, reach, asked.narrow, asked.span, zone=zone, now=work.now
        )
        return found, found.size

    last_event = partial(last_event_id, work.session)
    return _counted.get(work.session, (reach, asked), draw, last_event=last_event, now=work.now)


def _page(
    found: service.Repairs, asked: _Asked, parsed: Parsed[BoardForm], *, english: bool
) -> RepairsPage:
    def tiles(figures: Iterable[Figure]) -> tuple[FigureView, ...]:
        return tuple(_BOARD.figure(one, found.total.counts, asked.query) for one in figures)

    whole = replace(asked, narrow=Narrow())
    return RepairsPage(
        at=found.at,
        first=asked.span.first,
        last=asked.span.last,
        values=parsed.values,
        errors=parsed.errors,
        windows=_BOARD.windows(asked.span.window),
        whole_href=f"{_BOARD.address}?{whole.query}",
        narrowed="" if asked == whole else _narrowed_to(found, asked, english=english),
        now=tiles(NOW),
        came=tiles(CAME),
        went=tiles(WENT),
        fell=tiles(FELL),
        rates=tuple(
            _BOARD.share(RATE_NAMES[rate], pair, found.total.counts, asked.query)
            for rate, pair in RATES.items()
        ),
        took=tuple(_took(one, asked) for one in found.took),
        by_type=tuple(
            _line(one, asked.narrowed(type_id=one.key or NO_TYPE), english=english)
            for one in found.by_type
        ),
        by_unit=tuple(
            _line(one, asked.narrowed(unit_id=one.key), english=english) for one in found.by_unit
        ),
        spots=tuple(_spot(one, asked, found.at.date()) for one in found.spots),
        cost=found.total.cost / 100,
        cost_href=_BOARD.href(_COSTED, asked.query),
        is_rough=found.is_rough,
        measures=(*MEASURES.values(), *BESIDE),
        is_confidential_left_out=False,
    )


def _narrowed_to(found: service.Repairs, asked: _Asked, *, english: bool) -> str:
    """The names of the type and the unit looked at, or the square's place."""
    narrow = asked.narrow
    names = [
        _name(one, english=english)
        for lines, key in ((found.by_type, narrow.type_id), (found.by_unit, narrow.unit_id))
        for one in lines
        if key is not None and (one.key or NO_TYPE) == key
    ]
    places = [one.place for one in found.spots if one.cell == narrow.cell]
    return " · ".join([*names, *places]) or mark("One type or unit only")


_COSTED: Final = Figure.CLOSED  # whose cost is added up
_SHOWN: Final = (Figure.REPORTED, Figure.IN_HAND, Figure.CLOSED, Figure.REWORKED)


def _line(one: service.Named, asked: _Asked, *, english: bool) -> LineView:
    def took(stretch: Stretch) -> TookView | None:
        return _took(one.took[stretch], asked) if stretch in one.took else None

    def share(rate: Rate) -> ShareView:
        return _BOARD.share(RATE_NAMES[rate], RATES[rate], one.line.counts, asked.query)

    return LineView(
        name=_name(one, english=english),
        href=f"{_BOARD.address}?{asked.query}",
        figures=[_BOARD.figure(figure, one.line.counts, asked.query) for figure in _SHOWN],
        on_time=share(Rate.ON_TIME),
        first_fix=share(Rate.FIRST_FIX),
        to_site=took(Stretch.TO_SITE),
        to_close=took(Stretch.TO_CLOSE),
        cost=one.line.cost / 100,
        cost_href=_BOARD.href(_COSTED, asked.query),
    )


def _took(one: Took, asked: _Asked) -> TookView:
    return TookView(
        name=STRETCH_NAMES[one.stretch],
        median=spoken(one.spread.median),
        p90=spoken(one.spread.p90),
        count=one.spread.count,
        href=_BOARD.href(MEASURED_ON[one.stretch], asked.query),
    )


def _spot(one: HotSpot, asked: _Asked, today: date) -> SpotView:
    counts = {Figure.REPORTED: one.count}
    return SpotView(
        one.place,
        _BOARD.figure(Figure.REPORTED, counts, asked.narrowed(cell=one.cell).query),
        f"{_MAP}?{urlencode(_on_the_map(one, asked, today))}",
    )


def _on_the_map(one: HotSpot, asked: _Asked, today: date) -> dict[str, object]:
    """The filter of the map that holds this square from the first of these days on."""
    lon, lat = middle_of(one.cell)
    sides = (lon - _HALF_A_CELL, lat - _HALF_A_CELL, lon + _HALF_A_CELL, lat + _HALF_A_CELL)
    # One more on each side: the map counts back in hours from now, this day may be of UTC.
    days = min((today - asked.span.first).days + 2, _MOST_DAYS_OF_MAP)
    return {
        "type": asked.narrow.type_id or 0,
        "state": "all",
        "days": max(days, 1),
        "bbox": ",".join(f"{side:.6f}" for side in sides),
    }


def _name(one: service.Named, *, english: bool) -> str:
    return one.name_en if english and one.name_en else one.name


def _row(row: Row[*tuple[Any, ...]], *, english: bool) -> ListRow:
    return list_row(row, label(row.status), english=english)
