"""Jobs and a worker for a test: put in, look, work."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.kernel import jobs
from app.kernel.errors import ConflictError
from app.kernel.jobs import Job, Payload, Tasks
from app.kernel.messages import mark
from tests.support.clock import MONDAY_9AM

Db = sessionmaker[Session]
MINUTE = timedelta(minutes=1)


def put(db: Db, name: str = "note", *, after: timedelta = timedelta(), dedup: str = "") -> None:
    with db.begin() as session:
        jobs.enqueue(session, name, {"n": 1}, run_at=MONDAY_9AM + after, dedup=dedup)


def waiting(db: Db) -> list[Job]:
    with db() as session:
        return list(session.scalars(select(Job).order_by(Job.id)))


def ignore(_session: Session, _payload: Payload, **_: object) -> None:
    """Does nothing, successfully."""


def refuse(_session: Session, _payload: Payload, **_: object) -> None:
    raise ConflictError(mark("Somebody else changed this while you were working on it."))


TASKS: Tasks = {"note": ignore, "refuse": refuse}


@contextmanager
def crowd(work: object) -> Iterator[None]:
    """Four at once, all of them finished at the end."""
    assert callable(work)
    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join()
