"""Notes each order to be counted, when it comes in and when its category is settled."""

from sqlalchemy.orm import Session

from app.cases.events import CaseMoved, CaseOpened
from app.cases.kinds import Action
from app.signals import service


def on_opened(session: Session, event: CaseOpened) -> None:
    """An order came in."""
    service.count_in(session, event.case)


def on_moved(session: Session, event: CaseMoved) -> None:
    """Its category or place was settled."""
    if event.step.action in (Action.ACCEPT, Action.FILE):
        service.count_in(session, event.case)
