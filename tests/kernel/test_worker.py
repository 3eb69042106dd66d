"""The worker: what comes round by itself, its beat, its pauses, errands outside the database."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.kernel import jobs, schedule
from app.kernel.db import make_engine
from app.kernel.jobs import Errand, Payload
from app.kernel.schedule import JobSchedule, Periodic
from app.web.deps import Edge
from app.worker import Worker, beside
from tests.kernel.errands import MINUTE, TASKS, Db, crowd, put, waiting
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import an_edge


@pytest.fixture
def edge(engine: Engine, clock: StoppedClock) -> Edge:
    return an_edge(engine, clock)


def test_a_periodic_job_is_called_once_a_slot_however_many_look(
    db: Db, clock: StoppedClock
) -> None:
    table = (Periodic("note", every=timedelta(hours=1)),)
    start = threading.Barrier(4)

    def look(_worker: str) -> None:
        start.wait()
        with db.begin() as session:
            schedule.call_due(session, table, now=clock.now())

    calls = []
    for _ in range(3):
        with crowd(look):
            pass
        calls.append(len(waiting(db)))
        with db.begin() as session:
            claim = jobs.claim(session, worker="a", now=clock.now())
            assert claim is not None
            jobs.finish(session, claim)
        clock.advance(timedelta(hours=1))

    assert calls == [1, 1, 1]


def test_a_slot_is_counted_from_midnight_and_a_missed_one_is_not_made_up_for(
    db: Db, clock: StoppedClock
) -> None:
    nightly = Periodic("note", every=timedelta(days=1), offset=timedelta(hours=19, minutes=15))
    with db.begin() as session:
        schedule.call_due(session, (nightly,), now=clock.now())

    clock.advance(timedelta(days=3))
    with db.begin() as session:
        schedule.call_due(session, (nightly,), now=clock.now())

    with db() as session:
        due = session.scalars(select(JobSchedule.next_at)).one()
    assert due == MONDAY_9AM.replace(day=5, hour=19, minute=15)
    assert len(waiting(db)) == 1


def test_a_worker_is_alive_as_long_as_it_beats(db: Db, edge: Edge, clock: StoppedClock) -> None:
    seen = []
    with db() as session:
        seen.append(jobs.worker_alive(session, clock.now()))
    Worker(edge, {}).drain()
    for wait in (MINUTE, 2 * MINUTE):
        clock.advance(wait)
        with db() as session:
            seen.append(jobs.worker_alive(session, clock.now()))

    assert seen == [False, True, False]


def test_an_idle_worker_sleeps_a_second_or_until_the_next_job(db: Db, edge: Edge) -> None:
    worker = Worker(edge, TASKS)
    worker.drain()
    idle = worker.pause()
    put(db, after=timedelta(seconds=0.4))

    assert (idle, worker.pause()) == (1.0, 0.4)


def test_a_worker_beside_the_server_works_and_stops_when_told(db: Db, edge: Edge) -> None:
    done = threading.Event()

    def tell(_session: Session, _payload: Payload, **_: object) -> None:
        done.set()

    put(db)

    with beside(Worker(edge, {"note": tell})):
        came = done.wait(10)

    assert came
    assert waiting(db) == []


class StopAtTheFirstPause(threading.Event):
    waited: float | None = None

    def wait(self, timeout: float | None = None) -> bool:
        self.waited = timeout
        self.set()
        return True


def test_a_worker_outlives_a_database_that_is_gone(tmp_path: Path, clock: StoppedClock) -> None:
    nowhere = make_engine(f"sqlite:///{tmp_path}/missing/x.db")
    stop = StopAtTheFirstPause()

    Worker(an_edge(nowhere, clock), TASKS).run(stop)

    assert stop.waited == 5.0
    nowhere.dispose()


def test_an_errand_goes_out_between_two_transactions(db: Db, edge: Edge) -> None:
    story: list[str] = []

    def go(what: object) -> str:
        with db.begin() as session:  # nobody holds a lock meanwhile
            jobs.enqueue(session, "meanwhile", run_at=MONDAY_9AM + MINUTE)
        return f"{what}, gone"

    errand = Errand(
        prepare=lambda _s, payload, _now: f"errand {payload['n']}",
        go=go,
        settle=lambda _s, _p, answer, _now: story.append(answer),
    )
    put(db)

    Worker(edge, {"note": errand}).drain()

    assert story == ["errand 1, gone"]
    assert [job.name for job in waiting(db)] == ["meanwhile"]


def test_an_errand_with_nothing_to_do_is_finished(db: Db, edge: Edge) -> None:
    never = Errand(
        prepare=lambda _s, _p, _now: None,
        go=lambda _what: pytest.fail("went out"),
        settle=lambda _s, _p, _a, _now: None,
    )
    put(db)

    Worker(edge, {"note": never}).drain()

    assert waiting(db) == []
