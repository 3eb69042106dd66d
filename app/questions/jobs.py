"""What questions need by themselves: a reminder of slow offers, old words forgotten.

Safe to run twice.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.questions import service

REMIND: Final = "questions:remind"
FORGET: Final = "questions:forget"


def remind(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Remind of offers nobody has accepted."""
    service.remind(session, now=now)


def forget(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Take away words answered long ago."""
    service.forget(session, now=now)
