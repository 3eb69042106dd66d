"""What people read for a task's states and deeds; the edge translates.

Nothing but labels.
"""

from collections.abc import Mapping
from typing import Final

from app.kernel.messages import mark
from app.tasks.rules import Deed, TaskState

STATES: Final[Mapping[TaskState, str]] = {
    TaskState.ASKED: mark("To sign for"),
    TaskState.SIGNED: mark("Being handled"),
    TaskState.REPLIED: mark("Answered, to be accepted"),
    TaskState.ACCEPTED: mark("Answer accepted"),
    TaskState.RETURNED: mark("Handed back"),
    TaskState.CANCELLED: mark("Called off"),
}
DEEDS: Final[Mapping[Deed, str]] = {
    Deed.SIGN: mark("Sign for the task"),
    Deed.REPLY: mark("Answer the lead unit"),
    Deed.RETURN: mark("Hand the task back"),
    Deed.ACCEPT: mark("Accept the answer"),
    Deed.SEND_BACK: mark("Send the answer back"),
    Deed.CANCEL: mark("Call the task off"),
}

# What the other side finds in its inbox.
ASKED_OF_YOU: Final = mark("Your unit is asked to assist with %(number)s.")
SENTENCES: Final[Mapping[Deed, str]] = {
    Deed.SIGN: mark("The assisting unit has signed for its task of %(number)s."),
    Deed.REPLY: mark("The assisting unit has answered on %(number)s."),
    Deed.RETURN: mark("The assisting unit has handed back its task of %(number)s."),
    Deed.ACCEPT: mark("Your answer on %(number)s was accepted."),
    Deed.SEND_BACK: mark("Your answer on %(number)s was sent back."),
    Deed.CANCEL: mark("The task of %(number)s was called off."),
}
