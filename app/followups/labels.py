"""What people read for the answers of a call-back; translated at the edge.

Nothing but labels.
"""

from collections.abc import Mapping
from typing import Final

from app.followups.rules import Answer, LinkAnswer
from app.kernel.messages import mark

ANSWERS: Final[Mapping[Answer, str]] = {
    Answer.SOLVED: mark("Solved"),
    Answer.PARTLY: mark("Partly solved, the citizen leaves it at that"),
    Answer.NOT_SOLVED: mark("Not solved: have it handled again"),
    Answer.NO_CLEAR_ANSWER: mark("Reached, but no clear answer"),
    Answer.DECLINED: mark("Declined to answer"),
    Answer.NO_ANSWER: mark("Nobody answered"),
}

LINK_ANSWERS: Final[Mapping[LinkAnswer, tuple[str, str]]] = {
    LinkAnswer.SOLVED: (mark("Yes, it is solved"), ""),
    LinkAnswer.PARTLY: (mark("Partly"), mark("I leave it at that; the matter is closed.")),
    LinkAnswer.NOT_SOLVED: (
        mark("No, it is not solved"),
        mark("The unit handles it again, with a new time limit."),
    ),
}
