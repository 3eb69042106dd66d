"""What cases tell watching: a step that the citizen is told of is told to watchers too."""

from sqlalchemy.orm import Session

from app.cases.events import CaseMoved
from app.watching.service import telling


def on_moved(session: Session, event: CaseMoved) -> None:
    """A step was taken; those without a notice are nobody's news."""
    if event.step.notice is not None and not event.case.is_confidential:
        telling.announce(session, event.case, now=event.at)
