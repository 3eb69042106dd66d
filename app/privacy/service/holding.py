"""Legal holds: a matter or a person that must not be erased, why, and until when.

A hold wins over every rule, batch and request, also over those under way.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.messages import mark
from app.privacy import queries
from app.privacy.models import LegalHold

MAX_REASON = 500


def place(
    session: Session,
    *,
    case_id: int | None = None,
    citizen_id: int | None = None,
    reason: str,
    until: date | None,
    by: Author,
    now: datetime,
) -> LegalHold:
    """Forbid erasing until a day, or until somebody lifts it.

    Raises:
        InvalidError: no reason, no subject, or a day that is over.
    """
    errors = {}
    if not reason.strip():
        errors["reason"] = mark("Say why: a court, an inspection, an open dispute.")
    elif len(reason) > MAX_REASON:
        errors["reason"] = mark("This is too long. Shorten it to 500 characters.")
    if until is not None and until < calendars.load(session).statutory.local_date(now):
        errors["until"] = mark("This day is over. Choose a later one, or leave it empty.")
    if (case_id is None) is (citizen_id is None):
        errors["number"] = mark("Enter the number of one matter or of one citizen.")
    if errors:
        raise InvalidError(fields=errors)
    if by.id is None:
        raise ForbiddenError(mark("Your role does not include this."))
    hold = LegalHold(
        case_id=case_id,
        citizen_id=citizen_id,
        reason=reason.strip(),
        until=until,
        placed_at=now,
        placed_by_id=by.id,
    )
    session.add(hold)
    session.flush()
    _note(session, hold, "privacy:hold_placed", by, now)
    return hold


def lift(session: Session, hold_id: int, *, by: Author, now: datetime) -> None:
    """Let it go.

    Raises:
        NotFoundError: there is no such hold.
        ConflictError: it was lifted before.
    """
    hold = queries.get_hold(session, hold_id)
    if hold.lifted_at is not None:
        raise ConflictError(mark("This hold was lifted before."))
    hold.lifted_at, hold.lifted_by_id = now, by.id
    _note(session, hold, "privacy:hold_lifted", by, now)


def _note(session: Session, hold: LegalHold, action: str, by: Author, now: datetime) -> None:
    subject = ("case", hold.case_id) if hold.case_id else ("citizen", hold.citizen_id)
    audit.note(session, by, action, subject, at=now, details={"hold": hold.id})
