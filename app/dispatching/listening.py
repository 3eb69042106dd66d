"""What giving out work does when a matter moves: ask the directory, share by itself, tell."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy.orm import Session

from app.cases.events import CaseMoved
from app.cases.kinds import Action
from app.cases.queries.history import approvals_by_id
from app.dispatching.service import alerts, sharing
from app.kernel.messages import mark
from app.notifications.service import staff as inbox

HANDED_TO_YOU: Final = mark("A colleague wants to hand over %(number)s to you.")
TAKEN_OVER: Final = mark("%(number)s was taken over from you.")
NOT_TAKEN: Final = mark("%(number)s was not taken over; it stays with you.")
TO_RULE: Final = mark("Who is responsible for %(number)s was put to a ruling.")
GRANTED: Final = mark("What you asked for on %(number)s was granted.")
REFUSED: Final = mark("What you asked for on %(number)s was not granted; the reason stands there.")
CONFIRMED: Final = mark("Your finding on %(number)s was confirmed.")
LOOK_AGAIN: Final = mark("Your finding on %(number)s was sent back; look into it further.")
RECHECKED: Final = mark("The unit above has checked the finding on %(number)s.")
RETURNED: Final = mark("Your reply to %(number)s was sent back to be changed.")


def on_moved(session: Session, event: CaseMoved) -> None:
    """Raise an alert at acceptance if the directory fails; pass on what a step means for others."""
    if event.step.action in (Action.ACCEPT, Action.FILE):
        alerts.meet(session, event.case, now=event.at)
    sharing.on_moved(session, event)
    _tell(session, event)


def _tell(session: Session, event: CaseMoved) -> None:
    case, action = event.case, event.step.action
    told = {
        Action.HAND_OVER: (case.handing_to_id, HANDED_TO_YOU),
        Action.ACCEPT_HAND_OVER: (event.event.payload.get("from_id"), TAKEN_OVER),
        Action.REFUSE_HAND_OVER: (case.handler_id, NOT_TAKEN),
        Action.RETURN_REPLY: (case.replied_by, RETURNED),
        Action.UPHOLD_FINDING: (case.replied_by, RECHECKED),
        Action.CHANGE_FINDING: (case.replied_by, RECHECKED),
    }.get(action) or _decided(session, event)
    if told is None or told[0] is None:
        return
    link, params = f"/cases/{case.number}", {"number": case.number}
    inbox.tell(session, [told[0]], told[1], params=params, link=link, now=event.at)


def _decided(session: Session, event: CaseMoved) -> tuple[int | None, str] | None:
    """Whoever asked for something hears what was decided; a citizen is told by the step itself."""
    key = event.event.payload.get("approval_id")
    if event.step.decides is None or key is None:
        return None
    asked = approvals_by_id(session, [key])[key]
    otherwise = GRANTED if asked.was_granted else REFUSED
    return asked.requested_by, _DECISIONS.get(event.step.action, otherwise)


_DECISIONS: Final[Mapping[Action, str]] = {
    Action.ADJUDICATE: TO_RULE,
    Action.CONFIRM_FINDING: CONFIRMED,
    Action.RETURN_FINDING: LOOK_AGAIN,
}
