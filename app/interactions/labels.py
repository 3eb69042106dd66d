"""What people read for the words of the interaction log; translated at the edge.

Nothing but labels.
"""

from collections.abc import Mapping
from typing import Final

from app.interactions.rules import Direction, Medium, PromiseState, TalkState
from app.kernel.messages import mark

MEDIA: Final[Mapping[Medium, str]] = {
    Medium.WINDOW: mark("At the window"),
    Medium.PHONE: mark("Telephone"),
    Medium.MESSAGE: mark("Message"),
    Medium.EMAIL: mark("E-mail"),
    Medium.LETTER: mark("Letter"),
}
DIRECTIONS: Final[Mapping[Direction, str]] = {
    Direction.IN: mark("the citizen turned to us"),
    Direction.OUT: mark("we turned to the citizen"),
}
TALKS: Final[Mapping[TalkState, str]] = {
    TalkState.RINGING: mark("ringing"),
    TalkState.OPEN: mark("talking"),
    TalkState.HELD: mark("on hold"),
    TalkState.ENDED: mark("ended"),
}
MISSED: Final = mark("missed")
PROMISES: Final[Mapping[PromiseState, str]] = {
    PromiseState.OPEN: mark("to be kept"),
    PromiseState.KEPT: mark("kept"),
    PromiseState.LATE: mark("kept late"),
    PromiseState.BROKEN: mark("broken"),
}
