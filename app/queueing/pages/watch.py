"""The manager's view of the queues, and the day sheet of a hall as a page and as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from app.accounts.deps import VisitDep, Work
from app.accounts.rules import Permission
from app.cases.queries.consultations import answered_on_the_spot
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.queueing.pages import shown
from app.queueing.queries import bookings, events, halls
from app.queueing.queries.bookings import DayCounts
from app.queueing.queries.halls import HallView
from app.queueing.rules.signals import lamp_of
from app.queueing.service import watching
from app.queueing.service.floor import day_begins, local_day
from app.queueing.service.watching import HallNow, Sheet
from app.web.i18n import gettext
from app.web.templating import render

router = APIRouter(prefix="/queue")

_MINUTE: Final = 60
_BOM: Final = "\ufeff"  # without it Excel reads UTF-8 as the local code page
_HEADINGS: Final = (
    mark("Day"),
    mark("Counter"),
    mark("Clerk"),
    mark("Served"),
    mark("Sent on"),
    mark("Passed over"),
    mark("Average service, minutes"),
    mark("Average wait, minutes"),
    mark("Matters accepted"),
    mark("Matters finished"),
    mark("Visits rated"),
    mark("Mean rating, of 5"),
    mark("Questions answered on the spot"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One service of a hall now; minutes."""

    prefix: str
    name: str
    waiting: int
    longest: int
    lamp: str
    counters: int
    average: str
    called: int


