"""What watching does by itself. Safe to run twice."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from app.watching.service import forgetting

FORGET: Final = "watching:forget"


def forget(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Take away addresses that are needed no more."""
    forgetting.forget(session, now=now)
