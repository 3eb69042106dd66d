"""Makes each hall ready for the board: waiting by half hour, numbers called for nothing.

Worked out from the events of the queue by the same code as the day sheet, to which all leads.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

from app.accounts.deps import Work
from app.accounts.rules import Permission
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.queueing.queries import bookings, events, halls
from app.queueing.rules.measuring import HALF_HOUR
from app.queueing.service import watching
from app.queueing.service.floor import local_day
from app.queueing.service.watching import HalfHour
from app.supervision.rules import Window
from app.supervision.shelf import Shelf

_MINUTE: Final = 60
_DAY: Final = timedelta(days=1)
_HALF_HOUR: Final = timedelta(minutes=HALF_HOUR)
_NO_HALL: Final = mark("There is no such hall among those you watch.")
_spans: Final[Shelf[Mapping[str, HalfHour]]] = Shelf()


@dataclass(frozen=True, slots=True)
class WaitView:
    """How many people were called, and how long they had waited; minutes."""

    people: int
    median: float
    ninety: float


@dataclass(frozen=True, slots=True)
class HalfHourView:
    """Who took a number in this half hour: on the day looked at, and on all days chosen."""

    begins: str
    href: str
    that_day: WaitView | None
    all_days: WaitView | None


@dataclass(frozen=True, slots=True)
class HallView:
    """A hall on one day; minutes, None where nobody was called."""

    name: str
    day: date
    day_before: date
    day_after: date | None
    href: str
    taken: int
    missed: int
    not_kept: int
    median: float | None
    ninety: float | None
    half_hours: Sequence[HalfHourView]


@dataclass(frozen=True, slots=True)
class DayWait:
    """One half hour on one day, with its day sheet."""

    day: date
    href: str
    wait: WaitView


@dataclass(frozen=True, slots=True)
class HalfHourPage:
    """One half hour of a hall on each of the days chosen."""

    hall: str
    begins: str
    ends: str
    days: str
    rows: Sequence[DayWait]


def halls_of(
    work: Work, day: date | None, window: Window, *, english: bool
) -> tuple[HallView, ...]:
    """The halls this person watches: that day or today, and the days chosen."""
    return tuple(
        _view(work, hall, day, window, english=english)
        for hall in halls.list_halls(work.session)
        if _may_watch(work, hall)
    )


def half_hour_page(
    work: Work, code: str, begins: time, window: Window, *, english: bool
) -> HalfHourPage:
    """What the figure of one half hour is made of, day by day.

    Raises:
        ForbiddenError: the person watches no hall.
        NotFoundError: there is no such hall among those this person watches.
    """
    work.actor.require(Permission.QUEUE_WATCH)
    hall = next((one for one in halls.list_halls(work.session) if one.code == code), None)
    if hall is None or not _may_watch(work, hall):
        raise NotFoundError(_NO_HALL)
    today = local_day(work.session, hall.id, work.now)
    label = f"{begins:%H:%M}"
    found = watching.waits_by_day(work.session, hall.id, label, _first(today, window), today)
    return HalfHourPage(
        hall=_name(hall, english=english),
        begins=label,
        ends=f"{datetime.combine(today, begins) + _HALF_HOUR:%H:%M}",
        days=str(window),
        rows=[DayWait(on, _sheet_of(hall, on), _wait(one)) for on, one in found],
    )


def _may_watch(work: Work, hall: halls.HallView) -> bool:
    return work.actor.covers(
        Permission.QUEUE_WATCH,
        unit_id=hall.id,
        unit_path=hall.path,
        region_code=hall.region_code,
        handler_id=None,
    )


def _view(
    work: Work, hall: halls.HallView, day: date | None, window: Window, *, english: bool
) -> HallView:
    today = local_day(work.session, hall.id, work.now)
    on = min(day or today, today)
    sheet = watching.sheet_of(work.session, hall.id, on)
    booked = bookings.counts_of(work.session, hall.id, on, now=work.now)
    return HallView(
        name=_name(hall, english=english),
        day=on,
        day_before=on - _DAY,
        day_after=on + _DAY if on < today else None,
        href=_sheet_of(hall, on),
        taken=sheet.taken,
        missed=sheet.missed,
        not_kept=booked.missed,
        median=_minutes(sheet.median),
        ninety=_minutes(sheet.ninety),
        half_hours=_half_hours(work, hall, sheet.half_hours, today, window),
    )


def _half_hours(
    work: Work,
    hall: halls.HallView,
    that_day: Sequence[HalfHour],
    today: date,
    window: Window,
) -> list[HalfHourView]:
    on_day = {one.begins: one for one in that_day}
    in_all = _all_days(work, hall.id, today, window)
    return [
        HalfHourView(
            begins,
            f"/board/applications/halls/{hall.code}/{begins}?days={window}",
            _wait(on_day[begins]) if begins in on_day else None,
            _wait(in_all[begins]) if begins in in_all else None,
        )
        for begins in sorted(on_day.keys() | in_all.keys())
    ]


def _all_days(work: Work, hall_id: int, today: date, window: Window) -> Mapping[str, HalfHour]:
    def draw() -> tuple[Mapping[str, HalfHour], int]:
        found = watching.waits_between(work.session, hall_id, _first(today, window), today)
        return {one.begins: one for one in found}, sum(one.people for one in found)

    return _spans.get(
        work.session,
        (hall_id, window, today),
        draw,
        last_event=partial(events.last_seq, work.session, hall_id),
        now=work.now,
    )


def _first(today: date, window: Window) -> date:
    return today - _DAY * (window.days - 1)


def _name(hall: halls.HallView, *, english: bool) -> str:
    return hall.name_en if english and hall.name_en else hall.name


def _sheet_of(hall: halls.HallView, on: date) -> str:
    return f"/queue/day-sheet?hall={hall.code}&day={on.isoformat()}"


def _wait(one: HalfHour) -> WaitView:
    return WaitView(one.people, one.median / _MINUTE, one.ninety / _MINUTE)


def _minutes(seconds: int | None) -> float | None:
    return None if seconds is None else seconds / _MINUTE
