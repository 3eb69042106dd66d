"""What the queue does by itself: telephones left for a visit are forgotten after it.

Safe to run twice.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.queueing.service import contacts

FORGET: Final = "queueing:forget_contacts"


def forget(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Take away numbers and names of visits that are over."""
    contacts.forget(session, now=now)
