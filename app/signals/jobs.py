"""The watch that comes round every minute, and the forgetting. Safe to run twice."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.kernel.jobs import enqueue
from app.signals import service
from app.signals.service.watching import BATCH

WATCH: Final = "signals:watch"
FORGET: Final = "signals:forget"


def watch(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Count what came in since last time; asks to be called again while there is more."""
    if service.watch(session, now=now) == BATCH:
        enqueue(session, WATCH, run_at=now, dedup=WATCH)


def forget(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Forget what no window looks back to."""
    service.forget_old(session, now=now)
