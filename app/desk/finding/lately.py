"""Who was at a unit lately, kept for some seconds: everybody at its windows asks for the same.

A person of the last seconds may rank a little late; where a search depends on them, they are
read anew.
"""

from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from sqlalchemy.orm import Session

from app.desk.finding import queries

LATELY: Final = timedelta(days=30)
_KEPT: Final = timedelta(seconds=10)

_lock: Final = Lock()
_lists: Final[dict[tuple[str, int], tuple[datetime, list[int]]]] = {}


def lately_at(
    session: Session, unit_id: int, *, now: datetime, is_fresh: bool = False
) -> list[int]:
    """Citizens who were at this unit in the last 30 days, the latest first."""
    key = (str(session.get_bind().engine.url), unit_id)
    with _lock:
        kept = _lists.get(key)
    if kept and not is_fresh and abs(now - kept[0]) < _KEPT:
        return kept[1]
    found = queries.lately_at(session, unit_id, since=now - LATELY)
    with _lock:
        _lists[key] = now, found
    return found
