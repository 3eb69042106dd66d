"""What can be done with the calendar: seed it, apply a year's notice, set opening hours.

Callers own the transaction; whoever counts clocks learns of a change by `CalendarChanged`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import Any, Final, cast

from sqlalchemy import CursorResult, delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.calendars import queries
from app.calendars.events import CalendarChanged
from app.calendars.models import (
    CalendarDay,
    CalendarState,
    CalendarYear,
    OpeningException,
    OpeningHours,
)
from app.calendars.rules import DayKind, Notice, NoticeDay, Span, Week, read_notice
from app.calendars.rules.opening import read_spans
from app.departments.models import Unit
from app.kernel import audit, events
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.messages import mark

_DATA: Final = Path(__file__).parent / "data" / "statutory_days.json"
_WEEKDAYS: Final = 5
_USUAL_DAY: Final = "9:00-12:00, 13:00-17:00"
_NATION: Final = ""


@dataclass(frozen=True, slots=True)
class By:
    """Who changes the calendar, when, and which state of it they were looking at."""

    actor: Actor
    now: datetime
    seen: str
    ip: str = ""


def seed(session: Session, *, now: datetime, zone: str = queries.DEFAULT_ZONE) -> None:
    """Fill in the shipped years and the usual hours where there are none; safe to repeat."""
    known = set(session.scalars(select(CalendarYear.year)))
    shipped = _shipped()
    for year in shipped["years"]:
        if year["year"] not in known:
            _add_shipped_year(session, year, source=shipped["source"], now=now)
    if session.scalar(select(func.count()).select_from(OpeningHours)) == 0:
        week: Week = (read_spans(_USUAL_DAY),) * _WEEKDAYS + ((), ())
        session.add_all(_hours(None, week))
    state = session.scalars(select(CalendarState)).one_or_none()
    if state is None:
        session.add(CalendarState(revision=token_hex(16), zone=zone, changed_at=now))
    elif state.zone != zone or not known.issuperset(y["year"] for y in shipped["years"]):
        state.zone, state.revision, state.changed_at = zone, token_hex(16), now
    session.flush()
    queries.forget(session)


def apply_notice(session: Session, text: str, *, year: int, number: str, by: By) -> Notice:
    """Put a year's notice in force in place of what was known of that year.

    Raises:
        ForbiddenError: the actor may not manage calendars.
        InvalidError: the text is not a believable notice, or has no number.
        ConflictError: somebody changed the calendar meanwhile.
    """
    by.actor.require(Permission.CALENDAR_MANAGE)
    notice = read_notice(text, year=year, number=number)
    if not notice.number:
        raise InvalidError(fields={"number": mark("Give the number of the notice.")})
    if notice.problems:
        raise InvalidError(fields={"text": mark("This notice has mistakes and was not applied.")})
    _change(session, by, "calendar:import", {"year": year, "notice_no": notice.number})
    dates = [found.day for found in notice.days]
    session.execute(
        delete(CalendarDay).where(
            CalendarDay.region_code == _NATION,
            or_(CalendarDay.notice_year == year, CalendarDay.day.in_(dates)),
        )
    )
    session.execute(delete(CalendarYear).where(CalendarYear.year == year))
    session.add(
        CalendarYear(
            year=year, notice_no=notice.number, imported_at=by.now, imported_by=by.actor.id
        )
    )
    session.add_all(_day(found, year=year, source=notice.number) for found in notice.days)
    _announce(session, by, "notice")
    return notice


def set_hours(session: Session, unit_id: int | None, week: Week, *, by: By) -> None:
    """Give a hall its weekly hours, or with an empty week those of the unit above it.

    Raises:
        ForbiddenError: the actor may not manage calendars.
        NotFoundError: no such unit.
        InvalidError: the default hours would never open.
        ConflictError: somebody changed the calendar meanwhile.
    """
    by.actor.require(Permission.CALENDAR_MANAGE)
    _check_unit(session, unit_id)
    if unit_id is None and not any(week):
        raise InvalidError(mark("The usual hours cannot all be empty."))
    _change(session, by, "calendar:hours", {"unit_id": unit_id})
    session.execute(delete(OpeningHours).where(OpeningHours.unit_id.is_not_distinct_from(unit_id)))
    session.add_all(_hours(unit_id, week))
    _announce(session, by, "hours")


def set_exception(
    session: Session, unit_id: int | None, day: date, spans: Sequence[Span], *, reason: str, by: By
) -> None:
    """Give one date other hours; none closes the hall that day.

    Raises:
        ForbiddenError: the actor may not manage calendars.
        NotFoundError: no such unit.
        ConflictError: somebody changed the calendar meanwhile.
    """
    by.actor.require(Permission.CALENDAR_MANAGE)
    _check_unit(session, unit_id)
    _change(session, by, "calendar:exception", {"unit_id": unit_id, "day": day.isoformat()})
    _drop_exception(session, unit_id, day)
    times: Sequence[Span | tuple[None, None]] = spans or [(None, None)]
    session.add_all(
        OpeningException(unit_id=unit_id, day=day, opens=opens, closes=closes, reason=reason[:80])
        for opens, closes in times
    )
    _announce(session, by, "exception")


def remove_exception(session: Session, unit_id: int | None, day: date, *, by: By) -> None:
    """Let the date follow the pattern again.

    Raises:
        ForbiddenError: the actor may not manage calendars.
        ConflictError: somebody changed the calendar meanwhile.
    """
    by.actor.require(Permission.CALENDAR_MANAGE)
    _change(session, by, "calendar:exception_removed", {"unit_id": unit_id, "day": str(day)})
    _drop_exception(session, unit_id, day)
    _announce(session, by, "exception")


def set_regional_day(
    session: Session, region_code: str, day: date, *, is_workday: bool | None, name: str, by: By
) -> None:
    """Settle one date for one region against the national notice; None takes it back.

    For a region's own holidays (民族节日) and for days when work is stopped.

    Raises:
        ForbiddenError: the actor may not manage calendars.
        InvalidError: no region is named.
        ConflictError: somebody changed the calendar meanwhile.
    """
    by.actor.require(Permission.CALENDAR_MANAGE)
    if not region_code:
        raise InvalidError(fields={"region_code": mark("Name the region this day is for.")})
    said = {"region_code": region_code, "day": day.isoformat(), "is_workday": is_workday}
    _change(session, by, "calendar:regional_day", said)
    session.execute(
        delete(CalendarDay).where(CalendarDay.region_code == region_code, CalendarDay.day == day)
    )
    if is_workday is not None:
        session.add(
            CalendarDay(day=day, region_code=region_code, is_workday=is_workday, name=name[:40])
        )
    _announce(session, by, "regional_day")


def _change(session: Session, by: By, action: str, details: Mapping[str, Any]) -> None:
    fresh = (
        update(CalendarState)
        .where(CalendarState.revision == by.seen)
        .values(revision=token_hex(16), changed_at=by.now)
    )
    if cast("CursorResult[Any]", session.execute(fresh)).rowcount != 1:
        raise ConflictError(mark("Somebody changed the calendar while you were looking at it."))
    author = by.actor.author(ip=by.ip)
    audit.note(session, author, action, ("calendar", 1), at=by.now, details=details)


def _announce(session: Session, by: By, what: str) -> None:
    session.flush()
    queries.forget(session)
    events.publish(session, CalendarChanged(by.now, what))


def _check_unit(session: Session, unit_id: int | None) -> None:
    if unit_id is not None and session.get(Unit, unit_id) is None:
        raise NotFoundError(mark("There is no such unit."))


def _drop_exception(session: Session, unit_id: int | None, day: date) -> None:
    session.execute(
        delete(OpeningException).where(
            OpeningException.unit_id.is_not_distinct_from(unit_id), OpeningException.day == day
        )
    )


def _hours(unit_id: int | None, week: Week) -> list[OpeningHours]:
    return [
        OpeningHours(unit_id=unit_id, weekday=weekday, opens=opens, closes=closes)
        for weekday, spans in enumerate(week)
        for opens, closes in spans
    ]


def _add_shipped_year(
    session: Session, year: Mapping[str, Any], *, source: str, now: datetime
) -> None:
    number = str(year["notice_no"])
    session.add(
        CalendarYear(year=year["year"], notice_no=number, source=source[:120], imported_at=now)
    )
    session.add_all(
        _day(
            NoticeDay(date.fromisoformat(day), DayKind(kind), name),
            year=year["year"],
            source=number or source,
        )
        for day, kind, name in year["days"]
    )


def _day(found: NoticeDay, *, year: int, source: str) -> CalendarDay:
    names: Mapping[str, str] = _shipped()["names"]
    return CalendarDay(
        day=found.day,
        region_code=_NATION,
        is_workday=found.kind is DayKind.WORK,
        name=found.name,
        name_en=", ".join(names.get(part, part) for part in found.name.split("、"))[:60],
        source=source[:120],
        notice_year=year,
    )


@cache
def _shipped() -> dict[str, Any]:
    return cast("dict[str, Any]", json.loads(_DATA.read_text(encoding="utf-8")))
