"""Work of the web edge that comes round by itself.

Safe to run twice; takes the time from the worker.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel.jobs import Payload
from app.web.ratelimit import sweep


def sweep_doors(session: Session, _payload: Payload, /, *, now: datetime) -> None:
    """Forget counts and proofs whose time is over."""
    sweep(session, now=now)
