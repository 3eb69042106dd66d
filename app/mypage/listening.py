"""What happens elsewhere and concerns who is signed in to their own page.

A browser that stood for two people who were taken for one is signed out.
"""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.citizens.events import CitizensUnmerged
from app.mypage import queries
from app.mypage.models import CitizenSession, ContactCode


def on_unmerged(session: Session, event: CitizensUnmerged) -> None:
    """Sign both people out everywhere and spend the codes they asked for.

    Who came in while the two were one would otherwise go on reading the other's page.
    """
    ids = [event.survivor_id, event.merged_id]
    theirs = CitizenSession.id.in_(queries.sessions_of(ids))
    session.execute(
        update(CitizenSession)
        .where(theirs, CitizenSession.ended_at.is_(None))
        .values(ended_at=event.at)
    )
    session.execute(
        update(ContactCode)
        .where(ContactCode.citizen_id.in_(ids), ContactCode.used_at.is_(None))
        .values(used_at=event.at)
    )
