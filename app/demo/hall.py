"""The service hall of the demo city on the day it is founded: people come, are called, wait.

Played through the services of the queue for the last two hours; the demo clerk sits at
counter 1 with nobody there yet, so that F8 calls the next one.
"""

import heapq
from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.calendars import queries as calendars
from app.calendars.rules.opening import read_spans
from app.calendars.service import By, set_hours
from app.demo.people import Staffing
from app.demo.queries import citizen_ids
from app.kernel.authors import MACHINE
from app.queueing import service
from app.queueing.models import Ticket
from app.queueing.rules import CALLS_BEFORE_PASSING, Need, PauseReason, Source
from app.queueing.service import NewTicket, setup
from app.queueing.service.floor import day_begins, local_day
from app.queueing.service.setup import CounterDraft, HallRules, ServiceDraft

_HALL: Final = "HALL"
_SERVICES: Final = (
    ServiceDraft("A", "社会保障", "Social insurance", 7),
    ServiceDraft("B", "户籍身份证", "Household and identity", 6),
    ServiceDraft("C", "不动产登记", "Real estate", 12),
    ServiceDraft("D", "综合咨询", "Advice", 4),
)
_COUNTERS: Final = ("ABCD", "AD", "AB", "BC", "C", "D", "A", "B")
_HOURS: Final = "8:00-22:00"
_LASTS: Final = timedelta(hours=2)
_VISITORS: Final = 72
_SOON: Final = timedelta(minutes=4)
_KNOWN: Final = 3  # one in so many laid a card on the reader
_AWAY: Final = 0.07
_SOURCES: Final = (Source.KIOSK, Source.KIOSK, Source.KIOSK, Source.PHONE)
_NEEDS: Final = (*[Need.NONE] * 7, Need.SENIOR, Need.SENIOR, Need.DISABLED)


def found(session: Session, staffing: Staffing, *, now: datetime, dice: Random) -> None:
    """Set the hall up and let its morning pass; open by day and night, to be shown at any hour."""
    hall_id = staffing.units[_HALL]
    rules = HallRules(keeps_hours=False)
    setup.set_up(session, hall_id, rules, version=0, by=MACHINE, now=now)
    open_daily(session, hall_id, now=now)
    services = {
        one.prefix: setup.add_service(session, hall_id, one, by=MACHINE, now=now).id
        for one in _SERVICES
    }
    counters = [
        setup.add_counter(
            session,
            hall_id,
            CounterDraft(number, frozenset(services[letter] for letter in letters)),
            by=MACHINE,
            now=now,
        ).id
        for number, letters in enumerate(_COUNTERS, start=1)
    ]
    begins = max(now - _LASTS, day_begins(session, hall_id, local_day(session, hall_id, now)))
    first, *others = staffing.by_role[Role.CLERK]
    for clerk, counter in zip(others, counters[1:], strict=False):
        service.sign_on(session, clerk, counter, now=begins)
    _Morning(session, hall_id, list(services.values()), dice).play(others, begins, now)
    service.pause(session, others[-1], PauseReason.PAPERWORK, now=now)
    service.sign_on(session, first, counters[0], now=now)


def open_daily(session: Session, hall_id: int, *, now: datetime) -> None:
    """Open every day and into the evening, so that whenever it is shown today can be booked."""
    by = By(Actor.system(), now, calendars.book(session).revision)
    set_hours(session, hall_id, (read_spans(_HOURS),) * 7, by=by)


class _Morning:
    """Visitors and clerks in the order of time."""

    def __init__(
        self, session: Session, hall_id: int, services: Sequence[int], dice: Random
    ) -> None:
        self._session = session
        self._hall_id = hall_id
        self._services = services
        self._dice = dice
        self._known = citizen_ids(session)
        self._at_counter: dict[int, Ticket] = {}

    def play(self, clerks: Sequence[Actor], begins: datetime, now: datetime) -> None:
        """Until now; whoever is at a counter then stays there."""
        length = (now - begins) / _VISITORS
        due = [(begins + length * n, n, None) for n in range(_VISITORS)]
        queue: list[tuple[datetime, int, Actor | None]] = [
            *due,
            *((begins + _SOON, _VISITORS + n, clerk) for n, clerk in enumerate(clerks)),
        ]
        heapq.heapify(queue)
        while queue and queue[0][0] < now:
            at, n, clerk = heapq.heappop(queue)
            if clerk is None:
                self._come(n, at)
            else:
                heapq.heappush(queue, (self._call(clerk, at), n, clerk))

    def _come(self, n: int, at: datetime) -> None:
        dice = self._dice
        citizen = dice.choice(self._known) if self._known and n % _KNOWN == 0 else None
        new = NewTicket(
            dice.choice(self._services), dice.choice(_SOURCES), dice.choice(_NEEDS), citizen
        )
        service.take(self._session, self._hall_id, new, now=at)

    def _call(self, clerk: Actor, at: datetime) -> datetime:
        """Call the next one; when the clerk is free again."""
        before = self._at_counter.pop(clerk.id, None)
        seen = before.id if before else None
        ticket = service.call_next(self._session, clerk, seen=seen, now=at).ticket
        if ticket is None:
            return at + timedelta(minutes=2)
        if self._dice.random() < _AWAY:
            for _ in range(CALLS_BEFORE_PASSING - 1):
                service.recall(self._session, clerk, ticket.id, now=at)
            service.pass_over(self._session, clerk, ticket.id, now=at + timedelta(minutes=1))
            return at + timedelta(minutes=1)
        self._at_counter[clerk.id] = ticket
        service.serve(self._session, clerk, ticket.id, now=at + timedelta(seconds=30))
        return at + timedelta(minutes=self._dice.uniform(4, 10))
