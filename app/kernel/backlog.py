"""What stands between us and a clear desk: workers, waiting jobs, failures, messages unsent.

Reads only; what can be done about it is in `jobs` and, for messages, in `notifications`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.kernel import jobs
from app.kernel.jobs import Job, JobStatus, WorkerBeat
from app.kernel.outbox import Message, MessageStatus

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Backlog:
    """One look; `oldest_due` is when the job that has waited longest was due, None if none is."""

    workers: Sequence[WorkerBeat]
    waiting: int
    oldest_due: datetime | None
    given_up: Sequence[Job]
    unsent: int


def look(session: Session, *, now: datetime) -> Backlog:
    """Everything a person responsible for the system wants to see at once, newest first."""
    alive = select(WorkerBeat).where(WorkerBeat.seen_at > now - jobs.ALIVE_WITHIN)
    due = select(func.count(), func.min(Job.run_at)).where(
        Job.status == JobStatus.READY, Job.run_at <= now
    )
    waiting, oldest = session.execute(due).one()
    unsettled = (MessageStatus.FAILED, MessageStatus.UNKNOWN)
    unsent = select(func.count(Message.id)).where(
        Message.status.in_(unsettled), Message.left_at.is_(None)
    )
    return Backlog(
        workers=session.scalars(alive.order_by(WorkerBeat.started_at)).all(),
        waiting=waiting,
        oldest_due=oldest,
        given_up=jobs.list_dead(session, limit=_SHOWN),
        unsent=session.scalar(unsent) or 0,
    )
