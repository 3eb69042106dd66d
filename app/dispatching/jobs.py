"""Work of this feature that nobody presses a button for. Safe to run twice."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.dispatching.service import alerts

WATCH: Final = "dispatching:watch_directory"


def watch_directory(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Raise what is wrong with the directory, and clear what has been mended."""
    alerts.watch(session, now=now)
