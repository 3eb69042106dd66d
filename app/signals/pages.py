"""Pages of signals: the list for those who supervise, one signal with its matters, its end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.cases.labels import label
from app.catalogue import queries as catalogue
from app.catalogue.rules import Named
from app.departments import queries as departments
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import whole_number
from app.signals import queries, service
from app.signals.rules import Level
from app.web import i18n
from app.web.forms import FormDep, parse
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix="/signals")

LEVELS: Final = {Level.YELLOW: mark("Yellow"), Level.RED: mark("Red")}
_FILTERS: Final = ("show", "region", "category", "level", "days")
_PERIODS: Final = {"7": mark("7 days"), "30": mark("30 days"), "90": mark("90 days")}
_LAMPS: Final = {Level.YELLOW: "warn", Level.RED: "bad"}


class ActForm(BaseModel):
    """A look at a signal, or its end."""

    version: int
    note: Annotated[str, Field(max_length=2000, title=mark("What was done about it"))] = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One signal in the list."""

    id: int
    lamp: str
    level: str
    category: str
    region: str
    word: str
    persons: int
    orders: int
    raised_at: datetime
    last_at: datetime
    is_seen: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    """The open signals, or the closed ones."""

    rows: list[Row]
    is_open: bool
    is_filtered: bool
    regions: list[tuple[str, str]]
    categories: list[tuple[str, str]]
    levels: list[tuple[str, str]]
    periods: list[tuple[str, str]]
    values: Mapping[str, str]
    next_url: str
    prev_url: str


@dataclass(frozen=True, slots=True)
class ShowPage:
    """One signal with its matters."""

    id: int
    version: int
    lamp: str
    level: str
    category: str
    region: str
    word: str
    persons: int
    raised_at: datetime
    last_at: datetime
    seen_at: datetime | None
    seen_by: str
    closed_at: datetime | None
    closed_by: str
    note: str
    cases: list[dict[str, Any]]
    next_url: str
    prev_url: str
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


@router.get("")
def show_list(request: Request, visit: VisitDep, cursor: str = "") -> Response:
    """The signals this person supervises, by place, category, level and age."""
    locale = locale_of(request)
    values = {name: request.query_params.get(name, "")[:20] for name in _FILTERS}
    with visit.reading() as work:
        work.actor.require(Permission.CASE_SUPERVISE)
        wanted = _wanted(values, work.now)
        found = queries.list_signals(work.session, work.actor, wanted, cursor=cursor or None)
        regions = departments.list_regions(work.session, language=locale.tag)
        categories = catalogue.picker(work.session, locale.tag).entries
        rows = [_row(row, dict(regions), locale.tag) for row in found.items]
    base = "/signals?" + urlencode({name: text for name, text in values.items() if text})
    page = ListPage(
        rows=rows,
        is_open=wanted.is_open,
        is_filtered=any(values[name] for name in _FILTERS[1:]),
        regions=regions,
        categories=[(str(one["id"]), f"{one['parent']} · {one['name']}") for one in categories],
        levels=[(str(level), i18n.gettext(words)) for level, words in LEVELS.items()],
        periods=[(days, i18n.gettext(words)) for days, words in _PERIODS.items()],
        values=values,
        next_url=_on(f"{base}&cursor=", found.next_cursor),
        prev_url=_on(f"{base}&cursor=", found.prev_cursor),
    )
    return render(request, "signals/index", page)


def _wanted(values: Mapping[str, str], now: datetime) -> queries.Wanted:
    """What was asked for; what cannot be read asks for nothing."""
    days = values["days"]
    return queries.Wanted(
        is_open=values["show"] != "closed",
        region_code=values["region"],
        category_id=whole_number(values["category"]),
        level=Level(values["level"]) if values["level"] in tuple(Level) else None,
        since=now - timedelta(days=int(days)) if days in _PERIODS else None,
    )


@router.get("/{signal_id}")
def show_one(request: Request, visit: VisitDep, signal_id: int, cursor: str = "") -> Response:
    """One signal and what it rests on."""
    with visit.reading() as work:
        page = _page(request, work, signal_id, cursor)
    return render(request, "signals/show", page)


@router.post("/{signal_id}/see")
def see(request: Request, visit: VisitDep, signal_id: int, form: FormDep) -> Response:
    """Write down that somebody has looked."""
    parsed = parse(ActForm, form)
    if parsed.value is None:
        return _again(request, visit, signal_id, parsed.values, parsed.errors)
    with visit.writing() as work:
        service.see(work.session, signal_id, parsed.value.version, actor=work.actor, now=work.now)
    return see_other(f"/signals/{signal_id}")


@router.post("/{signal_id}/close")
def close(request: Request, visit: VisitDep, signal_id: int, form: FormDep) -> Response:
    """Close it, with a note of what was done."""
    parsed = parse(ActForm, form)
    if parsed.value is None:
        return _again(request, visit, signal_id, parsed.values, parsed.errors)
    value = parsed.value
    try:
        with visit.writing() as work:
            service.close(
                work.session, signal_id, value.version, value.note, actor=work.actor, now=work.now
            )
    except InvalidError as refusal:
        return _again(request, visit, signal_id, parsed.values, refusal.fields)
    return see_other(f"/signals/{signal_id}")


def _again(
    request: Request,
    visit: VisitDep,
    signal_id: int,
    values: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    with visit.reading() as work:
        page = _page(request, work, signal_id, "", values, errors)
    return render(request, "signals/show", page, status=422)


def _page(
    request: Request,
    work: Work,
    signal_id: int,
    cursor: str,
    values: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> ShowPage:
    work.actor.require(Permission.CASE_SUPERVISE)
    language = locale_of(request).tag
    signal, category, seen_by, closed_by = queries.get_signal(work.session, work.actor, signal_id)
    cases = queries.list_cases(work.session, work.actor, signal_id, cursor=cursor or None)
    regions = dict(departments.list_regions(work.session, language=language))
    base = f"/signals/{signal_id}?cursor="
    return ShowPage(
        id=signal.id,
        version=signal.version,
        lamp="done" if signal.closed_at else _LAMPS[signal.level],
        level=LEVELS[signal.level],
        category=Named(category.name, category.name_en).within(language),
        region=regions.get(signal.region_code, "").strip(),
        word=signal.word,
        persons=signal.persons,
        raised_at=signal.raised_at,
        last_at=signal.last_at,
        seen_at=signal.seen_at,
        seen_by=seen_by,
        closed_at=signal.closed_at,
        closed_by=closed_by,
        note=signal.note,
        cases=[
            {
                "number": row.number,
                "title": row.title,
                "place": row.place,
                "state": label(row.status),
                "opened_at": row.opened_at,
            }
            for row in cases.items
        ],
        next_url=_on(base, cases.next_cursor),
        prev_url=_on(base, cases.prev_cursor),
        values=values or {},
        errors=errors or {},
    )


def _row(row: queries.SignalRow, regions: Mapping[str, str], language: str) -> Row:
    return Row(
        id=row.id,
        lamp="done" if row.closed_at else _LAMPS[row.level],
        level=LEVELS[row.level],
        category=Named(row.name, row.name_en).within(language),
        region=regions.get(row.region_code, "").strip(),
        word=row.word,
        persons=row.persons,
        orders=row.orders,
        raised_at=row.raised_at,
        last_at=row.last_at,
        is_seen=row.seen_at is not None,
        is_closed=row.closed_at is not None,
    )


def _on(base: str, cursor: str | None) -> str:
    return f"{base}{cursor}" if cursor else ""
