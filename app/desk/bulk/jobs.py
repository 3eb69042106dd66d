"""Does long runs in the background, a few matters at a time; forgets old ones. Safe to repeat."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.service.actors import find_actor
from app.calendars import queries as calendars
from app.desk.bulk import service
from app.desk.bulk.rules import BulkState
from app.desk.models import BulkRun
from app.kernel import jobs
from app.kernel.jobs import Payload

FORGET: Final = "desk:forget_bulk"


def run(session: Session, payload: Payload, /, *, now: datetime) -> None:
    """Do the next matters of a run, with the rights its author has today."""
    found = session.get(BulkRun, int(payload["run"]), with_for_update=True)
    if found is None or found.state is not BulkState.WAITING:
        return
    today = calendars.load(session).statutory.local_date(now)
    actor = find_actor(session, found.staff_id, today=today)
    if service.go_on(session, found, actor, now=now):
        dedup = f"{service.JOB}:{found.id}"
        jobs.enqueue(session, service.JOB, {"run": found.id}, run_at=now, dedup=dedup)


def forget(session: Session, _payload: Payload, /, *, now: datetime) -> None:
    """Take away the runs of last month."""
    service.forget_old(session, now=now)
