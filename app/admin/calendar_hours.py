"""The page for opening hours: the usual ones, and those of halls that keep their own.

A line a day; what cannot be read comes back beside its day.
"""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin.calendar_tabs import CalendarPage, tabs
from app.admin.calendar_view import WEEKDAYS
from app.admin.frame import language_of, show, tried
from app.calendars import queries, service
from app.calendars.rules import Span, Week
from app.calendars.rules.hours import CLOSED_WEEK
from app.calendars.rules.opening import read_spans, write_spans
from app.departments import queries as departments
from app.kernel.errors import InvalidError
from app.web.forms import FormDep, parse
from app.web.templating import see_other

router = APIRouter(prefix="/hours")

_FIELDS: Final = tuple(f"day{weekday}" for weekday in range(7))
_Line = Annotated[str, Field(max_length=120)]


class HoursForm(BaseModel):
    """Seven lines, Monday first; a unit or nobody in particular."""

    unit: int | None = None
    seen: str = ""
    day0: _Line = ""
    day1: _Line = ""
    day2: _Line = ""
    day3: _Line = ""
    day4: _Line = ""
    day5: _Line = ""
    day6: _Line = ""

    def week(self) -> Week:
        """The spans of the seven days.

        Raises:
            InvalidError: a line cannot be read; says which.
        """
        days: list[tuple[Span, ...]] = []
        errors: dict[str, str] = {}
        for name in _FIELDS:
            try:
                days.append(read_spans(getattr(self, name)))
            except InvalidError as error:
                errors[name] = error.msgid
        if errors:
            raise InvalidError(fields=errors)
        return tuple(days)


@router.get("")
def show_hours(request: Request, visit: VisitDep, unit: int | None = None) -> Response:
    """The hours of one unit, and who keeps hours of their own."""
    return _page(request, visit, unit, {}, {})


@router.post("")
def change(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Give a unit its hours."""
    parsed = parse(HoursForm, form)
    errors = parsed.errors
    unit_id = None
    if parsed.value is not None:
        value = parsed.value
        unit_id = value.unit

        def do(work: Work) -> None:
            by = service.By(work.actor, work.now, value.seen, work.ip)
            service.set_hours(work.session, value.unit, value.week(), by=by)

        errors = tried(visit, do)
    if errors:
        return _page(request, visit, unit_id, parsed.values, errors)
    return see_other(f"/admin/calendar/hours?unit={unit_id}" if unit_id else CalendarPage.HOURS)


def _page(
    request: Request,
    visit: VisitDep,
    unit_id: int | None,
    typed: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    with visit.reading() as work:
        work.actor.require(Permission.CALENDAR_MANAGE)
        book = queries.book(work.session)
        units = {
            owner: departments.get_unit(work.session, owner)
            for owner in {*book.weeks, unit_id}
            if owner is not None
        }
        week = book.weeks.get(unit_id, CLOSED_WEEK)
        lines = {name: write_spans(spans) for name, spans in zip(_FIELDS, week, strict=True)}
        context = {
            "tabs": tabs(CalendarPage.HOURS),
            "unit": units.get(unit_id) if unit_id else None,
            "has_own": unit_id in book.weeks,
            "owners": [units[owner] for owner in sorted(units) if owner in book.weeks],
            "choices": departments.list_choices(work.session, language=language_of(request)),
            "fields": list(zip(_FIELDS, WEEKDAYS, strict=True)),
            "values": {**lines, **typed},
            "errors": errors,
            "seen": typed.get("seen") or book.revision,
        }
    return show(request, work.actor, "admin/calendar_hours", context, status=422 if errors else 200)
