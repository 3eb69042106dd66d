"""What supervision does by itself every few minutes: levels reached, digests, what is over.

Safe to run twice: each reminder is made once, and told once.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.kernel.jobs import Payload
from app.supervision.service import reminding

REMIND: Final = "supervision:remind"


def remind(session: Session, _payload: Payload, /, *, now: datetime) -> None:
    """Bring what is late to its level, sweep away what is over, and tell the inboxes the rest."""
    reminding.climb(session, now=now)
    reminding.sweep(session, now=now)
    reminding.tell(session, now=now)
