"""The words of a queue: states of a ticket, what is done to it, who goes a little before others.

A ticket is called by a number; nothing here knows whose it is.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.kernel.errors import ConflictError
from app.kernel.messages import mark


class TicketState(StrEnum):
    """Where a ticket stands (rulebook §3); one that was transferred waits again."""

    TAKEN = "taken"
    CALLED = "called"
    SERVING = "serving"
    DONE = "done"
    NO_SHOW = "no_show"
    TRANSFERRED = "transferred"


class Deed(StrEnum):
    """What is written down of a ticket or a counter."""

    TAKE = "take"
    CALL = "call"
    RECALL = "recall"
    SERVE = "serve"
    FINISH = "finish"
    SKIP = "skip"
    COME_BACK = "come_back"
    TRANSFER = "transfer"
    SIGN_ON = "sign_on"
    SIGN_OFF = "sign_off"
    PAUSE = "pause"
    RESUME = "resume"


class Need(StrEnum):
    """Why somebody is called a little earlier than their time of arrival says."""

    NONE = "none"
    SENIOR = "senior"
    DISABLED = "disabled"


class Source(StrEnum):
    """Where a number was taken."""

    KIOSK = "kiosk"
    DESK = "desk"
    PHONE = "phone"


class PauseReason(StrEnum):
    """Why nobody is called to a counter for a while."""

    BREAK = "break"
    PAPERWORK = "paperwork"
    MEETING = "meeting"
    EQUIPMENT = "equipment"
    OTHER = "other"


# Levels of satisfaction, GB/T 39735-2020 (rulebook §1); 2 and 1 are 差评.
WORST: Final = 1
BEST: Final = 5

WAITING: Final = (TicketState.TAKEN, TicketState.TRANSFERRED)
AT_COUNTER: Final = (TicketState.CALLED, TicketState.SERVING)

MOVES: Final[Mapping[tuple[TicketState, Deed], TicketState]] = {
    (TicketState.TAKEN, Deed.CALL): TicketState.CALLED,
    (TicketState.TRANSFERRED, Deed.CALL): TicketState.CALLED,
    (TicketState.CALLED, Deed.RECALL): TicketState.CALLED,
    (TicketState.CALLED, Deed.SERVE): TicketState.SERVING,
    # Who calls the next one without a word says that the one before came and is done.
    (TicketState.CALLED, Deed.FINISH): TicketState.DONE,
    (TicketState.SERVING, Deed.FINISH): TicketState.DONE,
    (TicketState.CALLED, Deed.SKIP): TicketState.NO_SHOW,
    (TicketState.CALLED, Deed.TRANSFER): TicketState.TRANSFERRED,
    (TicketState.SERVING, Deed.TRANSFER): TicketState.TRANSFERRED,
    (TicketState.NO_SHOW, Deed.COME_BACK): TicketState.TAKEN,
}


def after(state: TicketState, deed: Deed) -> TicketState:
    """Where the deed leads.

    Raises:
        ConflictError: the ticket has moved on meanwhile, at this counter or another.
    """
    target = MOVES.get((state, deed))
    if target is None:
        raise ConflictError(mark("This number has moved on meanwhile."))
    return target


def spelt(prefix: str, number: int) -> str:
    """A number as it is printed and called: A012."""
    return f"{prefix}{number:03d}"
