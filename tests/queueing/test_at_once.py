"""Twenty counters and two kiosks at the same time: nobody is called twice, no number is lost."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Engine, select
from sqlalchemy.orm import sessionmaker

from app.queueing import service
from app.queueing.models import QueueEvent, Ticket
from app.queueing.queries import lines
from app.queueing.rules import Deed, Need, Source, TicketState
from app.queueing.service import NewTicket
from app.web.deps import Edge
from tests.queueing.halls import HALL, Hall, a_hall
from tests.support.city import Db
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import an_edge

COUNTERS = 20
VISITORS = 60


def takes(edge: Edge, service_id: int, visitors: int) -> list[str]:
    """One kiosk gives out numbers, each in a transaction of its own."""
    found = []
    for n in range(visitors):
        with edge.writing() as session:
            new = NewTicket(service_id, Source.KIOSK, Need.SENIOR if n % 5 == 0 else Need.NONE)
            ticket = service.take(session, HALL, new, now=MONDAY_9AM)
            found.append(f"{ticket.prefix}{ticket.number}")
    return found


def serves(edge: Edge, hall: Hall, clerk: int) -> list[int]:
    """One counter calls until nobody waits; whom it called."""
    found = list[int]()
    seen: int | None = None
    while True:
        with edge.writing() as session:
            at = MONDAY_9AM + timedelta(minutes=1)
            called = service.call_next(session, hall.clerks[clerk], seen=seen, now=at).ticket
            seen = called.id if called else None
        if seen is None:
            return found
        found.append(seen)


def test_twenty_counters_call_everybody_once(engine: Engine, db: Db, clock: StoppedClock) -> None:
    hall = a_hall(db, counters=COUNTERS)
    edge = an_edge(engine, clock)
    with hall.db.begin() as session:
        for n in range(COUNTERS):
            hall.sits(session, n, n + 1, now=MONDAY_9AM)

    with ThreadPoolExecutor(COUNTERS) as threads:
        given = list(
            threads.map(
                lambda letter: takes(edge, hall.services[letter], VISITORS // 4),
                ["A", "A", "B", "C"],
            )
        )
        called = list(threads.map(lambda n: serves(edge, hall, n), range(COUNTERS)))

    numbers = [number for some in given for number in some]
    calls = [ticket for some in called for ticket in some]
    assert len(set(numbers)) == VISITORS
    assert sorted(n for n in numbers if n[0] == "A") == sorted(
        f"A{n}" for n in range(1, VISITORS // 2 + 1)
    )
    assert len(calls) == len(set(calls)) == VISITORS
    with sessionmaker(engine)() as session:
        assert set(session.scalars(select(Ticket.state))) == {TicketState.DONE}
        deeds = Counter(session.scalars(select(QueueEvent.deed)))
        seqs = session.scalars(select(QueueEvent.seq).order_by(QueueEvent.seq)).all()
        assert deeds[Deed.CALL] == deeds[Deed.FINISH] == VISITORS
        assert list(seqs) == list(range(1, len(seqs) + 1))
        assert lines.revisions(session) == {HALL: len(seqs)}


def test_two_clerks_who_sit_down_at_once_do_not_share_a_counter(
    engine: Engine, db: Db, clock: StoppedClock
) -> None:
    hall = a_hall(db, counters=4)
    edge = an_edge(engine, clock)

    def sits(clerk: int) -> bool:
        try:
            with edge.writing() as session:
                hall.sits(session, clerk, 1, now=MONDAY_9AM)
        except Exception:  # noqa: BLE001  # whatever refuses, it must refuse
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        sat = list(threads.map(sits, range(4)))

    assert sorted(sat) == [False, False, False, True]
