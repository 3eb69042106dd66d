"""What the queue asks of citizens: whether somebody goes a little before others.

Answers a need only; neither name nor number leaves the citizens' tables.
"""

from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.citizens.models import Citizen, Mark
from app.citizens.rules import MarkKind
from app.citizens.rules.care import marks_by_age
from app.kernel.db import rows
from app.queueing.rules import Need

_PERSON: Final = select(Citizen.birth_year).where(Citizen.id == bindparam("citizen_id"))
_MARKS: Final = select(Mark.kind).where(
    Mark.citizen_id == bindparam("citizen_id"), Mark.ended_at.is_(None)
)
_NEEDS: Final = {MarkKind.DISABLED: Need.DISABLED, MarkKind.SENIOR: Need.SENIOR}


def needs_of(session: Session, citizen_id: int, *, year: int) -> set[Need]:
    """The needs that the marks of a citizen, and the year of birth, give in this year."""
    born = [row.birth_year for row in rows(session, _PERSON, citizen_id=citizen_id)]
    marks = {row.kind for row in rows(session, _MARKS, citizen_id=citizen_id)}
    for birth_year in born:
        marks |= set(marks_by_age(birth_year, year=year))
    return {need for kind, need in _NEEDS.items() if kind in marks}
