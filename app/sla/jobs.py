"""The jobs of the clocks: thresholds are watched, and dates counted anew after a calendar change.

Each run is one transaction and may be repeated; long work goes on in a next job.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.calendars.events import CalendarChanged
from app.kernel import jobs
from app.kernel.jobs import Payload
from app.sla import service

SWEEP: Final = "sla.sweep"
RECOMPUTE: Final = "sla.recompute"


def sweep(session: Session, _payload: Payload, /, *, now: datetime) -> None:
    """Write down which clocks crossed a threshold; what does not fit is left to a next job."""
    if service.sweep_breaches(session, now=now):
        jobs.enqueue(session, SWEEP, run_at=now, dedup=f"{SWEEP}.rest")


def recompute(session: Session, payload: Payload, /, *, now: datetime) -> None:
    """Count some open clocks anew, and leave the rest to a next job."""
    _, last_id = service.recompute_batch(session, now=now, after_id=int(payload.get("after_id", 0)))
    if last_id is not None:
        jobs.enqueue(session, RECOMPUTE, {"after_id": last_id}, run_at=now)


def on_calendar_changed(session: Session, event: CalendarChanged) -> None:
    """Have every open clock counted anew, once this change is committed."""
    jobs.enqueue(session, RECOMPUTE, {"after_id": 0}, run_at=event.at, dedup=RECOMPUTE)
