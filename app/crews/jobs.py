"""What is forgotten about crews by itself: where they were, and how they drove last month.

Safe to run twice.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from app.crews import queries
from app.crews.service import presence, routes

FORGET: Final = "crews:forget"
_ROUTES_KEPT: Final = timedelta(days=30)


def forget(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Take away old positions and the orders of days long gone."""
    presence.forget_old(session, now=now)
    routes.forget_before(session, queries.today_of(session, now - _ROUTES_KEPT))
