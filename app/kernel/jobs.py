"""The table of things to be done later: put in, claimed by one worker, finished exactly once.

Database effects happen once, because a job finishes in the transaction of its
effects; it knows no job by name, no clock and no loop (those are in `app/worker.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Protocol
from zlib import crc32

from sqlalchemy import (
    ColumnElement,
    Executable,
    Index,
    Select,
    String,
    and_,
    delete,
    func,
    select,
    update,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from app.kernel.db import JsonDict, Key, Model
from app.kernel.errors import ConflictError, NotFoundError
from app.kernel.messages import mark
from app.kernel.upsert import insert, insert_on

MAX_ATTEMPTS = 5
LEASE = timedelta(minutes=2)  # longer than the longest wait for somebody outside
BEAT_EVERY = timedelta(seconds=15)
ALIVE_WITHIN = timedelta(minutes=2)
VANISHED = "the worker vanished in the middle of the job"
_FIRST_RETRY = timedelta(seconds=10)
_FORGET_WORKER_AFTER = timedelta(days=1)

Payload = dict[str, Any]


class Run(Protocol):
    """Work in the database alone; safe to run twice, and it runs to its end once."""

    def __call__(self, session: Session, payload: Payload, /, *, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class Errand:
    """Work outside the database, between two transactions so that no lock waits for a stranger.

    `prepare` writes down that the errand begins and says what to do (None:
    nothing any more); `go` does it without a session and answers instead of
    raising; `settle` writes the answer down. A `prepare` that finds its own
    mark knows that an earlier attempt may have got through.
    """

    prepare: Callable[[Session, Payload, datetime], object | None]
    go: Callable[[Any], object]
    settle: Callable[[Session, Payload, Any, datetime], None]


Tasks = Mapping[str, Run | Errand]


class JobStatus(StrEnum):
    """Where a job stands; a finished one has no row."""

    READY = "ready"
    RUNNING = "running"
    DEAD = "dead"


_READY, _RUNNING, _DEAD = (sql(f"status = '{status}'") for status in JobStatus)


class Job(Model):
    """One thing to be done at `run_at` or soon after; `dedup` names what may wait only once."""

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_ready", "run_at", "id", postgresql_where=_READY, sqlite_where=_READY),
        Index(
            "uq_jobs_waiting", "dedup", unique=True, postgresql_where=_READY, sqlite_where=_READY
        ),
        Index("ix_jobs_running", "dedup", postgresql_where=_RUNNING, sqlite_where=_RUNNING),
        Index("ix_jobs_dead", "id", postgresql_where=_DEAD, sqlite_where=_DEAD),
    )

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80))
    payload: Mapped[JsonDict]
    dedup: Mapped[str | None] = mapped_column(String(200))
    status: Mapped[JobStatus] = mapped_column(default=JobStatus.READY)
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    worker: Mapped[str] = mapped_column(String(120), default="")
    lease_until: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(String(300), default="")

    def put_back(self, *, trouble: str, now: datetime) -> None:
        """Wait for the next attempt, or give up after the last."""
        self.worker, self.lease_until, self.trouble = "", None, trouble[:300]
        if self.attempts >= MAX_ATTEMPTS:
            self.status, self.run_at = JobStatus.DEAD, now
        else:
            self.status, self.run_at = JobStatus.READY, now + back_off(self.id, self.attempts)

    def start_afresh(self, *, now: datetime) -> None:
        """Wait again as if nothing had been tried."""
        self.status, self.attempts, self.run_at = JobStatus.READY, 0, now


class WorkerBeat(Model):
    """When a worker was last seen."""

    __tablename__ = "worker_beats"

    worker: Mapped[str] = mapped_column(String(120), primary_key=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Claim:
    """One worker's hold on one attempt at a job; worthless once somebody else has claimed it."""

    id: int
    name: str
    payload: Payload
    worker: str
    attempts: int


class LostClaimError(ConflictError):
    """Another worker has taken the job over; what this one did must not count."""

    code = "lost_claim"


def enqueue(
    session: Session,
    name: str,
    payload: Payload | None = None,
    *,
    run_at: datetime,
    dedup: str = "",
) -> None:
    """Have a job done at `run_at`, if and only if this transaction commits.

    A job that waits under the same `dedup` is moved to `run_at` and given the
    new payload instead; one that is already running does not count as waiting.
    """
    session.flush()  # what the job is about may still have to be written
    session.connection().execute(
        _enqueued(session.get_bind().dialect.name),
        {
            "name": name,
            "payload": payload or {},
            "dedup": dedup or None,
            "status": JobStatus.READY,
            "run_at": run_at,
        },
    )


@cache
def _enqueued(dialect: str) -> Executable:
    # Built once for each database: a job goes with most of what people do.
    new = insert_on(dialect, Job)
    return new.on_conflict_do_update(
        index_elements=[Job.dedup],
        index_where=_READY,
        set_={"run_at": new.excluded.run_at, "payload": new.excluded.payload},
    )


def cancel(session: Session, dedup: str) -> bool:
    """Take back a job that still waits; False when there is none."""
    waiting = (Job.dedup == dedup, Job.status == JobStatus.READY)
    return session.execute(delete(Job).where(*waiting).returning(Job.id)).first() is not None


