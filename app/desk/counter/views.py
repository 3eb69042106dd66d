"""Makes a counter ready for the screen: who is there, who waits, where people can be sent.

Reads only; a number is shown, and a person only by the mask of the picture.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.citizens.rules import number_of
from app.desk.finding import Answer
from app.desk.shift import queries as shift
from app.queueing.labels import NEEDS, REASONS, STATES
from app.queueing.models import QueueCounter, QueueHall, Ticket
from app.queueing.queries import halls, lines
from app.queueing.queries.halls import CounterView, HallView, ServiceView
from app.queueing.rules import CALLS_BEFORE_PASSING, Need, TicketState, callable_at, spelt
from app.queueing.rules.measuring import seconds_between
from app.queueing.rules.signals import Thresholds, lamp_of
from app.queueing.service import where_of
from app.queueing.service.floor import day_begins, local_day

SHOWN: Final = 12
_PASSED: Final = 12
_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A counter somebody may sit down at, or who sits there."""

    id: int
    number: int
    staff: str  # empty: free
    services: str


@dataclass(frozen=True, slots=True)
class HallPlaces:
    """A hall and its counters."""

    name: str
    places: Sequence[Place]


@dataclass(frozen=True, slots=True)
class Now:
    """The number at the counter."""

    id: int
    number: str
    service: str
    state: str
    is_serving: bool
    need: str
    calls: int
    minutes: int
    may_pass_over: bool
    talk_ref: str
    citizen: str  # whose number it is, where no conversation with them runs


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody who waits."""

    number: str
    service: str
    need: str
    minutes: int
    lamp: str
    is_known: bool
    is_sent_on: bool
    is_booked: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """The counter in one line on top of every page of whoever is at one."""

    counter: int = 0
    now: Now | None = None
    waiting: int = 0
    paused: str = ""


@dataclass(frozen=True, slots=True)
class CounterPage:
    """The whole page; without a counter, the ones to sit down at."""

    bar: Bar
    hall: str = ""
    halls: Sequence[HallPlaces] = ()
    line: Sequence[Line] = ()
    passed: Sequence[tuple[int, str, datetime]] = ()
    onward: Sequence[tuple[int, str]] = ()
    counters: Sequence[tuple[int, int]] = ()
    rules: QueueHall | None = None
    has_list: bool = False
    q: str = ""
    answer: Answer | None = None
    action: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    reasons: Sequence[tuple[str, str]] = tuple((str(k), v) for k, v in REASONS.items())
    needs: Sequence[tuple[str, str]] = tuple((str(k), v) for k, v in NEEDS.items())


@dataclass(frozen=True, slots=True)
class _Seat:
    """What every view of a counter begins with."""

    session: Session
    counter: QueueCounter
    ticket: Ticket | None
    now: datetime
    english: bool
    services: Mapping[int, ServiceView]

    def name(self, service_id: int) -> str:
        found = self.services[service_id]
        return named(found, english=self.english)


def named(one: ServiceView | HallView, *, english: bool) -> str:
    """The name in the reader's language."""
    return (english and one.name_en) or one.name


def bar_of(session: Session, actor: Actor, *, now: datetime, english: bool) -> Bar:
    """The strip: three small reads for whoever is at a counter, one for everybody else."""
    seat = _seat(session, actor, now=now, english=english)
    if seat is None:
        return Bar()
    waiting = lines.waiting_of(session, seat.counter.hall_id, _day(seat))
    mine = halls.services_at(session, seat.counter.id)
    return _bar(seat, len(callable_at(waiting, seat.counter.id, mine)))


