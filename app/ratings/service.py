"""Stores what a citizen thought of their matter, once and for good.

What follows a bad rating is not here; ratings nobody gave are not made up (default off).
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.kernel.errors import ConflictError
from app.kernel.events import publish
from app.kernel.messages import mark
from app.kernel.upsert import insert
from app.ratings.events import CaseRated
from app.ratings.models import Rating, RatingWords
from app.ratings.queries import find_rating, may_rate
from app.ratings.rules import Level, Source


def rate(
    session: Session,
    case: Case,
    level: Level,
    *,
    words: str = "",
    device: bytes | None = None,
    source: Source = Source.ACTIVE,
    now: datetime,
) -> Rating:
    """Store the one rating of a case (一事一评, GB/T 39734-2020).

    Raises:
        ConflictError: the matter is not at its end, or was rated before.
    """
    if not may_rate(case):
        raise ConflictError(mark("This matter can be rated once it is closed."))
    new = insert(session, Rating).values(
        case_id=case.id, level=int(level), source=source, at=now, device=device
    )
    # Of two that press at once the database lets one through.
    once = new.on_conflict_do_nothing(index_elements=[Rating.case_id]).returning(Rating.id)
    rating = find_rating(session, case.id) if session.scalar(once) is not None else None
    if rating is None:
        raise ConflictError(mark("This matter has been rated already. Thank you."))
    if words:
        session.add(RatingWords(rating_id=rating.id, words=words))
    publish(session, CaseRated(case, rating, now))
    return rating
