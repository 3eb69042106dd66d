"""The draw of the month that is over. Safe to run at any time and twice."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.followups import service
from app.followups.rules import month_before

DRAW: Final = "followups:draw"


def draw_last_month(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Draw the share of silent closures of last month, once."""
    zone = calendars.load(session).statutory.zone
    service.draw_month(session, month_before(now, zone), zone=zone, now=now)
