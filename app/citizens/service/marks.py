"""Reasons for special care that somebody set, each with what it rests on.

The mark of age comes from the year of birth by itself (`rules.care`).
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.citizens.models import Citizen, Mark
from app.citizens.queries import holding
from app.citizens.rules import MarkKind
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark as said


@dataclass(frozen=True, slots=True)
class GivenMark:
    """Why somebody is served with care: a card seen, the citizen's own word."""

    kind: MarkKind
    basis: str = ""
    valid_until: date | None = None


def add(
    session: Session, citizen: Citizen, given: GivenMark, *, by_id: int | None, now: datetime
) -> int:
    """Set the mark; one that stands already gets the new basis. Its id."""
    known = holding.find_mark(session, citizen.id, given.kind)
    if known is None:
        known = Mark(citizen_id=citizen.id, kind=given.kind, created_at=now, created_by_id=by_id)
        session.add(known)
    known.basis = given.basis
    known.valid_until = given.valid_until
    session.flush()
    return known.id


def end(session: Session, citizen: Citizen, mark_id: int, *, now: datetime) -> None:
    """The reason is gone.

    Raises:
        NotFoundError: the citizen has no such mark.
    """
    found = session.get(Mark, mark_id)
    if found is None or found.citizen_id != citizen.id or found.ended_at is not None:
        raise NotFoundError(said("There is no such mark."))
    found.ended_at = now
