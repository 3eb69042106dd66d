"""Does what the job table says is due: one transaction per job, again and again until told to stop.

Runs as a process of its own (`civicwindow worker`) or as a thread beside the
web server; which jobs exist is a literal table it is given.
"""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event, Thread
from types import FrameType

import structlog
from sqlalchemy.orm import Session

from app.kernel import jobs, schedule
from app.kernel.failures import describe
from app.kernel.ids import random_token
from app.kernel.jobs import Claim, Errand, Tasks
from app.kernel.schedule import Schedule
from app.web.deps import Edge

_LOOK_EVERY = timedelta(seconds=1)
_LOOK_AGAIN = timedelta(seconds=0.1)
_WAIT_FOR_THE_DATABASE = 5.0  # seconds

_log = structlog.get_logger("worker")


def worker_name() -> str:
    """Where it runs, and which start of it this is."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{random_token()[:8]}"


@dataclass
class Worker:
    """Claims and does jobs, one at a time."""

    edge: Edge
    tasks: Tasks
    schedule: Schedule = ()
    name: str = field(default_factory=worker_name)
    _next_beat: datetime | None = None

    def run(self, stop: Event) -> None:
        """Work until `stop` is set; outlives a database that is gone for a while."""
        _log.info("worker started", worker=self.name)
        while not stop.is_set():
            try:
                pause = 0.0 if self.step() else self.pause()
            except Exception as error:  # noqa: BLE001  # a worker that dies is missed too late
                _log.warning("worker cannot reach its table", trouble=describe(error))
                pause = _WAIT_FOR_THE_DATABASE
            stop.wait(pause)
        _log.info("worker stopped", worker=self.name)

    def step(self) -> bool:
        """Do the one job that has been due longest; False when nothing is due."""
        claim = self._claim()
        if claim is None:
            return False
        try:
            self._do(claim)
        except Exception as error:  # noqa: BLE001  # whatever went wrong, the job is told
            self._fail(claim, error)
        return True

    def drain(self) -> int:
        """Do everything that is due now; how many jobs that was."""
        done = 0
        while self.step():
            done += 1
        return done

    def pause(self) -> float:
        """How many seconds there is nothing to do, at most one."""
        with self.edge.reading() as session:
            wait = self._wake(session) - self.edge.now()
        return min(max(wait, _LOOK_AGAIN), _LOOK_EVERY).total_seconds()

    def _wake(self, session: Session) -> datetime:
        now = self.edge.now()
        times = (
            jobs.next_due(session),
            schedule.next_call(session, self.schedule, now=now),
            self._next_beat or now,
        )
        return min(time for time in times if time is not None)

    def _claim(self) -> Claim | None:
        # A look costs nothing; a claim costs SQLite its one write lock.
        with self.edge.reading() as session:
            if self._wake(session) > self.edge.now():
                return None
        with self.edge.writing() as session:
            now = self.edge.now()
            if self._next_beat is None or self._next_beat <= now:
                jobs.beat(session, worker=self.name, now=now)
                self._next_beat = now + jobs.BEAT_EVERY
            jobs.reclaim(session, now=now)
            schedule.call_due(session, self.schedule, now=now)
            return jobs.claim(session, worker=self.name, now=now)

    def _do(self, claim: Claim) -> None:
        task = self.tasks[claim.name]
        if isinstance(task, Errand):
            self._run_errand(task, claim)
        else:
            with self.edge.writing() as session:
                jobs.hold(session, claim)
                task(session, claim.payload, now=self.edge.now())
                jobs.finish(session, claim)

    def _run_errand(self, errand: Errand, claim: Claim) -> None:
        with self.edge.writing() as session:
            jobs.hold(session, claim)
            what = errand.prepare(session, claim.payload, self.edge.now())
            if what is None:
                jobs.finish(session, claim)
                return
        answer = errand.go(what)
        with self.edge.writing() as session:
            jobs.hold(session, claim)
            errand.settle(session, claim.payload, answer, self.edge.now())
            jobs.finish(session, claim)

    def _fail(self, claim: Claim, error: Exception) -> None:
        trouble = describe(error)
        _log.warning("job failed", job=claim.name, attempt=claim.attempts, trouble=trouble)
        with self.edge.writing() as session:
            jobs.fail(session, claim, trouble=trouble, now=self.edge.now())


@contextmanager
def beside(worker: Worker) -> Iterator[None]:
    """Run the worker in a thread for as long as the block lasts."""
    stop = Event()
    thread = Thread(target=worker.run, args=(stop,), name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def run_until_told(worker: Worker) -> None:
    """Run the worker in this process until SIGTERM or Ctrl-C; a job under way is finished first."""
    stop = Event()

    def tell(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, tell)
    worker.run(stop)
