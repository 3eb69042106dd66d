"""Reads of legal holds: whether one forbids erasing, and the list of them.

A hold counts to the end of its last day; one that was lifted counts no more.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from app.cases.complaint_models import CaseIdentity
from app.cases.models import Case
from app.cases.queries.identity import matters_of
from app.citizens.models import Citizen
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.privacy.models import LegalHold

TODAY: Final[BindParameter[date]] = bindparam("today")


def _in_force(today: ColumnElement[date]) -> ColumnElement[bool]:
    return and_(
        LegalHold.lifted_at.is_(None), or_(LegalHold.until.is_(None), LegalHold.until >= today)
    )


CASE_HELD: Final = exists().where(
    _in_force(TODAY),
    or_(
        LegalHold.case_id == Case.id,
        and_(LegalHold.citizen_id == Case.citizen_id, Case.citizen_id.is_not(None)),
        LegalHold.citizen_id.in_(
            select(CaseIdentity.citizen_id).where(CaseIdentity.case_id == Case.id)
        ),
    ),
)
PERSON_HELD: Final = exists().where(_in_force(TODAY), LegalHold.citizen_id == Citizen.id)


def is_case_held(session: Session, case_id: int, *, today: date) -> bool:
    """Whether a hold on the matter or its citizen forbids erasing it."""
    held = select(CASE_HELD).where(Case.id == case_id)
    return bool(rows(session, held, today=today)[0][0])


def is_citizen_held(session: Session, ids: Sequence[int], *, today: date) -> bool:
    """Whether a hold on the person, or on one of their matters, forbids erasing them."""
    theirs = select(Case.id).where(or_(Case.citizen_id.in_(ids), Case.id.in_(matters_of(ids))))
    wanted = select(LegalHold.id).where(
        _in_force(TODAY), or_(LegalHold.citizen_id.in_(ids), LegalHold.case_id.in_(theirs))
    )
    return bool(rows(session, wanted.limit(1), today=today))


class HoldLine(NamedTuple):
    """One hold as a list shows it."""

    id: int
    case_number: str | None
    citizen_id: int | None
    reason: str
    until: date | None
    placed_at: datetime
    placed_by_id: int
    lifted_at: datetime | None


_HOLDS: Final = (
    select(
        LegalHold.id,
        Case.number,
        LegalHold.citizen_id,
        LegalHold.reason,
        LegalHold.until,
        LegalHold.placed_at,
        LegalHold.placed_by_id,
        LegalHold.lifted_at,
    )
    .join(Case, Case.id == LegalHold.case_id, isouter=True)
    .where(LegalHold.id < bindparam("before"))
    .order_by(LegalHold.id.desc())
    .limit(bindparam("most"))
)


def list_holds(session: Session, *, before: int, most: int) -> list[HoldLine]:
    """Holds, the latest first, lifted ones too."""
    return [HoldLine(*row) for row in rows(session, _HOLDS, before=before, most=most)]


def get_hold(session: Session, hold_id: int) -> LegalHold:
    """One hold.

    Raises:
        NotFoundError: there is none with this id.
    """
    hold = session.get(LegalHold, hold_id)
    if hold is None:
        raise NotFoundError(mark("There is no such hold."))
    return hold
