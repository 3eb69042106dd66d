"""Real worker processes, one of them killed: nothing is lost and nothing happens twice."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import jobs
from app.kernel.jobs import Job
from tests.support.clock import MONDAY_9AM

Db = sessionmaker[Session]
AFTER_THE_LEASE = MONDAY_9AM + jobs.LEASE + timedelta(minutes=1)
AFTER_THE_BACK_OFF = AFTER_THE_LEASE + timedelta(minutes=1)

pytestmark = pytest.mark.slow


@pytest.fixture
def url(engine: Engine) -> str:
    with engine.execution_options(writing=True).begin() as connection:
        connection.execute(text("CREATE TABLE effects (n INTEGER NOT NULL)"))
    return engine.url.render_as_string(hide_password=False)


@contextmanager
def a_worker(url: str, *times: datetime) -> Iterator["subprocess.Popen[str]"]:
    words = [sys.executable, "-m", "tests.support.worker_process", url]
    pipe = subprocess.PIPE
    with subprocess.Popen(  # the words are ours
        [*words, *(time.isoformat() for time in times)], stdin=pipe, stdout=pipe, text=True
    ) as process:
        yield process
        process.kill()


def put(db: Db, count: int, **more: bool) -> None:
    with db.begin() as session:
        for n in range(count):
            jobs.enqueue(session, "effect", {"n": n, **more}, run_at=MONDAY_9AM)


def effects(db: Db) -> list[int]:
    with db() as session:
        return list(session.execute(text("SELECT n FROM effects ORDER BY n")).scalars())


def left(db: Db) -> list[Job]:
    with db() as session:
        return list(session.scalars(select(Job)))


def test_a_worker_killed_in_the_middle_of_a_job_leaves_it_undone_and_another_does_it_once(
    db: Db, url: str
) -> None:
    put(db, 1, halts=True)
    with a_worker(url, MONDAY_9AM) as doomed:
        assert doomed.stdout is not None
        in_the_middle = doomed.stdout.readline()
        doomed.kill()
        doomed.wait()
    after_the_death = (effects(db), len(left(db)))

    with a_worker(url, AFTER_THE_LEASE, AFTER_THE_BACK_OFF) as heir:
        heir.communicate("go on\n")

    assert in_the_middle == "0\n"
    assert after_the_death == ([], 1)
    assert effects(db) == [0]
    assert left(db) == []


def test_two_workers_share_the_work_and_one_is_killed_under_way(db: Db, url: str) -> None:
    put(db, 40)
    with a_worker(url, MONDAY_9AM) as doomed, a_worker(url, MONDAY_9AM) as other:
        assert doomed.stdout is not None
        for _ in range(10):
            doomed.stdout.readline()
        doomed.kill()
        doomed.wait()
        done_by_other = other.communicate()[0].split()

    with a_worker(url, AFTER_THE_LEASE, AFTER_THE_BACK_OFF) as heir:
        heir.communicate()

    assert len(done_by_other) > 0
    assert effects(db) == list(range(40))
    assert left(db) == []


def test_a_worker_told_to_stop_finishes_the_job_under_way_and_begins_no_other(
    db: Db, url: str
) -> None:
    put(db, 2, halts=True)

    with a_worker(url) as polite:
        assert polite.stdout is not None
        under_way = int(polite.stdout.readline())
        polite.terminate()
        assert polite.stdin is not None
        polite.stdin.write("go on\n")
        polite.stdin.flush()
        end = polite.wait()

    assert end == 0
    assert effects(db) == [under_way]
    assert len(left(db)) == 1
