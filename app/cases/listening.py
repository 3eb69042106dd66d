"""What cases write down when a clock tells them something.

Steps mirror their own clocks; here is only what happens between steps: a limit
crossed, or a date that moved because the calendar was changed.
"""

from sqlalchemy.orm import Session

from app.cases.kinds import Action
from app.cases.models import Case
from app.cases.service import clocks
from app.cases.service.recording import by_system, record
from app.sla.events import ClockBreached, ClockChanged, ClockDid
from app.sla.rules import Threshold

_CASE = "case"


def on_breach(session: Session, event: ClockBreached) -> None:
    """A line in the history for every threshold crossed, once for each."""
    if event.subject.type != _CASE:
        return
    case = session.get_one(Case, event.subject.id)
    action = Action.WARN if event.threshold is Threshold.WARN else Action.BREACH
    line = by_system(action, event.at, clock=str(event.kind), due=event.due_at.isoformat())
    record(session, case, line)


def on_clock_changed(session: Session, event: ClockChanged) -> None:
    """A line and the new dates when a change of the calendar moved a clock."""
    if event.subject.type != _CASE or event.what is not ClockDid.RECOMPUTED:
        return
    case = session.get_one(Case, event.subject.id)
    clock = event.clock
    line = by_system(
        Action.CLOCK,
        event.at,
        clock=str(clock.kind),
        before=event.due_before.isoformat() if event.due_before else "",
        due=clock.due_at.isoformat() if clock.due_at else "",
        provisional=clock.provisional,
    )
    record(session, case, line)
    clocks.mirror(session, case)