@dataclass(frozen=True, slots=True)
class HallCard:
    """A hall at one glance; `advice` are pairs of a msgid and its places."""

    code: str
    name: str
    waiting: int
    longest: int
    lamp: str
    average: str
    goal: int
    is_within_goal: bool
    rows: Sequence[Row]
    advice: Sequence[tuple[str, Mapping[str, object]]]
    takes_bookings: bool
    booked: DayCounts


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One person at one counter; minutes as they are printed."""

    counter: int
    staff: str
    served: int
    sent_on: int
    missed: int
    service: str
    wait: str
    accepted: int
    finished: int
    rated: int
    rating: str
    staff_id: int


@router.get("")
def show(request: Request, visit: VisitDep) -> Response:
    """Every hall one watches: who waits how long, and what to open."""
    english = shown.is_english(request)
    with visit.reading(may_lag=True) as work:
        work.actor.require(Permission.QUEUE_WATCH)
        cards = [_card(work, hall, english=english) for hall in _watched(work)]
    return render(request, "queue/watch", {"halls": cards})


@router.get("/day-sheet")
def show_sheet(
    request: Request, visit: VisitDep, hall: str = "", day: date | None = None
) -> Response:
    """What a day was like, by half hour and by counter."""
    english = shown.is_english(request)
    with visit.reading(may_lag=True) as work:
        found = _hall(work, hall)
        on = day or local_day(work.session, found.id, work.now)
        sheet = watching.sheet_of(work.session, found.id, on)
        booked = bookings.counts_of(work.session, found.id, on, now=work.now)
        context = {
            "code": found.code,
            "hall": shown.hall_name(found, english=english),
            "halls": [(one.code, shown.hall_name(one, english=english)) for one in _watched(work)],
            "day": on,
            "sheet": sheet,
            "rows": _rows(work, found, sheet),
            "figures": [*_figures(sheet, booked), _advice_given(work, found, on, sheet)],
            "half_hours": [
                (one.begins, one.people, _minutes(one.median), _minutes(one.ninety))
                for one in sheet.half_hours
            ],
        }
    return render(request, "queue/sheet", context)


@router.get("/day-sheet.csv")
def sheet_file(visit: VisitDep, hall: str = "", day: date | None = None) -> Response:
    """The same as a table for a spreadsheet; names of staff and figures, nothing of citizens."""
    with visit.reading(may_lag=True) as work:
        found = _hall(work, hall)
        on = day or local_day(work.session, found.id, work.now)
        sheet = watching.sheet_of(work.session, found.id, on)
        rows, advice = _rows(work, found, sheet), _advice_by(work, found, on, sheet)
    written = io.StringIO()
    lines = csv.writer(written)
    lines.writerow([gettext(one) for one in _HEADINGS])
    for row in rows:
        lines.writerow(
            [
                on.isoformat(),
                row.counter,
                _plain(row.staff),
                row.served,
                row.sent_on,
                row.missed,
                row.service,
                row.wait,
                row.accepted,
                row.finished,
                row.rated,
                row.rating,
                advice.pop(row.staff_id, ""),  # once for a person, at their first counter
            ]
        )
    name = f"queue-{found.code}-{on.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(_BOM + written.getvalue(), media_type="text/csv", headers=headers)


def _watched(work: Work) -> list[HallView]:
    return [
        hall
        for hall in halls.list_halls(work.session)
        if work.actor.covers(
            Permission.QUEUE_WATCH,
            unit_id=hall.id,
            unit_path=hall.path,
            region_code=hall.region_code,
            handler_id=None,
        )
    ]


def _hall(work: Work, code: str) -> HallView:
    """The hall asked for among those one watches, or the first of them.

    Raises:
        ForbiddenError: it is not this person's work.
        NotFoundError: there is none.
    """
    work.actor.require(Permission.QUEUE_WATCH)
    found = [hall for hall in _watched(work) if code in ("", hall.code)]
    if not found:
        raise NotFoundError(mark("There is no such hall."))
    return found[0]


def _card(work: Work, hall: HallView, *, english: bool) -> HallCard:
    now = watching.hall_now(work.session, hall.id, now=work.now)
    services = {one.id: one for one in halls.services_of(work.session, hall.id)}
    names = {
        key: f"{one.prefix} {(english and one.name_en) or one.name}"
        for key, one in services.items()
    }
    return HallCard(
        code=hall.code,
        name=shown.hall_name(hall, english=english),
        waiting=now.waiting,
        longest=now.longest // _MINUTE,
        lamp=lamp_of(now.longest, now.thresholds),
        average=_minutes(now.average),
        goal=now.thresholds.goal,
        is_within_goal=(now.average or 0) <= now.thresholds.goal * _MINUTE,
        rows=[
            Row(
                services[one.service_id].prefix,
                names[one.service_id],
                one.waiting,
                one.longest // _MINUTE,
                one.lamp,
                one.counters,
                _minutes(one.average),
                one.called,
            )
            for one in now.lines
        ],
        advice=_advice(work, hall, now, names),
        takes_bookings=bookings.terms_of(work.session, hall.id).is_open,
        booked=bookings.counts_of(
            work.session, hall.id, local_day(work.session, hall.id, work.now), now=work.now
        ),
    )


def _advice(
    work: Work, hall: HallView, now: HallNow, names: Mapping[int, str]
) -> list[tuple[str, Mapping[str, object]]]:
    numbers = {one.id: one.number for one in halls.counters_of(work.session, hall.id)}
    waiting = {one.service_id: one.waiting for one in now.lines}
    found: list[tuple[str, Mapping[str, object]]] = []
    for one in now.proposals:
        if one.counter_id is None:
            words = mark("%(waiting)s wait for %(service)s, and no further counter calls for it.")
        elif one.is_paused:
            words = mark("%(waiting)s wait for %(service)s: go on at counter %(counter)s.")
        else:
            words = mark("%(waiting)s wait for %(service)s: open counter %(counter)s.")
        places: dict[str, Any] = {
            "waiting": waiting[one.service_id],
            "service": names[one.service_id],
            "counter": numbers.get(one.counter_id or 0, ""),
        }
        found.append((words, places))
    return found


def _rows(work: Work, hall: HallView, sheet: Sheet) -> list[SheetRow]:
    numbers = {one.id: one.number for one in halls.counters_of(work.session, hall.id)}
    names = events.staff_names(work.session, {one.staff_id for one in sheet.lines})
    rows = [
        SheetRow(
            numbers.get(one.counter_id, 0),
            names.get(one.staff_id, ""),
            one.served,
            one.sent_on,
            one.missed,
            _minutes(one.average_service),
            _minutes(one.average_wait),
            one.accepted,
            one.finished,
            one.rated,
            _mean(one.rating),
            one.staff_id,
        )
        for one in sheet.lines
    ]
    return sorted(rows, key=lambda row: (row.counter, row.staff))


def _figures(sheet: Sheet, booked: DayCounts) -> list[tuple[str, str]]:
    return [
        (mark("Numbers taken"), str(sheet.taken)),
        (mark("Served"), str(sheet.served)),
        (mark("Passed over"), str(sheet.missed)),
        (mark("Matters accepted"), str(sheet.accepted)),
        (mark("Matters finished"), str(sheet.finished)),
        (mark("Average wait, minutes"), _minutes(sheet.average)),
        (mark("Half waited at most, minutes"), _minutes(sheet.median)),
        (mark("Nine in ten waited at most, minutes"), _minutes(sheet.ninety)),
        (mark("Visits rated"), str(sheet.rated)),
        (mark("Mean rating, of 5"), _mean(sheet.rating)),
        (mark("Booked, not come"), str(booked.missed)),
    ]


def _advice_given(work: Work, hall: HallView, on: date, sheet: Sheet) -> tuple[str, str]:
    """How many questions the people of that day answered on the spot."""
    answered = _advice_by(work, hall, on, sheet)
    return mark("Questions answered on the spot"), str(sum(answered.values()))


def _advice_by(work: Work, hall: HallView, on: date, sheet: Sheet) -> dict[int, int]:
    return answered_on_the_spot(
        work.session,
        {one.staff_id for one in sheet.lines},
        since=day_begins(work.session, hall.id, on),
        until=day_begins(work.session, hall.id, on + timedelta(days=1)),
    )


def _mean(level: float | None) -> str:
    return "–" if level is None else f"{level:.1f}"


def _minutes(seconds: int | None) -> str:
    return "–" if seconds is None else f"{seconds / _MINUTE:.1f}"


def _plain(text: str) -> str:
    # A spreadsheet must not take a name for a formula.
    return f"'{text}" if text[:1] in "=+-@\t\r" else text
