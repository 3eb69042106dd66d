"""What an assisting unit is asked for and how it goes on: the table of a task's steps (协办).

Pure: decided from arguments. The lead unit stays the only 主办; nothing here moves the matter.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from app.accounts.rules import Actor, Permission
from app.cases.kinds import Action, Status
from app.cases.rules import Situation, StepNotAllowedError, is_accused
from app.kernel.errors import ForbiddenError, InvalidError
from app.kernel.messages import mark


class TaskState(StrEnum):
    """Where a task stands."""

    ASKED = "asked"
    SIGNED = "signed"
    REPLIED = "replied"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class Deed(StrEnum):
    """What somebody does to a task; the value is what a form sends."""

    SIGN = "sign"
    REPLY = "reply"
    RETURN = "return"
    ACCEPT = "accept"
    SEND_BACK = "send_back"
    CANCEL = "cancel"


class Side(StrEnum):
    """Whose step it is: the unit that leads the matter, or the one that assists."""

    LEAD = "lead"
    ASSISTING = "assisting"


WORKED_ON: Final = frozenset({TaskState.ASKED, TaskState.SIGNED})
OPEN: Final = WORKED_ON | {TaskState.REPLIED}
# While the matter stands here, its lead unit may ask another for help.
# An application is handled together while it is reviewed (联合办理).
ASKABLE: Final = frozenset(
    {
        Status.HANDLING,
        Status.WAITING_CITIZEN,
        Status.SUSPENDED,
        Status.INVESTIGATING,
        Status.REVIEWING,
    }
)
# Steps that end the work on a matter: with a task open, only if the note says why.
ENDING: Final = frozenset(
    {
        Action.REPLY,
        Action.CONCLUDE,
        Action.CLOSE,
        Action.REQUEST_TERMINATION,
        Action.GRANT,
        Action.REFUSE,
    }
)
MOST_WORDS: Final = 5000


@dataclass(frozen=True, slots=True)
class TaskStep:
    """One allowed move of a task, whose it is, and the line it leaves in the matter's history."""

    deed: Deed
    sources: frozenset[TaskState]
    target: TaskState
    side: Side
    needs: Permission
    line: Action
    wants_words: bool = True
    wants_date: bool = False

    @property
    def takes_files(self) -> bool:
        """Whether it may bring files: an answer is often a paper."""
        return self.deed is Deed.REPLY


_P: Final = Permission
STEPS: Final = (
    TaskStep(
        Deed.SIGN,
        frozenset({TaskState.ASKED}),
        TaskState.SIGNED,
        Side.ASSISTING,
        _P.CASE_SIGN,
        Action.TASK_SIGN,
        wants_words=False,
    ),
    TaskStep(
        Deed.REPLY,
        frozenset({TaskState.SIGNED}),
        TaskState.REPLIED,
        Side.ASSISTING,
        _P.CASE_HANDLE,
        Action.TASK_REPLY,
    ),
    TaskStep(
        Deed.RETURN, WORKED_ON, TaskState.RETURNED, Side.ASSISTING, _P.CASE_SIGN, Action.TASK_RETURN
    ),
    TaskStep(
        Deed.ACCEPT,
        frozenset({TaskState.REPLIED}),
        TaskState.ACCEPTED,
        Side.LEAD,
        _P.CASE_HANDLE,
        Action.TASK_ACCEPT,
        wants_words=False,
    ),
    TaskStep(
        Deed.SEND_BACK,
        frozenset({TaskState.REPLIED}),
        TaskState.SIGNED,
        Side.LEAD,
        _P.CASE_HANDLE,
        Action.TASK_SEND_BACK,
        wants_date=True,
    ),
    TaskStep(Deed.CANCEL, OPEN, TaskState.CANCELLED, Side.LEAD, _P.CASE_HANDLE, Action.TASK_CANCEL),
)
_BY_DEED: Final = {step.deed: step for step in STEPS}


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides who may do what with a task: its state, its unit, who signed for it."""

    state: TaskState
    unit_id: int
    unit_path: str
    unit_region: str
    signed_by: int | None


def step_for(deed: Deed, state: TaskState) -> TaskStep:
    """The step this deed takes from here.

    Raises:
        StepNotAllowedError: the task does not stand where this can be done.
    """
    step = _BY_DEED[deed]
    if state not in step.sources:
        raise StepNotAllowedError(mark("The task has moved on; this cannot be done any more."))
    return step


def may_take(step: TaskStep, task: Standing, case: Situation, actor: Actor) -> bool:
    """Whether the person's role and reach allow it: a button is shown, a command accepted."""
    if task.state not in step.sources or is_accused(case, actor):
        return False
    if step.side is Side.LEAD:
        return leads(case, actor)
    return actor.covers(
        step.needs,
        unit_id=task.unit_id,
        unit_path=task.unit_path,
        region_code=task.unit_region,
        handler_id=task.signed_by,
    )


def leads(case: Situation, actor: Actor) -> bool:
    """Whether the person handles this matter for the unit that leads it."""
    return not is_accused(case, actor) and actor.covers(
        Permission.CASE_HANDLE,
        unit_id=case.unit_id,
        unit_path=case.unit_path,
        region_code=case.region_code,
        handler_id=case.handler_id,
    )


def open_deeds(task: Standing, case: Situation, actor: Actor) -> tuple[TaskStep, ...]:
    """The steps this person may take on the task now."""
    return tuple(step for step in STEPS if may_take(step, task, case, actor))


def check_right(step: TaskStep, task: Standing, case: Situation, actor: Actor) -> None:
    """Refuse whoever `may_take` would not show the button to.

    Raises:
        ForbiddenError: it is the other unit's step, or beyond the person's reach.
    """
    if not may_take(step, task, case, actor):
        raise ForbiddenError(mark("Your role does not allow this step on this task."))


def check_words(step: TaskStep, words: str) -> None:
    """Refuse a step whose words are missing or too long.

    Raises:
        InvalidError: beside the field.
    """
    if step.wants_words and not words.strip():
        raise InvalidError(fields={"words": mark("Write what the other unit has to know.")})
    if len(words) > MOST_WORDS:
        raise InvalidError(fields={"words": mark("This is too long.")})


def check_date(until: date | None, today: date) -> date:
    """The day by which an answer is wanted.

    Raises:
        InvalidError: none was given, or it is over.
    """
    if until is None or until < today:
        raise InvalidError(fields={"until": mark("Enter the day by which you need the answer.")})
    return until
