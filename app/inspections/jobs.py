"""Work of this feature that nobody presses a button for. Safe to run twice."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.inspections import service

MAKE: Final = "inspections:make_rounds"


def make_rounds(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Make the rounds whose day has come on the hall's calendar."""
    service.make_rounds(session, today=calendars.load(session).statutory.local_date(now))
