"""The page for single days: other hours on one date, and holidays of one region.

Neither touches the national calendar.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin.calendar_tabs import CalendarPage, tabs
from app.admin.frame import Form, language_of, show, tried_form
from app.calendars import queries, service
from app.calendars.models import OpeningException
from app.calendars.rules.opening import read_spans, write_spans
from app.departments import queries as departments
from app.departments.rules import is_region_code
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.web.forms import FormDep, Parsed, parse
from app.web.templating import see_other

router = APIRouter(prefix="/days")

_AHEAD: Final = timedelta(days=400)
_BEHIND: Final = timedelta(days=60)


class ExceptionForm(BaseModel):
    """One date with other hours; no hours mean closed."""

    unit: int | None = None
    day: Annotated[date, Field(title=mark("Date"))]
    hours: Annotated[str, Field(max_length=120, title=mark("Hours on that day"))] = ""
    reason: Annotated[str, Field(max_length=80, title=mark("Reason"))] = ""
    seen: str = ""


class RegionalForm(BaseModel):
    """One date settled for one region; `kind` empty takes it back."""

    region_code: Annotated[str, Field(max_length=12, title=mark("Region code"))]
    region_day: Annotated[date, Field(title=mark("Date"))]
    kind: Annotated[str, Field(pattern="^(rest|work)?$")] = ""
    name: Annotated[str, Field(max_length=40, title=mark("Name of the day"))] = ""
    seen: str = ""


class RemovalForm(BaseModel):
    """One date that follows the pattern again."""

    unit: int | None = None
    day: date
    seen: str = ""


@router.get("")
def show_days(request: Request, visit: VisitDep) -> Response:
    """Single days of two months back and a year ahead."""
    return _page(request, visit, {}, {})


@router.post("/exceptions")
def set_exception(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Give one date other hours."""
    parsed = parse(ExceptionForm, form)

    def do(work: Work, value: ExceptionForm) -> None:
        try:
            spans = read_spans(value.hours)
        except InvalidError as error:
            raise InvalidError(fields={"hours": error.msgid}) from error
        service.set_exception(
            work.session,
            value.unit,
            value.day,
            spans,
            reason=value.reason,
            by=_by(work, value.seen),
        )

    return _done(request, visit, parsed, do)


@router.post("/exceptions/remove")
def remove_exception(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Let one date follow the pattern again."""
    parsed = parse(RemovalForm, form)

    def do(work: Work, value: RemovalForm) -> None:
        service.remove_exception(work.session, value.unit, value.day, by=_by(work, value.seen))

    return _done(request, visit, parsed, do)


@router.post("/regional")
def set_regional(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Settle one date for one region, or take it back."""
    parsed = parse(RegionalForm, form)

    def do(work: Work, value: RegionalForm) -> None:
        if not is_region_code(value.region_code):
            raise InvalidError(fields={"region_code": mark("2, 4, 6, 9 or 12 digits")})
        service.set_regional_day(
            work.session,
            value.region_code,
            value.region_day,
            is_workday=value.kind == "work" if value.kind else None,
            name=value.name,
            by=_by(work, value.seen),
        )

    return _done(request, visit, parsed, do)


def _by(work: Work, seen: str) -> service.By:
    return service.By(work.actor, work.now, seen, work.ip)


def _done(
    request: Request, visit: VisitDep, parsed: Parsed[Form], do: Callable[[Work, Form], None]
) -> Response:
    errors = tried_form(visit, parsed, do)
    if errors:
        return _page(request, visit, parsed.values, errors)
    return see_other(CalendarPage.DAYS)


def _page(
    request: Request, visit: VisitDep, values: Mapping[str, str], errors: Mapping[str, str]
) -> Response:
    with visit.reading() as work:
        work.actor.require(Permission.CALENDAR_MANAGE)
        today = queries.load(work.session).statutory.local_date(work.now)
        span = today - _BEHIND, today + _AHEAD
        choices = departments.list_choices(work.session, language=language_of(request))
        context = {
            "tabs": tabs(CalendarPage.DAYS),
            "exceptions": _exceptions(work, queries.list_exceptions(work.session, *span)),
            "regional": [d for d in queries.list_days(work.session, *span) if d.region_code],
            "choices": choices,
            "values": values,
            "errors": errors,
            "seen": values.get("seen") or queries.book(work.session).revision,
        }
    return show(request, work.actor, "admin/calendar_days", context, status=422 if errors else 200)


def _exceptions(work: Work, rows: Sequence[OpeningException]) -> list[dict[str, object]]:
    found: dict[tuple[int | None, date], dict[str, object]] = {}
    for row in rows:
        unit = departments.get_unit(work.session, row.unit_id) if row.unit_id else None
        line = found.setdefault(
            (row.unit_id, row.day),
            {
                "unit": unit,
                "unit_id": row.unit_id or "",
                "day": row.day,
                "reason": row.reason,
                "hours": "",
            },
        )
        if row.opens is not None and row.closes is not None:
            more = write_spans([(row.opens, row.closes)])
            line["hours"] = f"{line['hours']}, {more}" if line["hours"] else more
    return list(found.values())
