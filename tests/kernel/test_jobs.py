"""The table of jobs: in with the transaction, done once, given up in sight."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.kernel import jobs
from app.kernel.errors import NotFoundError
from app.kernel.jobs import Job, JobStatus, Payload
from app.web.deps import Edge
from app.worker import Worker
from tests.kernel.errands import MINUTE, TASKS, Db, crowd, put, refuse, waiting
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import an_edge


@pytest.fixture
def edge(engine: Engine, clock: StoppedClock) -> Edge:
    return an_edge(engine, clock)


def test_a_job_is_done_at_its_time_and_then_gone(db: Db, edge: Edge, clock: StoppedClock) -> None:
    put(db, after=MINUTE)
    worker = Worker(edge, TASKS)

    too_early = worker.drain()
    clock.advance(MINUTE)
    on_time = worker.drain()

    assert (too_early, on_time) == (0, 1)
    assert waiting(db) == []


def test_a_job_exists_only_if_the_business_transaction_commits(db: Db) -> None:
    with db() as session:
        jobs.enqueue(session, "note", run_at=MONDAY_9AM)
        session.rollback()

    assert waiting(db) == []


def test_what_waits_under_one_name_is_moved_not_doubled(db: Db) -> None:
    put(db, dedup="sla:7")
    put(db, dedup="sla:7", after=MINUTE)
    put(db)
    put(db)

    times = [job.run_at - MONDAY_9AM for job in waiting(db)]

    assert times == [MINUTE, timedelta(), timedelta()]


def test_a_job_put_in_while_its_twin_runs_waits_for_the_twin(db: Db, clock: StoppedClock) -> None:
    put(db, dedup="sla:7")
    with db.begin() as session:
        first = jobs.claim(session, worker="a", now=clock.now())
    put(db, dedup="sla:7")

    with db.begin() as session:
        during = jobs.claim(session, worker="b", now=clock.now())
    with db.begin() as session:
        assert first is not None
        jobs.finish(session, first)
    with db.begin() as session:
        after = jobs.claim(session, worker="b", now=clock.now())

    assert during is None
    assert after is not None


def test_a_waiting_job_can_be_taken_back(db: Db) -> None:
    put(db, dedup="sla:7")

    with db.begin() as session:
        answers = (jobs.cancel(session, "sla:7"), jobs.cancel(session, "sla:7"))

    assert answers == (True, False)


def test_a_failing_job_is_tried_five_times_and_then_shown(
    db: Db, edge: Edge, clock: StoppedClock
) -> None:
    put(db, "refuse")
    worker = Worker(edge, TASKS)
    gaps = []

    while (job := waiting(db)[0]).status is JobStatus.READY:
        gaps.append(job.run_at - clock.now())
        clock.at = job.run_at
        worker.drain()

    assert len(gaps) == jobs.MAX_ATTEMPTS
    assert gaps[1:] == sorted(gaps[1:])
    with db() as session:
        dead = jobs.list_dead(session)
    assert dead[0].trouble.startswith("ConflictError (Somebody else changed this")
    assert "refuse" in dead[0].trouble


def test_a_job_that_was_given_up_can_be_revived_once(
    db: Db, edge: Edge, clock: StoppedClock
) -> None:
    put(db)
    with db.begin() as session:
        session.scalars(select(Job)).one().attempts = jobs.MAX_ATTEMPTS - 1
    nothing_known = Worker(edge, {})
    nothing_known.drain()
    job_id = waiting(db)[0].id

    with db.begin() as session:
        jobs.revive(session, job_id, now=clock.now())
    done = Worker(edge, TASKS).drain()

    assert done == 1
    with db() as session, pytest.raises(NotFoundError):
        jobs.revive(session, job_id, now=clock.now())


def test_a_revived_job_gives_way_to_its_newer_twin(db: Db, clock: StoppedClock) -> None:
    with db.begin() as session:
        dead = Job(name="note", payload={}, dedup="sla:7", status=JobStatus.DEAD, run_at=MONDAY_9AM)
        session.add(dead)
    put(db, dedup="sla:7")

    with db.begin() as session:
        jobs.revive(session, dead.id, now=clock.now())

    assert [job.status for job in waiting(db)] == [JobStatus.READY]


def test_trouble_is_written_down_without_the_values_that_caused_it(db: Db, edge: Edge) -> None:
    def trip(_session: Session, _payload: Payload, **_: object) -> None:
        msg = "张三 17900000001"
        raise ValueError(msg)

    put(db)

    Worker(edge, {"note": trip}).drain()

    assert "1790" not in waiting(db)[0].trouble
    assert waiting(db)[0].trouble.startswith("ValueError at ")
    assert "trip:" in waiting(db)[0].trouble


def test_a_failed_job_leaves_no_effect(db: Db, edge: Edge) -> None:
    def half(session: Session, payload: Payload, **_: object) -> None:
        jobs.enqueue(session, "effect", run_at=MONDAY_9AM + MINUTE)
        refuse(session, payload)

    put(db)

    Worker(edge, {"note": half}).drain()

    assert [job.name for job in waiting(db)] == ["note"]


def test_the_job_of_a_vanished_worker_is_taken_over_and_the_old_hold_is_worthless(
    db: Db, clock: StoppedClock
) -> None:
    put(db)
    with db.begin() as session:
        lost = jobs.claim(session, worker="a", now=clock.now())
    clock.advance(jobs.LEASE + MINUTE)
    with db.begin() as session:
        jobs.reclaim(session, now=clock.now())
    clock.advance(MINUTE)

    with db.begin() as session:
        mine = jobs.claim(session, worker="b", now=clock.now())

    assert lost is not None
    assert mine is not None
    assert (mine.id, mine.attempts) == (lost.id, 2)
    for step in (jobs.hold, jobs.finish):
        with db() as session, pytest.raises(jobs.LostClaimError):
            step(session, lost)


def test_the_job_of_a_vanished_worker_gives_way_to_its_newer_twin(
    db: Db, clock: StoppedClock
) -> None:
    put(db, dedup="sla:7")
    with db.begin() as session:
        jobs.claim(session, worker="a", now=clock.now())
    put(db, dedup="sla:7")
    clock.advance(jobs.LEASE + MINUTE)

    with db.begin() as session:
        jobs.reclaim(session, now=clock.now())

    assert [job.status for job in waiting(db)] == [JobStatus.READY]


@pytest.mark.parametrize("database_url", ["pg"], indirect=True)  # SQLite: nobody can even ask
def test_a_job_at_work_is_not_taken_away_however_long_it_takes(db: Db, clock: StoppedClock) -> None:
    put(db)
    with db.begin() as session:
        claim = jobs.claim(session, worker="a", now=clock.now())
    assert claim is not None

    with db.begin() as working:
        jobs.hold(working, claim)
        clock.advance(timedelta(days=1))
        with db.begin() as session:
            jobs.reclaim(session, now=clock.now())
        jobs.finish(working, claim)

    assert waiting(db) == []


def test_many_claimants_at_once_never_get_the_same_job(db: Db, clock: StoppedClock) -> None:
    for _ in range(24):
        put(db)
    taken: list[int] = []
    start = threading.Barrier(4)

    def take(worker: str) -> None:
        start.wait()
        for _ in range(6):
            with db.begin() as session:
                claim = jobs.claim(session, worker=worker, now=clock.now())
            if claim:
                taken.append(claim.id)

    with crowd(take):
        pass

    assert len(taken) == len(set(taken)) == 24
