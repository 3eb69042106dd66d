"""Reads warnings and limits of people who call again and again."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Staff
from app.citizens.models import Citizen
from app.complaints.models import CallerLimit, CallerWarning
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark

Rows = Sequence[Row[*tuple[Any, ...]]]
MOST: Final = 100
_PROPOSER: Final = aliased(Staff)
_WARNINGS: Final = (
    select(func.count())
    .where(CallerWarning.citizen_id == CallerLimit.citizen_id)
    .correlate(CallerLimit)
    .scalar_subquery()
)
_LIVING: Final = (
    select(
        CallerLimit.id,
        CallerLimit.citizen_id,
        CallerLimit.measure,
        CallerLimit.reason,
        CallerLimit.until_on,
        CallerLimit.proposed_by,
        CallerLimit.was_granted,
        CallerLimit.look_again_on,
        _PROPOSER.display_name.label("proposer"),
        _WARNINGS.label("warnings"),
        Citizen.kind,
        Citizen.state,
        Citizen.name,
        Citizen.place,
    )
    .join(_PROPOSER, _PROPOSER.id == CallerLimit.proposed_by)
    .join(Citizen, Citizen.id == CallerLimit.citizen_id)
    .where(
        CallerLimit.ended_at.is_(None),
        CallerLimit.was_granted.is_not(False),
        CallerLimit.until_on >= bindparam("today"),
    )
    .order_by(CallerLimit.decided_at.is_not(None), CallerLimit.look_again_on, CallerLimit.id)
    .limit(MOST)
)
_IN_FORCE: Final = (
    select(CallerLimit.measure, CallerLimit.until_on)
    .where(
        CallerLimit.citizen_id == bindparam("citizen_id"),
        CallerLimit.was_granted.is_(True),
        CallerLimit.ended_at.is_(None),
        CallerLimit.until_on >= bindparam("today"),
    )
    .order_by(CallerLimit.id.desc())
    .limit(1)
)
_LATELY: Final = (
    select(
        CallerWarning.citizen_id,
        CallerWarning.words,
        CallerWarning.warned_at,
        Staff.display_name.label("who"),
    )
    .join(Staff, Staff.id == CallerWarning.warned_by)
    .order_by(CallerWarning.id.desc())
    .limit(MOST)
)
_ANY: Final = select(CallerWarning.id).where(CallerWarning.citizen_id == bindparam("citizen_id"))


def living(session: Session, *, today: date) -> Rows:
    """Limits proposed or in force, what waits for somebody first; with the sealed name."""
    return rows(session, _LIVING, today=today)


def warnings(session: Session) -> Rows:
    """Who was warned of late, the last first."""
    return rows(session, _LATELY)


def in_force(session: Session, citizen_id: int, *, today: date) -> Row[*tuple[Any, ...]] | None:
    """What was agreed on this person's calls and until when; None where nothing was."""
    found = rows(session, _IN_FORCE, citizen_id=citizen_id, today=today)
    return found[0] if found else None


def was_warned(session: Session, citizen_id: int) -> bool:
    """Whether this person was warned before."""
    return bool(rows(session, _ANY.limit(1), citizen_id=citizen_id))


def get_limit(session: Session, limit_id: int) -> CallerLimit:
    """One limit, held while it is decided on.

    Raises:
        NotFoundError: there is none with this id.
    """
    found = session.get(CallerLimit, limit_id, with_for_update=True)
    if found is None:
        raise NotFoundError(mark("There is no such limit."))
    return found
