"""A hall as its manager sees it: who waits how long now, what to open, what the day was like.

Day figures are worked out from the day's events each time, so they can always be recomputed.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.queueing.queries import events, halls, work
from app.queueing.rules.measuring import (
    Day,
    grouped,
    half_hour_of,
    mean,
    measure,
    percentile,
    seconds_between,
)
from app.queueing.rules.signals import (
    Proposal,
    Spare,
    Standing,
    Thresholds,
    lamp_of,
    proposals,
)
from app.queueing.rules.working import Seat, Work, work_by_seat
from app.queueing.service.floor import calendar_of, day_begins
from app.queueing.service.foretelling import standing_of


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One service now and today; seconds, None where nothing was measured."""

    service_id: int
    waiting: int
    longest: int
    lamp: str
    counters: int
    average: int | None
    called: int


@dataclass(frozen=True, slots=True)
class HallNow:
    """A hall now, and what would help."""

    thresholds: Thresholds
    lines: Sequence[ServiceLine]
    proposals: Sequence[Proposal]
    average: int | None

    @property
    def waiting(self) -> int:
        """Everybody who waits."""
        return sum(one.waiting for one in self.lines)

    @property
    def longest(self) -> int:
        """Whoever waits longest, in seconds."""
        return max((one.longest for one in self.lines), default=0)


@dataclass(frozen=True, slots=True)
class HalfHour:
    """Who took a number in this half hour, and how long they waited (seconds)."""

    begins: str
    people: int
    median: int
    ninety: int


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One person at one counter on one day; seconds."""

    counter_id: int
    staff_id: int
    served: int
    sent_on: int
    missed: int
    average_service: int | None
    average_wait: int | None
    accepted: int = 0
    finished: int = 0
    rated: int = 0
    rating: float | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A day of a hall."""

    taken: int
    served: int
    missed: int
    median: int | None
    ninety: int | None
    average: int | None
    half_hours: Sequence[HalfHour]
    lines: Sequence[SheetLine]

    @property
    def accepted(self) -> int:
        """Matters accepted at the counters."""
        return sum(one.accepted for one in self.lines)

    @property
    def finished(self) -> int:
        """Matters finished at the counters."""
        return sum(one.finished for one in self.lines)

    @property
    def rated(self) -> int:
        """Visits that were rated."""
        return sum(one.rated for one in self.lines)

    @property
    def rating(self) -> float | None:
        """The mean of all ratings; None where nobody rated."""
        total = sum(one.rated * (one.rating or 0) for one in self.lines)
        return total / self.rated if self.rated else None


@dataclass(frozen=True, slots=True)
class _Seated:
    """Who sat where on a day, what they did on matters there, how their visits were rated."""

    sat: frozenset[Seat]
    work: Mapping[Seat, Work]
    rated: Mapping[Seat, tuple[int, int]]


def hall_now(session: Session, hall_id: int, *, now: datetime) -> HallNow:
    """The hall at this moment."""
    rules = halls.get_rules(session, hall_id)
    thresholds = Thresholds(rules.goal, rules.yellow, rules.red, rules.crowd)
    standing = standing_of(session, hall_id, now=now)
    begins = day_begins(session, hall_id, standing.day)
    counts = standing.counts
    longest: Counter[int] = Counter()
    for one in standing.waiting:
        waited = seconds_between(one.taken_at, now)
        longest[one.service_id] = max(longest[one.service_id], waited)
    waits = grouped(day_of(session, hall_id, standing.day).waits, lambda one: one.service_id)
    lines = [
        ServiceLine(
            service_id=one.id,
            waiting=counts[one.id],
            longest=longest[one.id],
            lamp=lamp_of(longest[one.id], thresholds),
            counters=sum(one.id in counter.service_ids for counter in standing.open_counters),
            average=mean(waits.get(one.id, [])),
            called=len(waits.get(one.id, [])),
        )
        for one in standing.services
        if one.is_active or counts[one.id]
    ]
    spare = [
        Spare(one.id, one.service_ids, one.is_staffed(begins))
        for one in standing.counters
        if one.is_active and not one.is_open(begins)
    ]
    now_lines = [Standing(one.service_id, one.waiting, one.longest) for one in lines]
    every = [seconds for one in waits.values() for seconds in one]
    return HallNow(thresholds, lines, proposals(now_lines, spare, thresholds), mean(every))


