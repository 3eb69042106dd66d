"""A day in a hall: 300 visitors, 8 counters, restarts at noon and at two; the books balance."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Engine, select

from app.kernel.db import make_engine
from app.queueing import service
from app.queueing.models import Ticket
from app.queueing.queries import lines
from app.queueing.rules import Need, Source, TicketState, callable_at, spelt
from app.queueing.rules.measuring import seconds_between
from app.queueing.service import Onward, foretelling, watching
from app.queueing.service.setup import HallRules
from app.web.deps import Edge
from tests.queueing.halls import HALL, Hall, a_hall
from tests.support.city import Db
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import an_edge

VISITORS, COUNTERS = 300, 8
DAY = MONDAY_9AM.date()
NOON, TWO = MONDAY_9AM + timedelta(hours=3), MONDAY_9AM + timedelta(hours=5)
CLOSES = MONDAY_9AM + timedelta(hours=8)


class _Hall:
    """The day as it is played: who is at which counter, and what a fresh process would know."""

    def __init__(self, hall: Hall, edge: Edge, dice: Random) -> None:
        self.hall = hall
        self.edge = edge
        self.dice = dice
        self.seen: dict[int, int | None] = dict.fromkeys(range(COUNTERS))
        self.passed: list[int] = []

    def comes(self, at: datetime) -> None:
        letter, need = self.dice.choice("AABC"), self.dice.choice([*Need, Need.NONE, Need.NONE])
        with self.edge.writing() as session:
            self.hall.take(session, letter, now=at, need=need, source=Source.KIOSK)

    def calls(self, clerk: int, at: datetime) -> None:
        actor = self.hall.clerks[clerk]
        with self.edge.writing() as session:
            called = service.call_next(session, actor, seen=self.seen[clerk], now=at).ticket
            self.seen[clerk] = called.id if called else None
            if called is None:
                return
            luck = self.dice.random()
            if luck < 0.1:
                for _ in range(2):
                    service.recall(session, actor, called.id, now=at)
                service.pass_over(session, actor, called.id, now=at + timedelta(minutes=1))
                self.passed.append(called.id)
                self.seen[clerk] = None
            elif luck < 0.2:
                other = self.hall.services[self.dice.choice("BC")]
                if other != called.service_id:
                    onward = Onward(other)
                    service.transfer(session, actor, called.id, onward, now=at)
                    self.seen[clerk] = None
            else:
                service.serve(session, actor, called.id, now=at + timedelta(seconds=20))

    def comes_back(self, at: datetime) -> None:
        with self.edge.writing() as session:
            service.come_back(session, self.passed.pop(0), now=at)


def _part(day: _Hall, begins: datetime, ends: datetime, visitors: int) -> None:
    """So many come, spread over the time; each counter calls as soon as it has served."""
    length = (ends - begins) / visitors
    free = dict.fromkeys(range(COUNTERS), begins)
    for n in range(visitors):
        at = begins + length * n
        day.comes(at)
        for clerk in sorted(free):
            if free[clerk] <= at:
                day.calls(clerk, at)
                free[clerk] = at + timedelta(minutes=day.dice.uniform(5, 14))
        if day.passed and n % 3 == 0:
            day.comes_back(at)


def test_a_day_with_restarts_at_noon_and_at_two_ends_with_figures_that_agree(
    engine: Engine, db: Db, clock: StoppedClock
) -> None:
    hall = a_hall(db, counters=COUNTERS, rules=HallRules(most_in_a_row=1))
    with hall.db.begin() as session:
        for n in range(COUNTERS):
            hall.sits(session, n, n + 1, now=MONDAY_9AM)
    day = _Hall(hall, an_edge(engine, clock), Random(20260302))  # noqa: S311  # a story

    _part(day, MONDAY_9AM, NOON, VISITORS // 2)
    engine = _restarted(day, engine, clock, NOON)
    _part(day, NOON, TWO, VISITORS // 3)
    again = _restarted(day, engine, clock, TWO)
    _part(day, TWO, CLOSES, VISITORS // 6)
    _until_nobody_waits(day)

    with day.edge.reading() as session:
        tickets = session.scalars(select(Ticket).order_by(Ticket.id)).all()
        sheet = watching.sheet_of(session, HALL, DAY)
        measured = watching.day_of(session, HALL, DAY)
        waiting = foretelling.services_now(session, HALL, now=CLOSES)
    again.dispose()
    by_letter = Counter(one.prefix for one in tickets)
    states = Counter(one.state for one in tickets)
    assert len({spelt(one.prefix, one.number) for one in tickets}) == VISITORS
    assert {p: max(t.number for t in tickets if t.prefix == p) for p in by_letter} == by_letter
    assert states[TicketState.DONE] + states[TicketState.NO_SHOW] == VISITORS
    assert (sheet.taken, sheet.served, sheet.missed) == (
        VISITORS,
        states[TicketState.DONE],
        states[TicketState.NO_SHOW],
    )
    assert sum(one.served for one in sheet.lines) == sheet.served
    assert sum(one.missed for one in sheet.lines) == sheet.missed
    assert sum(one.people for one in sheet.half_hours) == len(measured.waits) == VISITORS
    assert [one.waiting for one in waiting] == [0, 0, 0]
    # What the tickets say of the last service is what the events say.
    last = {one.ticket_id: one.seconds for one in measured.services if not one.was_sent_on}
    assert last == {
        one.id: seconds_between(one.serving_at or one.called_at or one.taken_at, one.ended_at)
        for one in tickets
        if one.state is TicketState.DONE and one.ended_at
    }
    assert sheet.median is not None
    assert sheet.ninety is not None
    assert sheet.median <= sheet.ninety


def _restarted(day: _Hall, engine: Engine, clock: StoppedClock, now: datetime) -> Engine:
    """A fresh process finds the line as it was, and whoever was at a counter still there."""
    before = _line_of(day)
    assert before, "somebody waits, so that somebody could be lost"
    engine.dispose()
    again = make_engine(engine.url.render_as_string(hide_password=False))
    day.edge = an_edge(again, clock)
    assert _line_of(day) == before
    with day.edge.reading() as session:
        for n in range(COUNTERS):
            where = service.where_of(session, day.hall.clerks[n], now=now)
            assert where is not None
            assert (where[1].id if where[1] else None) == day.seen[n]
    return again


def _line_of(day: _Hall) -> list[int]:
    with day.edge.reading() as session:
        waiting = lines.waiting_of(session, HALL, DAY)
    return [one.id for one in callable_at(waiting, 0, every(day.hall))]


def every(hall: Hall) -> frozenset[int]:
    return frozenset(hall.services.values())


def _until_nobody_waits(day: _Hall) -> None:
    at = CLOSES
    for _ in range(VISITORS):
        at += timedelta(minutes=1)
        for clerk in range(COUNTERS):
            day.calls(clerk, at)
        if not any(day.seen.values()):
            with day.edge.reading() as session:
                if not lines.waiting_of(session, HALL, DAY):
                    return
