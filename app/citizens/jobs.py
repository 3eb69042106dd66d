"""Background work on citizens' data: whoever changed is looked at, all of them once a day.

Each call does a bounded piece and asks to be called again, so no lock is held for long.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from app.citizens.queries import quality as asked
from app.citizens.service import duplicates, quality, tokens
from app.kernel.jobs import enqueue

CHANGED: Final = "citizens:look_at_changed"
ALL: Final = "citizens:look_at_all"
LATE: Final = "citizens:gather_late"
FINDABLE: Final = "citizens:make_findable"

_BATCH: Final = 200
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
# A change is dated when its transaction begins and is seen when it ends, so the last
# minutes are looked at again.
_STILL_OPEN: Final = timedelta(minutes=2)
_COUNT_EVERY: Final = timedelta(minutes=10)


def look_at_changed(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Compare and judge whoever was changed since last time, the earliest first."""
    seen = asked.progress(session, CHANGED)
    since, last_id = (seen.at, seen.figure) if seen else (_BEGINNING, 0)
    changed = asked.changed_since(session, since, last_id, _BATCH)
    ids = [citizen_id for _, citizen_id in changed]
    if ids:
        duplicates.compare_many(session, ids, now=now)
        quality.inspect(session, ids, now=now)
    settled = [each for each in changed if each[0] < now - _STILL_OPEN]
    if settled:
        at, figure = settled[-1]
        quality.keep(session, CHANGED, at=at, figure=figure)
    if len(settled) == _BATCH:
        enqueue(session, CHANGED, run_at=now, dedup=CHANGED)
    elif quality.is_count_older(session, now - _COUNT_EVERY):
        quality.count(session, now=now)


def look_at_all(session: Session, payload: dict[str, Any], *, now: datetime) -> None:
    """Judge everybody again, a piece at a time: what grows old does so without being changed."""
    ids = asked.ids_after(session, int(payload.get("after", 0)), _BATCH)
    if ids:
        quality.inspect(session, ids, now=now)
    if len(ids) == _BATCH:
        enqueue(session, ALL, {"after": ids[-1]}, run_at=now, dedup=ALL)
    else:
        quality.count(session, now=now)


def make_findable(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Write what people are found by for those who came in past registration, a piece at a time."""
    if tokens.make_findable(session) == tokens.BATCH:
        enqueue(session, FINDABLE, run_at=now, dedup=FINDABLE)
