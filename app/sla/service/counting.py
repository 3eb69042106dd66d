"""Counts open clocks anew after a change of the calendar, and writes down crossed thresholds.

Both are safe to run twice.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.kernel import events
from app.kernel.upsert import insert
from app.sla import queries
from app.sla.events import ClockBreached, ClockDid
from app.sla.models import ClockBreach
from app.sla.rules import Threshold
from app.sla.service.shared import first_budget, replay, tell

_BATCH: Final = 500
_SWEEP: Final = 1000


def recompute_batch(
    session: Session, *, now: datetime, after_id: int, limit: int = _BATCH
) -> tuple[int, int | None]:
    """Count some open clocks anew: how many moved, and the id to go on after, None at the end.

    Whose date or standing changes is told to subscribers, so that each case writes it down.
    """
    clocks = queries.to_recompute(session, after_id=after_id, limit=limit)
    changes = queries.changes_of(session, [clock.id for clock in clocks])
    moved = 0
    for clock in clocks:
        before = clock.reading
        own = changes.get(clock.id, [])
        reading = replay(session, clock, first_budget(clock, own), own)
        if reading != before:
            clock.read(reading)
            tell(session, clock, ClockDid.RECOMPUTED, now, before.due_at)
            moved += 1
    return moved, clocks[-1].id if len(clocks) == limit else None


def sweep_breaches(session: Session, *, now: datetime, limit: int = _SWEEP) -> int:
    """Write down which clocks crossed a threshold, each once; how many were new.

    Safe to run twice and by two workers at once: the unique key decides who was first.
    """
    return sum(_sweep(session, threshold, now, limit) for threshold in Threshold)


def _sweep(session: Session, threshold: Threshold, now: datetime, limit: int) -> int:
    found = {
        clock.id: (clock, clock.due_at)
        for clock in queries.crossed(session, threshold, now=now, limit=limit)
        if clock.due_at is not None
    }
    if not found:
        return 0
    rows = [
        {"clock_id": clock_id, "threshold": threshold, "due_at": due_at, "at": now}
        for clock_id, (_, due_at) in found.items()
    ]
    new = insert(session, ClockBreach).values(rows).on_conflict_do_nothing()
    for clock_id in session.scalars(new.returning(ClockBreach.clock_id)).all():
        clock, due_at = found[clock_id]
        events.publish(
            session, ClockBreached(clock.subject, clock.id, clock.kind, threshold, due_at, now)
        )
    return len(found)
