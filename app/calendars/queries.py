"""Reads of the calendar: the arithmetic ready to use, and rows for its administration.

The whole calendar is small; it is read once per revision and process.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, SessionTransaction

from app.calendars.models import (
    CalendarDay,
    CalendarState,
    CalendarYear,
    OpeningException,
    OpeningHours,
)
from app.calendars.rules import Calendars, Span, Week
from app.calendars.rules.book import Book
from app.departments.models import Unit
from app.kernel import revisions
from app.kernel.db import rows

DEFAULT_ZONE: Final = "Asia/Shanghai"
_HELD: Final = "calendars.held"
_MOST_BOOKS: Final = 4
_books: dict[str, Book] = {}

_STATE = select(CalendarState.revision, CalendarState.zone)
_CALENDAR: Final = "calendar"
revisions.follow(_CALENDAR, select(CalendarState.revision.label("token")))
_YEARS = select(CalendarYear.year).where(CalendarYear.official)
_DAYS = select(CalendarDay.region_code, CalendarDay.day, CalendarDay.is_workday)
_HOURS = select(
    OpeningHours.unit_id, OpeningHours.weekday, OpeningHours.opens, OpeningHours.closes
).order_by(OpeningHours.weekday, OpeningHours.opens)
_EXCEPTIONS = select(
    OpeningException.unit_id, OpeningException.day, OpeningException.opens, OpeningException.closes
).order_by(OpeningException.day, OpeningException.opens)


@dataclass(slots=True)
class _Held:
    """What one transaction has already looked up."""

    transaction: SessionTransaction | None
    book: Book
    shared: Calendars | None  # for everybody, where units and regions do not differ
    chains: dict[int, tuple[tuple[int, ...], str]] = field(default_factory=dict)


def load(session: Session, unit_id: int | None = None, *, region_code: str = "") -> Calendars:
    """The calendars that hold for a unit, or for a region without one.

    Without `region_code` the unit's own region counts. Costs one small query per
    transaction, one more per unit where units or regions differ.
    """
    held = _held(session)
    if held.shared is not None:
        return held.shared
    if unit_id is None:
        return held.book.calendars(region_code=region_code)
    if unit_id not in held.chains:
        held.chains[unit_id] = _chain(session, unit_id)
    chain, own_region = held.chains[unit_id]
    return held.book.calendars(chain=chain, region_code=region_code or own_region)


def book(session: Session) -> Book:
    """The calendar as a whole, as this transaction sees it."""
    return _held(session).book


def forget(session: Session) -> None:
    """Have this transaction look again; for whoever has just changed the calendar."""
    session.info.pop(_HELD, None)
    revisions.forget(session)


def list_years(session: Session) -> Sequence[CalendarYear]:
    """Years with a notice, newest first."""
    return session.scalars(select(CalendarYear).order_by(CalendarYear.year.desc())).all()


def list_days(session: Session, first: date, last: date) -> Sequence[CalendarDay]:
    """Dates named between the two, national before regional, earliest first."""
    named = select(CalendarDay).where(CalendarDay.day.between(first, last))
    return session.scalars(named.order_by(CalendarDay.day, CalendarDay.region_code)).all()


def list_exceptions(session: Session, first: date, last: date) -> Sequence[OpeningException]:
    """Dates with other hours between the two, earliest first."""
    dated = select(OpeningException).where(OpeningException.day.between(first, last))
    return session.scalars(
        dated.order_by(OpeningException.day, OpeningException.unit_id, OpeningException.opens)
    ).all()


def _held(session: Session) -> _Held:
    transaction = session.get_transaction()
    held: _Held | None = session.info.get(_HELD)
    if held is None or transaction is None or held.transaction is not transaction:
        found = _read_book(session)
        shared = found.calendars() if found.is_uniform else None
        held = session.info[_HELD] = _Held(session.get_transaction(), found, shared)
    return held


def _read_book(session: Session) -> Book:
    token = revisions.token_of(session, _CALENDAR)
    if (kept := _books.get(token)) is not None:
        return kept
    state = next(iter(rows(session, _STATE)), None)
    if state is None:
        # Nothing was seeded: weekends only, everything provisional, never kept.
        return Book("", ZoneInfo(DEFAULT_ZONE), frozenset(), {"": {}}, {}, {})
    if (known := _books.get(state.revision)) is not None:
        return known
    days: dict[str, dict[date, bool]] = {"": {}}
    for region_code, day, is_workday in session.execute(_DAYS):
        days.setdefault(region_code, {})[day] = is_workday
    read = Book(
        revision=state.revision,
        zone=ZoneInfo(state.zone),
        official_years=frozenset(session.scalars(_YEARS)),
        days=days,
        weeks=_weeks(session.execute(_HOURS)),
        exceptions=_exceptions(session.execute(_EXCEPTIONS)),
    )
    if len(_books) >= _MOST_BOOKS:
        _books.clear()
    _books[read.revision] = read
    return read


def _weeks(rows: Iterable[tuple[int | None, int, time, time]]) -> Mapping[int | None, Week]:
    weeks: dict[int | None, list[tuple[Span, ...]]] = {}
    for unit_id, weekday, opens, closes in rows:
        week = weeks.setdefault(unit_id, [()] * 7)
        week[weekday] += ((opens, closes),)
    return {unit_id: tuple(week) for unit_id, week in weeks.items()}


def _exceptions(
    rows: Iterable[tuple[int | None, date, time | None, time | None]],
) -> Mapping[int | None, Mapping[date, tuple[Span, ...]]]:
    exceptions: dict[int | None, dict[date, tuple[Span, ...]]] = {}
    for unit_id, day, opens, closes in rows:
        days = exceptions.setdefault(unit_id, {})
        span = () if opens is None or closes is None else ((opens, closes),)
        days[day] = days.get(day, ()) + span
    return exceptions


def _chain(session: Session, unit_id: int) -> tuple[tuple[int, ...], str]:
    row = session.execute(select(Unit.path, Unit.region_code).where(Unit.id == unit_id)).first()
    if row is None:
        return (), ""
    path, region_code = row
    return tuple(int(part) for part in reversed(path.split("/")) if part), region_code
