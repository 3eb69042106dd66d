"""What tasks do when the matter moves: stop an ending that forgets them, end with it.

Also writes down when the day of a task has passed.
"""

from typing import Final

from sqlalchemy.orm import Session

from app.cases.events import CaseClosed, CaseMoved, CaseMoving
from app.cases.kinds import Action
from app.cases.models import Case
from app.cases.service.recording import by_system, record
from app.departments.events import UnitClosing
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark
from app.sla.events import ClockBreached
from app.sla.rules import Threshold
from app.tasks import queries, rules, service
from app.tasks.models import Task

_TASK: Final = "task"


def ask_why_not_waited(session: Session, event: CaseMoving) -> None:
    """Let nobody end the work on a matter over an open task without a reason on record.

    Raises:
        InvalidError: a task is open and the note is empty.
    """
    if event.step.action not in rules.ENDING or event.given.note.strip():
        return
    if queries.list_open(session, event.case.id):
        raise InvalidError(
            fields={
                "note": mark(
                    "A task of an assisting unit is still open. Wait for it or call it off, "
                    "or say in the note why you do not wait."
                )
            }
        )


def on_moved(session: Session, event: CaseMoved) -> None:
    """A unit that now leads assists no more: there is one 主办, and it is no 协办 of itself."""
    if "unit_id" in event.event.payload:
        unit_id = event.case.unit_id
        service.call_off_all(session, event.case, unit_id=unit_id, why="leads", now=event.at)


def on_closed(session: Session, event: CaseClosed) -> None:
    """No task outlives its matter."""
    service.call_off_all(session, event.case, why="ended", now=event.at)


def refuse_closing_unit_with_tasks(session: Session, event: UnitClosing) -> None:
    """A unit that still assists stays open, or its part would be in nobody's hands.

    Raises:
        ConflictError: an open task is with the unit.
    """
    if queries.has_open_at(session, event.unit_id):
        raise ConflictError(
            mark(
                "This unit still assists with matters of others. Let it answer, or have the "
                "leading units call their tasks off and ask somebody else."
            )
        )


def on_breach(session: Session, event: ClockBreached) -> None:
    """A line in the history of the matter when a task warns or is overdue."""
    if event.subject.type != _TASK:
        return
    task = session.get_one(Task, event.subject.id)
    case = session.get_one(Case, task.case_id)
    action = Action.WARN if event.threshold is Threshold.WARN else Action.BREACH
    due = event.due_at.isoformat()
    record(session, case, by_system(action, event.at, clock=_TASK, task_id=task.id, due=due))
