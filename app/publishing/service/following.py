"""Keeps the public state of a released repair true while the matter moves.

States and times only: words reach the public through a person's release.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.cases import events
from app.cases.kinds import DoerKind
from app.cases.models import Case, CaseEvent
from app.publishing import queries
from app.publishing.models import INSIDE, Publication, PublishedUpdate
from app.publishing.service.placing import keep_coarse


def on_moved(session: Session, event: events.CaseMoved) -> None:
    """Write the new state down for the public, if it is one they are told."""
    publication = queries.find_publication(session, event.case.id)
    if publication is not None:
        follow(session, publication, event.case, event.event, now=event.at)


def follow(
    session: Session, publication: Publication, case: Case, line: CaseEvent, *, now: datetime
) -> None:
    """Take the matter's state over; a line of history becomes an update at most once."""
    copy_state(publication, case)
    keep_coarse(session, publication, case)
    if is_told(line):
        session.add(update_of(publication, line, now=now))
        publication.changed_at = now


def copy_state(publication: Publication, case: Case) -> None:
    """What of the matter the public is always told as it is."""
    publication.unit_id = case.unit_id
    publication.expected_at = case.due_at
    publication.closed_at = case.closed_at
    publication.stand_as(case.status)


def is_told(line: CaseEvent) -> bool:
    """Whether the line is about a state the public knows; nothing a citizen did is."""
    is_new = line.to_status is not None and line.to_status is not line.from_status
    is_ours = line.actor_kind is not DoerKind.CITIZEN or line.seq == 1
    return line.is_public and is_new and is_ours and line.to_status not in INSIDE


def update_of(publication: Publication, line: CaseEvent, *, now: datetime) -> PublishedUpdate:
    """The update a line of history becomes, without its words."""
    return PublishedUpdate(
        publication_id=publication.id,
        event_id=line.id,
        status=line.to_status,
        happened_at=line.at,
        published_at=now,
    )
