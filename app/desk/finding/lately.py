"""Who was at a unit lately, kept for some seconds: everybody at its windows asks for the same.

A person of the last seconds may rank a little late; where a search depends on them, they are
read anew. Whoever has a number of today in the hall one works in comes before all others.
"""

from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.desk.finding import queries
from app.queueing.queries import halls, lines
from app.queueing.service.floor import local_day

LATELY: Final = timedelta(days=30)
_KEPT: Final = timedelta(seconds=10)

_lock: Final = Lock()
_lists: Final[dict[tuple[str, int, int], tuple[datetime, list[int]]]] = {}


def lately_at(
    session: Session, actor: Actor, *, now: datetime, is_fresh: bool = False
) -> list[int]:
    """Citizens with a number of today in the actor's hall, then those at the actor's unit lately.

    The latest first in both; the hall is that of the counter the actor is signed on to,
    or the actor's own unit. The unit's are of the last 30 days.
    """
    seat = halls.counter_of_staff(session, actor.id)
    hall_id = seat[0] if seat else actor.unit_id
    key = (str(session.get_bind().engine.url), actor.unit_id, hall_id)
    with _lock:
        kept = _lists.get(key)
    if kept and not is_fresh and abs(now - kept[0]) < _KEPT:
        return kept[1]
    day = local_day(session, hall_id, now)
    today = lines.citizens_today(session, hall_id, day, queries.LATELY_MOST)
    earlier = queries.lately_at(session, actor.unit_id, since=now - LATELY)
    found = list(dict.fromkeys([*today, *earlier]))
    with _lock:
        _lists[key] = now, found
    return found
