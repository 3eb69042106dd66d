"""What notes and tags have in common: they end, and only for a unit that may read them."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.citizens.models import Citizen, Note, Tag
from app.kernel.errors import NotFoundError


def end_own(
    session: Session,
    found: Note | Tag | None,
    citizen: Citizen,
    *,
    unit_id: int,
    now: datetime,
    missing: str,
) -> None:
    """Nobody needs it any more; `missing` is the sentence where there is none to end.

    Raises:
        NotFoundError: the citizen has it not, or it is not for this unit to read.
    """
    is_theirs = found is not None and found.citizen_id == citizen.id and found.ended_at is None
    if found is None or not is_theirs:
        raise NotFoundError(missing)
    if not found.visibility.is_open_to(unit_id, unit_id=found.unit_id):
        raise NotFoundError(missing)
    found.ended_at = now
    session.flush()
