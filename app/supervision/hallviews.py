"""Makes a day of each hall ready for the board: waiting by half hour, numbers called for nothing.

Worked out from the events of the queue by the same code as the day sheet, to which all leads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from app.accounts.deps import Work
from app.accounts.rules import Permission
from app.queueing.queries import bookings, halls
from app.queueing.service import watching
from app.queueing.service.floor import local_day

_MINUTE: Final = 60
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class HalfHourView:
    """Who took a number in this half hour, and how long they waited; minutes."""

    begins: str
    people: int
    median: float
    ninety: float


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


def halls_of(work: Work, day: date | None, *, english: bool) -> tuple[HallView, ...]:
    """The halls this person watches, on that day or today."""
    return tuple(
        _view(work, hall, day, english=english)
        for hall in halls.list_halls(work.session)
        if work.actor.covers(
            Permission.QUEUE_WATCH,
            unit_id=hall.id,
            unit_path=hall.path,
            region_code=hall.region_code,
            handler_id=None,
        )
    )


def _view(work: Work, hall: halls.HallView, day: date | None, *, english: bool) -> HallView:
    today = local_day(work.session, hall.id, work.now)
    on = min(day or today, today)
    sheet = watching.sheet_of(work.session, hall.id, on)
    booked = bookings.counts_of(work.session, hall.id, on, now=work.now)
    return HallView(
        name=hall.name_en if english and hall.name_en else hall.name,
        day=on,
        day_before=on - _DAY,
        day_after=on + _DAY if on < today else None,
        href=f"/queue/day-sheet?hall={hall.code}&day={on.isoformat()}",
        taken=sheet.taken,
        missed=sheet.missed,
        not_kept=booked.missed,
        median=_minutes(sheet.median),
        ninety=_minutes(sheet.ninety),
        half_hours=[
            HalfHourView(one.begins, one.people, one.median / _MINUTE, one.ninety / _MINUTE)
            for one in sheet.half_hours
        ],
    )


def _minutes(seconds: int | None) -> float | None:
    return None if seconds is None else seconds / _MINUTE
