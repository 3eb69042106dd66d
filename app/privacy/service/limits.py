"""How long answers to requests may take: the city's own days, or the sample."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.privacy.models import RightsLimit
from app.privacy.rules import AnswerLimit, RequestKind
from app.privacy.service.asking import limit_for

MOST_DAYS: Final = 250


def limit_of(session: Session, kind: RequestKind) -> AnswerLimit:
    """The days that hold for requests of this kind from now on."""
    return limit_for(session, kind)


def set_limit(
    session: Session,
    kind: RequestKind,
    *,
    work_days: int,
    more_days: int | None,
    basis_text: str,
    basis_text_en: str = "",
    by: Author,
    now: datetime,
) -> None:
    """Set the days for requests that come from now on; running clocks keep theirs.

    Raises:
        InvalidError: the days or the ground make no sense.
    """
    errors = {}
    if not 0 < work_days <= MOST_DAYS:
        errors["work_days"] = mark("Enter a number of working days from 1 to 250.")
    if more_days is None or more_days > MOST_DAYS:
        errors["more_days"] = mark("Enter a number of working days from 0 to 250.")
    if not basis_text.strip():
        errors["ground"] = mark("Say on what ground.")
    if errors or more_days is None:
        raise InvalidError(fields=errors)
    row = session.get(RightsLimit, kind)
    if row is None:
        row = RightsLimit(kind=kind)
        session.add(row)
    row.work_days, row.more_days = work_days, more_days
    row.basis_text, row.is_sample = basis_text.strip()[:300], False
    row.basis_text_en = basis_text_en.strip()[:400]
    session.flush()
    audit.note(
        session,
        by,
        "privacy:limit",
        ("rights_limit", kind),
        at=now,
        details={"days": work_days, "more": more_days},
    )
