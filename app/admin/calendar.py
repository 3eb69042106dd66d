"""Pages for the calendar: a year at a glance, and a new year's notice read, checked, applied.

Opening hours and single days have their own module beside this one.
"""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel, Field

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.admin import calendar_days, calendar_hours
from app.admin.calendar_tabs import CalendarPage, tabs
from app.admin.calendar_view import (
    SHORT_WEEKDAYS,
    checked,
    lines_of,
    months_of,
    sentences,
)
from app.admin.frame import show, tried
from app.calendars import queries, service
from app.calendars.rules import Notice, read_notice
from app.calendars.rules.notice import LONGEST_TEXT
from app.calendars.rules.statutory import FIRST_DAY, LAST_DAY
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.sla import queries as clocks
from app.web.forms import FormDep, RawForm, parse
from app.web.templating import see_other

router = APIRouter(prefix="/admin/calendar")
router.include_router(calendar_hours.router)
router.include_router(calendar_days.router)

_SHOWN_YEARS: Final = 4


class NoticeForm(BaseModel):
    """A notice as pasted."""

    year: Annotated[
        int, Field(gt=FIRST_DAY.year, le=LAST_DAY.year, title=mark("Year of the notice"))
    ]
    number: Annotated[str, Field(max_length=60, title=mark("Number of the notice"))]
    text: Annotated[str, Field(max_length=LONGEST_TEXT, title=mark("Text of the notice"))]
    seen: str = ""


@router.get("")
def show_year(request: Request, visit: VisitDep, year: int | None = None) -> Response:
    """The days off and the make-up days of one year, and what still hangs on it."""
    with visit.reading() as work:
        work.actor.require(Permission.CALENDAR_MANAGE)
        context = _year(work, year)
    return show(request, work.actor, "admin/calendar", context)


@router.get("/import")
def show_import(request: Request, visit: VisitDep, year: str = "") -> Response:
    """An empty form for a notice."""
    return _import(request, visit, {"year": year[:4]}, {}, None)


@router.post("/import")
def preview(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Read the notice and show what it would change; nothing is written."""
    return _preview(request, visit, form, {})


@router.post("/import/apply")
def apply(request: Request, visit: VisitDep, form: FormDep) -> Response:
    """Put the notice in force."""
    parsed = parse(NoticeForm, form)
    if parsed.value is None:
        return _preview(request, visit, form, {})
    value = parsed.value

    def do(work: Work) -> None:
        by = service.By(work.actor, work.now, value.seen, work.ip)
        service.apply_notice(work.session, value.text, year=value.year, number=value.number, by=by)

    if errors := tried(visit, do):
        return _preview(request, visit, form, errors)
    return see_other(f"/admin/calendar?year={value.year}")


def _preview(request: Request, visit: VisitDep, form: RawForm, refused: dict[str, str]) -> Response:
    parsed = parse(NoticeForm, form)
    if parsed.value is None:
        return _import(request, visit, parsed.values, parsed.errors, None)
    value = parsed.value
    notice = read_notice(value.text, year=value.year, number=value.number)
    errors = dict(refused)
    if notice.problems:
        errors["text"] = mark("This notice has mistakes and was not applied.")
    return _import(request, visit, parsed.values, errors, notice)


def _import(
    request: Request,
    visit: VisitDep,
    values: dict[str, str],
    errors: dict[str, str],
    notice: Notice | None,
) -> Response:
    with visit.reading() as work:
        work.actor.require(Permission.CALENDAR_MANAGE)
        is_good = notice is not None and not errors
        context = {
            "tabs": tabs(CalendarPage.IMPORT),
            "values": values,
            "errors": errors,
            "problems": sentences(notice.problems) if notice else [],
            "checked": notice and is_good and checked(notice, queries.load(work.session).statutory),
            "seen": queries.book(work.session).revision,
            "open_clocks": clocks.count_open(work.session),
            "longest": LONGEST_TEXT,
        }
    return show(
        request, work.actor, "admin/calendar_import", context, status=422 if errors else 200
    )


def _year(work: Work, wanted: int | None) -> dict[str, object]:
    statutory = queries.load(work.session).statutory
    this_year = statutory.local_date(work.now).year
    year = wanted if wanted is not None else this_year
    if not FIRST_DAY.year < year <= LAST_DAY.year:
        raise NotFoundError(mark("There is nothing at this address."))
    first, last = date(year, 1, 1), date(year, 12, 31)
    days = queries.list_days(work.session, first, last)
    official = {found.year: found for found in queries.list_years(work.session)}
    return {
        "tabs": tabs(CalendarPage.YEAR),
        "year": year,
        "years": range(this_year + 1, this_year + 1 - _SHOWN_YEARS, -1),
        "is_official": year in statutory.official_years,
        "notice": official.get(year),
        "missing": [y for y in (this_year, this_year + 1) if y not in statutory.official_years],
        "workdays": statutory.count(date(year - 1, 12, 31), last),
        "weekdays": SHORT_WEEKDAYS,
        "months": months_of(year, statutory, days),
        "holidays": lines_of(days),
        "regional": [row for row in days if row.region_code],
        "provisional": clocks.count_provisional(work.session),
    }
