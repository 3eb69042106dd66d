"""What comes round by itself for notices: inboxes forget what was read long ago.

Messages to citizens are no business of this: they go with the matter they are about.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.kernel.jobs import Payload
from app.notifications.service import staff

FORGET: Final = "notifications:forget_read"
KEPT_FOR: Final = timedelta(days=90)


def forget_read(session: Session, _payload: Payload, *, now: datetime) -> None:
    """Take entries out of the inboxes that were read a quarter of a year ago; safe to run twice."""
    staff.forget_read(session, before=now - KEPT_FOR)
