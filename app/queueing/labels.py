"""What states, needs and reasons of the queue are called on the screen (msgids)."""

from collections.abc import Mapping
from typing import Final

from app.kernel.messages import mark
from app.queueing.rules import Need, PauseReason, TicketState

STATES: Final[Mapping[TicketState, str]] = {
    TicketState.TAKEN: mark("waits"),
    TicketState.CALLED: mark("called"),
    TicketState.SERVING: mark("at the counter"),
    TicketState.DONE: mark("done"),
    TicketState.NO_SHOW: mark("passed over"),
    TicketState.TRANSFERRED: mark("sent on, waits"),
}

NEEDS: Final[Mapping[Need, str]] = {
    Need.NONE: mark("Nothing of this"),
    Need.SENIOR: mark("65 or older"),
    Need.DISABLED: mark("Disabled"),
}

LEVELS: Final[Mapping[int, str]] = {
    5: mark("Very satisfied"),
    4: mark("Satisfied"),
    3: mark("Basically satisfied"),
    2: mark("Dissatisfied"),
    1: mark("Very dissatisfied"),
}

REASONS: Final[Mapping[PauseReason, str]] = {
    PauseReason.BREAK: mark("A break"),
    PauseReason.PAPERWORK: mark("Paperwork"),
    PauseReason.MEETING: mark("A meeting"),
    PauseReason.EQUIPMENT: mark("A machine out of order"),
    PauseReason.OTHER: mark("Something else"),
}
