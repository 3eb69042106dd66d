"""What cases write down when a clock tells them something.

Steps mirror their own clocks; here is only what happens between steps: a limit
crossed, or a date that moved because the calendar was changed.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.kinds import Action
from app.cases.models import Case
from app.cases.service import clocks, following
from app.cases.service.recording import by_system, record
from app.departments.events import UnitClosing
from app.kernel.errors import ConflictError
from app.kernel.messages import mark
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


def refuse_closing_unit_with_work(session: Session, event: UnitClosing) -> None:
    """A unit closes only with empty hands, or a matter would be in nobody's.

    Raises:
        ConflictError: open matters are still with the unit.
    """
    wanted = select(Case.id).where(Case.unit_id == event.unit_id, Case.closed_at.is_(None))
    if session.scalar(wanted.limit(1)) is not None:
        raise ConflictError(
            mark("This unit still has open matters. Dispatch them to another unit first.")
        )


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
    following.mirror_all(session, case)
