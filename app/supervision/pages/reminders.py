"""What somebody is reminded of: a digest by unit, and the matters behind it, newest first."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import Row

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.cases.labels import label
from app.cases.rules import CaseClock
from app.departments import queries as departments
from app.supervision.labels import WHYS
from app.supervision.queries import reminders
from app.supervision.rules.ladder import Why
from app.supervision.service import reminding
from app.web.forms import FormDep
from app.web.templating import render, see_other
from app.web.ui import locale_of

router = APIRouter(prefix=reminding.LIST)

_COLUMNS: Final = (Why.LATER, Why.OVERDUE, Why.WARN, Why.URGE, Why.REMIND)
_STATES: Final = {Why.LATER: "bad", Why.OVERDUE: "bad"}
_NAMED_CLOCKS: Final = frozenset(str(clock) for clock in CaseClock)


@dataclass(frozen=True, slots=True)
class ReminderView:
    """One reminder as the page prints it."""

    number: str
    title: str
    unit: str
    why: str
    state: str
    level: str
    clock: str
    due_at: datetime | None
    at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit's reminders, counted by what they say."""

    id: int
    name: str
    counts: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True)
class RemindersPage:
    """What the page prints."""

    rows: list[ReminderView]
    units: list[UnitLine]
    columns: tuple[str, ...]
    unit_id: int | None
    unit: str
    last_id: int
    has_new: bool
    next_url: str = ""
    prev_url: str = ""
    errors: dict[str, str] = field(default_factory=dict)


@router.get("")
def show(request: Request, visit: VisitDep, unit: int | None = None, cursor: str = "") -> Response:
    """The reminders meant for this person; of one unit if asked."""
    with visit.reading() as work:
        work.actor.require(Permission.CASE_READ)
        page = _page(work, unit, cursor, english=locale_of(request).tag == "en")
    return render(request, "supervision/reminders", page)


@router.post("/read")
def read(visit: VisitDep, form: FormDep) -> Response:
    """Mark what was on the screen as read."""
    last = form.text("last")
    with visit.writing() as work:
        work.actor.require(Permission.CASE_READ)
        if last.isdecimal() and len(last) < len(str(2**63)):
            reminding.read_up_to(work.session, work.actor.id, int(last), now=work.now)
    return see_other(reminding.LIST)


def _page(work: Work, unit_id: int | None, cursor: str, *, english: bool) -> RemindersPage:
    found = reminders.list_mine(work.session, work.actor, unit_id=unit_id, cursor=cursor or None)
    seen = reminders.last_seen(work.session, work.actor.id)
    rows = [_view(row, seen, english=english) for row in found.items]
    units = _units(work, english=english)
    base = f"{reminding.LIST}?{f'unit={unit_id}&' if unit_id else ''}cursor="
    return RemindersPage(
        rows=rows,
        units=units,
        columns=tuple(WHYS[why] for why in _COLUMNS),
        unit_id=unit_id,
        unit=next((line.name for line in units if line.id == unit_id), ""),
        last_id=max((row.id for row in found.items), default=0),
        has_new=any(row.is_new for row in rows),
        next_url=f"{base}{found.next_cursor}" if found.next_cursor else "",
        prev_url=f"{base}{found.prev_cursor}" if found.prev_cursor else "",
    )


def _units(work: Work, *, english: bool) -> list[UnitLine]:
    counted: dict[int, dict[Why, int]] = {}
    for unit_id, why, many in reminders.by_unit(work.session, work.actor):
        counted.setdefault(unit_id, {})[why] = many
    found = [
        UnitLine(
            view.id,
            view.name_en if english and view.name_en else view.name,
            tuple(counted[view.id].get(why, 0) for why in _COLUMNS),
            sum(counted[view.id].values()),
        )
        for view in departments.views_of(work.session, counted)
    ]
    return sorted(found, key=lambda line: (tuple(-one for one in line.counts), line.id))


def _view(row: Row[*tuple[Any, ...]], seen: int, *, english: bool) -> ReminderView:
    level = row.level_en if english else row.level
    return ReminderView(
        number=row.number,
        title=row.title,
        unit=row.unit_en if english and row.unit_en else row.unit,
        why=WHYS[row.why],
        state=_STATES.get(row.why, "warn"),
        level=level or "",
        clock=label(CaseClock(row.clock_kind)) if row.clock_kind in _NAMED_CLOCKS else "",
        due_at=row.due_at,
        at=row.at,
        is_new=row.id > seen,
    )