def claim(session: Session, *, worker: str, now: datetime) -> Claim | None:
    """Take the job that has been due longest and whose twin is not running; None if nothing is."""
    twin = aliased(Job)
    is_running_already = (
        select(twin.id).where(twin.dedup == Job.dedup, twin.status == JobStatus.RUNNING).exists()
    )
    due = (
        select(Job.id)
        .where(Job.status == JobStatus.READY, Job.run_at <= now, ~is_running_already)
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Job)
    )
    taken = session.execute(
        update(Job)
        .where(Job.id == due.scalar_subquery())
        .values(
            status=JobStatus.RUNNING,
            worker=worker,
            attempts=Job.attempts + 1,
            lease_until=now + LEASE,
        )
        .returning(Job.id, Job.name, Job.payload, Job.attempts)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    return taken and Claim(taken.id, taken.name, taken.payload, worker, taken.attempts)


def hold(session: Session, claim: Claim) -> None:
    """Keep everybody else off the job until this transaction ends.

    Raises:
        LostClaimError: somebody else has claimed it meanwhile.
    """
    if session.execute(select(Job.id).where(_is_mine(claim)).with_for_update()).first() is None:
        raise LostClaimError(mark("Another worker has taken this job over."))


def keep(session: Session, dedup: str, *, now: datetime) -> None:
    """Say that the running job of this name goes on: its worker is busy, not gone."""
    running = (Job.dedup == dedup, Job.status == JobStatus.RUNNING)
    session.execute(update(Job).where(*running).values(lease_until=now + LEASE))


def finish(session: Session, claim: Claim) -> None:
    """The job is done, if and only if this transaction commits.

    Raises:
        LostClaimError: somebody else has claimed it meanwhile.
    """
    gone = delete(Job).where(_is_mine(claim)).returning(Job.id)
    if session.execute(gone).first() is None:
        raise LostClaimError(mark("Another worker has taken this job over."))


def fail(session: Session, claim: Claim, *, trouble: str, now: datetime) -> None:
    """Have another try later, or give the job up where people can see it."""
    _return(session, select(Job).where(_is_mine(claim)).with_for_update(), trouble, now)


def reclaim(session: Session, *, now: datetime) -> None:
    """Take back the jobs of workers that have vanished.

    A worker at work holds its row (`hold`), so only the dead lose theirs.
    """
    expired = select(Job).where(Job.status == JobStatus.RUNNING, Job.lease_until < now)
    _return(session, expired.with_for_update(skip_locked=True), VANISHED, now)


def _return(session: Session, jobs: Select[Job], trouble: str, now: datetime) -> None:
    for job in session.scalars(jobs).all():
        if job.attempts < MAX_ATTEMPTS and _is_waiting(session, job.dedup):
            session.delete(job)  # its newer twin stands for it
        else:
            job.put_back(trouble=trouble, now=now)
        session.flush()


def back_off(job_id: int, attempts: int) -> timedelta:
    """10 s, 40 s, 160 s, …, each up to a fifth longer so that failed jobs do not return as one."""
    jitter = crc32(f"{job_id}:{attempts}".encode()) / 2**32 / 5
    return _FIRST_RETRY * (4.0 ** (attempts - 1) * (1 + jitter))


def list_dead(session: Session, *, limit: int = 100) -> Sequence[Job]:
    """The jobs that were given up, newest first."""
    dead = select(Job).where(Job.status == JobStatus.DEAD).order_by(Job.id.desc()).limit(limit)
    return session.scalars(dead).all()


def revive(session: Session, job_id: int, *, now: datetime) -> None:
    """Let a job that was given up start afresh.

    Raises:
        NotFoundError: there is no such job, or it was not given up.
    """
    job = session.get(Job, job_id, with_for_update=True)
    if job is None or job.status is not JobStatus.DEAD:
        raise NotFoundError(mark("There is no such job among those given up."))
    if _is_waiting(session, job.dedup):
        session.delete(job)
    else:
        job.start_afresh(now=now)
    session.flush()


def next_due(session: Session) -> datetime | None:
    """When there will be something to do, unless somebody adds to it; None for never."""
    ready = select(func.min(Job.run_at)).where(Job.status == JobStatus.READY)
    running = select(func.min(Job.lease_until)).where(Job.status == JobStatus.RUNNING)
    times = (session.scalar(ready), session.scalar(running))
    return min((time for time in times if time is not None), default=None)


def beat(session: Session, *, worker: str, now: datetime) -> None:
    """Say that this worker is alive, and forget those long gone."""
    session.execute(delete(WorkerBeat).where(WorkerBeat.seen_at < now - _FORGET_WORKER_AFTER))
    new = insert(session, WorkerBeat).values(worker=worker, started_at=now, seen_at=now)
    session.execute(
        new.on_conflict_do_update(index_elements=[WorkerBeat.worker], set_={"seen_at": now})
    )


def worker_alive(session: Session, now: datetime) -> bool:
    """Whether any worker was seen in the last two minutes."""
    recent = select(WorkerBeat.worker).where(WorkerBeat.seen_at > now - ALIVE_WITHIN)
    return session.execute(recent.limit(1)).first() is not None


def _is_waiting(session: Session, dedup: str | None) -> bool:
    waiting = select(Job.id).where(Job.dedup == dedup, Job.status == JobStatus.READY)
    return dedup is not None and session.execute(waiting.limit(1)).first() is not None


def _is_mine(claim: Claim) -> ColumnElement[bool]:
    return and_(
        Job.id == claim.id,
        Job.status == JobStatus.RUNNING,
        Job.worker == claim.worker,
        Job.attempts == claim.attempts,
    )
