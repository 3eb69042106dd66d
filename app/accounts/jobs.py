"""What accounts do without being asked: seal the audit log, forget old failed sign-ins."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.service import sessions, signing_in
from app.kernel import audit
from app.kernel.jobs import Payload

_BATCHES_AT_ONCE = 20


def seal_audit(session: Session, _payload: Payload, /, *, now: datetime) -> None:
    """Seal what was written since the last time; what does not fit waits for the next."""
    for _ in range(_BATCHES_AT_ONCE):
        if audit.seal(session, now=now) is None:
            return


def forget_failures(session: Session, _payload: Payload, /, *, now: datetime) -> None:
    """Drop failed sign-ins that no longer count and sessions that ended long ago."""
    signing_in.sweep(session, now=now)
    sessions.sweep(session, now=now)
