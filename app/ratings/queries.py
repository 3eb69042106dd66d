"""Reads of ratings.

Whether somebody may see the case is found out before; here only the rating is read.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.kinds import RATEABLE
from app.cases.models import Case
from app.ratings.models import Rating


def find_rating(session: Session, case_id: int) -> Rating | None:
    """The rating of a case, if it has one."""
    return session.scalars(select(Rating).where(Rating.case_id == case_id)).one_or_none()


def may_rate(case: Case) -> bool:
    """Whether the matter has come to an end that can be rated: work was done, an answer given."""
    return case.status in RATEABLE
