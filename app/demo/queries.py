"""What the demo city asks of its own tables."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case


def citizens_without_open_matter(session: Session, *, most: int) -> list[int]:
    """Some citizens whose matters have all ended, in the order of their keys."""
    waiting = select(Case.citizen_id).where(Case.closed_at.is_(None), Case.citizen_id.is_not(None))
    wanted = select(Case.citizen_id).where(
        Case.citizen_id.is_not(None), Case.citizen_id.not_in(waiting)
    )
    return list(session.scalars(wanted.distinct().order_by(Case.citizen_id).limit(most)))