def day_of(session: Session, hall_id: int, day: date) -> Day:
    """What was measured on this day, from its events."""
    return measure(events.of_day(session, hall_id, day))


def sheet_of(session: Session, hall_id: int, day: date) -> Sheet:
    """The day's figures and what each person at a counter did."""
    found = day_of(session, hall_id, day)
    zone = calendar_of(session, hall_id).zone
    waits = [one.seconds for one in found.waits]
    return Sheet(
        taken=found.taken,
        served=found.served,
        missed=len(found.missed),
        median=percentile(waits, 0.5),
        ninety=percentile(waits, 0.9),
        average=mean(waits),
        half_hours=_half_hours(found, zone),
        lines=_lines(found, _seated(session, hall_id, day)),
    )


def _seated(session: Session, hall_id: int, day: date) -> _Seated:
    seats = work.seats_of(session, hall_id, day)
    done = work.done_by(
        session,
        {one.staff_id for one in seats},
        begins=day_begins(session, hall_id, day),
        ends=day_begins(session, hall_id, day + timedelta(days=1)),
    )
    sat = frozenset((one.counter_id, one.staff_id) for one in seats if one.counter_id is not None)
    return _Seated(sat, work_by_seat(seats, done), work.rated(session, hall_id, day))


def waits_between(session: Session, hall_id: int, first: date, last: date) -> list[HalfHour]:
    """How long people waited by the half hour in which they came, all these days together."""
    found = measure(events.of_days(session, hall_id, first, last))
    return _half_hours(found, calendar_of(session, hall_id).zone)


def waits_by_day(
    session: Session, hall_id: int, begins: str, first: date, last: date
) -> list[tuple[date, HalfHour]]:
    """The same half hour on each of these days on which somebody came in it, the latest first."""
    zone = calendar_of(session, hall_id).zone
    found = measure(events.of_days(session, hall_id, first, last))
    came = [one for one in found.waits if half_hour_of(one.taken_at.astimezone(zone)) == begins]
    by_day = grouped(came, lambda one: one.taken_at.astimezone(zone).date())
    return [(day, _half_hour(begins, waits)) for day, waits in reversed(by_day.items())]


def _half_hours(found: Day, zone: ZoneInfo) -> list[HalfHour]:
    by_time = grouped(found.waits, lambda one: half_hour_of(one.taken_at.astimezone(zone)))
    return [_half_hour(begins, waits) for begins, waits in by_time.items()]


def _half_hour(begins: str, waits: Sequence[int]) -> HalfHour:
    return HalfHour(begins, len(waits), percentile(waits, 0.5) or 0, percentile(waits, 0.9) or 0)


def _lines(found: Day, seated: _Seated) -> list[SheetLine]:
    waited = {one.ticket_id: one.seconds for one in found.waits}
    served: Mapping[Seat, list[tuple[int, int, bool]]] = defaultdict(list)
    for one in found.services:
        part = (one.seconds, waited.get(one.ticket_id, 0), one.was_sent_on)
        served[one.counter_id, one.staff_id].append(part)
    missed = Counter(found.missed.values())
    everybody = served.keys() | missed.keys() | seated.work.keys() | seated.rated.keys()
    return [
        _line(seat, served.get(seat, []), missed[seat], seated)
        for seat in sorted(everybody | seated.sat)
    ]


def _line(
    seat: Seat, parts: Sequence[tuple[int, int, bool]], missed: int, seated: _Seated
) -> SheetLine:
    work_here = seated.work.get(seat, Work())
    rated, total = seated.rated.get(seat, (0, 0))
    return SheetLine(
        counter_id=seat[0],
        staff_id=seat[1],
        served=sum(not sent_on for _, _, sent_on in parts),
        sent_on=sum(sent_on for _, _, sent_on in parts),
        missed=missed,
        average_service=mean([seconds for seconds, _, _ in parts]),
        average_wait=mean([wait for _, wait, _ in parts]),
        accepted=work_here.accepted,
        finished=work_here.finished,
        rated=rated,
        rating=total / rated if rated else None,
    )