def page_of(
    session: Session,
    actor: Actor,
    *,
    now: datetime,
    english: bool,
    **given: Any,  # noqa: ANN401  # fields of CounterPage, which checks them
) -> CounterPage:
    """The page of one's own counter, or the counters of the halls one works in."""
    seat = _seat(session, actor, now=now, english=english)
    if seat is None:
        return CounterPage(Bar(), halls=_places(session, actor, now=now, english=english), **given)
    hall_id = seat.counter.hall_id
    hall = next(one for one in halls.list_halls(session) if one.id == hall_id)
    mine = halls.services_at(session, seat.counter.id)
    waiting = lines.waiting_of(session, hall_id, _day(seat))
    order = [one.id for one in callable_at(waiting, seat.counter.id, mine)]
    shown = {row.id: row for row in lines.lined_up(session, hall_id, _day(seat))}
    rules = halls.get_rules(session, hall_id)
    thresholds = Thresholds(rules.goal, rules.yellow, rules.red, rules.crowd)
    begins = day_begins(session, hall_id, _day(seat))
    return CounterPage(
        _bar(seat, len(order)),
        hall=named(hall, english=english),
        line=[_line(seat, shown[one], thresholds) for one in order[:SHOWN] if one in shown],
        passed=[
            (row.id, spelt(row.prefix, row.number), row.called_at)
            for row in lines.passed_over(session, hall_id, _day(seat), _PASSED)
        ],
        onward=[
            (one.id, f"{one.prefix} {named(one, english=english)}")
            for one in seat.services.values()
            if one.is_active
        ],
        counters=[
            (one.id, one.number)
            for one in halls.counters_of(session, hall_id)
            if one.is_active and one.id != seat.counter.id and one.is_staffed(begins)
        ],
        rules=rules,
        has_list=shift.is_pending(session, actor.id, hall_id),
        **given,
    )


def _seat(session: Session, actor: Actor, *, now: datetime, english: bool) -> _Seat | None:
    actor.require(Permission.QUEUE_SERVE)
    where = where_of(session, actor, now=now)
    if where is None:
        return None
    counter, ticket = where
    services = {one.id: one for one in halls.services_of(session, counter.hall_id)}
    return _Seat(session, counter, ticket, now, english, services)


def _day(seat: _Seat) -> date:
    return local_day(seat.session, seat.counter.hall_id, seat.now)


def _bar(seat: _Seat, waiting: int) -> Bar:
    paused = next((v for k, v in REASONS.items() if str(k) == seat.counter.pause_reason), "")
    return Bar(
        counter=seat.counter.number,
        now=_now(seat, seat.ticket) if seat.ticket else None,
        waiting=waiting,
        paused=paused,
    )


def _now(seat: _Seat, ticket: Ticket) -> Now:
    since = ticket.serving_at or ticket.called_at or seat.now
    return Now(
        id=ticket.id,
        number=spelt(ticket.prefix, ticket.number),
        service=seat.name(ticket.service_id),
        state=STATES[ticket.state],
        is_serving=ticket.state is TicketState.SERVING,
        need=NEEDS[ticket.need] if ticket.need is not Need.NONE else "",
        calls=ticket.calls,
        minutes=seconds_between(since, seat.now) // _MINUTE,
        may_pass_over=ticket.state is TicketState.CALLED and ticket.calls >= CALLS_BEFORE_PASSING,
        talk_ref=ticket.talk_ref,
        citizen=number_of(ticket.citizen_id) if ticket.citizen_id and not ticket.talk_ref else "",
    )


def _line(seat: _Seat, row: Row[*tuple[Any, ...]], thresholds: Thresholds) -> Line:
    seconds = seconds_between(row.taken_at, seat.now)
    return Line(
        number=spelt(row.prefix, row.number),
        service=seat.name(row.service_id),
        need=NEEDS[row.need] if row.need is not Need.NONE else "",
        minutes=seconds // _MINUTE,
        lamp=lamp_of(seconds, thresholds),
        is_known=row.citizen_id is not None,
        is_sent_on=row.state is TicketState.TRANSFERRED,
        is_booked=row.booked_for is not None,
    )


def _places(session: Session, actor: Actor, *, now: datetime, english: bool) -> list[HallPlaces]:
    found = []
    for hall in halls.list_halls(session):
        if actor.covers(
            Permission.QUEUE_SERVE,
            unit_id=hall.id,
            unit_path=hall.path,
            region_code=hall.region_code,
            handler_id=None,
        ):
            begins = day_begins(session, hall.id, local_day(session, hall.id, now))
            letters = {one.id: one.prefix for one in halls.services_of(session, hall.id)}
            places = [
                _place(one, letters, begins)
                for one in halls.counters_of(session, hall.id)
                if one.is_active
            ]
            found.append(HallPlaces(named(hall, english=english), places))
    return found


def _place(one: CounterView, letters: Mapping[int, str], begins: datetime) -> Place:
    staff = one.staff if one.is_staffed(begins) else ""
    services = " ".join(sorted(letters[key] for key in one.service_ids))
    return Place(one.id, one.number, staff, services)
