"""What comes round once a day: owners are told of articles to look at. Safe to run twice."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.knowledge import service

REMIND: Final = "knowledge:remind"


def remind(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Tell owners which of their articles must be looked at."""
    today = calendars.load(session).statutory.local_date(now)
    service.tell_owners(session, today=today, now=now)
