"""Jobs that come round: puts each into the job table once per slot, however many workers look.

Knows slots as multiples of a length counted from midnight UTC, and no calendar.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import String, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.db import Model
from app.kernel.jobs import enqueue
from app.kernel.upsert import insert

_ORIGIN = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Periodic:
    """A job to be done every so often; `offset` moves its slots away from midnight UTC."""

    job: str
    every: timedelta
    offset: timedelta = timedelta()

    def next_after(self, now: datetime) -> datetime:
        """The first slot later than `now`; missed slots are not made up for."""
        start = _ORIGIN + self.offset
        return start + self.every * ((now - start) // self.every + 1)


Schedule = Sequence[Periodic]


class JobSchedule(Model):
    """When a periodic job is due next; moved by whoever finds it unmoved."""

    __tablename__ = "job_schedules"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    next_at: Mapped[datetime]


def call_due(session: Session, schedule: Schedule, *, now: datetime) -> None:
    """Enqueue what is due; of many workers that ask at once, one does it."""
    known = _known(session)
    for entry in schedule:
        next_at = known.get(entry.job)
        if next_at is None:
            new = insert(session, JobSchedule).values(name=entry.job, next_at=now)
            session.execute(new.on_conflict_do_nothing())
            next_at = now
        if next_at <= now and _moved(session, entry, seen=next_at, now=now):
            enqueue(session, entry.job, run_at=now, dedup=f"periodic:{entry.job}")


def next_call(session: Session, schedule: Schedule, *, now: datetime) -> datetime | None:
    """When the next entry is due; `now` for one that was never called; None for an empty table."""
    known = _known(session)
    return min((known.get(entry.job, now) for entry in schedule), default=None)


def _known(session: Session) -> dict[str, datetime]:
    return dict(session.execute(select(JobSchedule.name, JobSchedule.next_at)).all())


def _moved(session: Session, entry: Periodic, *, seen: datetime, now: datetime) -> bool:
    # Compare and swap: whoever still finds the time it saw is the one who calls.
    move = (
        update(JobSchedule)
        .where(JobSchedule.name == entry.job, JobSchedule.next_at == seen)
        .values(next_at=entry.next_after(now))
        .returning(JobSchedule.name)
        .execution_options(synchronize_session=False)
    )
    return session.execute(move).first() is not None
