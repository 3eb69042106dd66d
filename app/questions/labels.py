"""What states and deeds of a question are called on the screen (msgids)."""

from collections.abc import Mapping
from typing import Final

from app.kernel.messages import mark
from app.questions.rules import Deed, QuestionState

STATES: Final[Mapping[QuestionState, str]] = {
    QuestionState.HELD: mark("being answered"),
    QuestionState.OFFERED: mark("handed on, not accepted yet"),
    QuestionState.ANSWERED: mark("answered"),
}

DEEDS: Final[Mapping[Deed, str]] = {
    Deed.ASK: mark("Asked here first"),
    Deed.OFFER: mark("Handed on"),
    Deed.ACCEPT: mark("Accepted"),
    Deed.REFUSE: mark("Not accepted"),
    Deed.REMIND: mark("Reminded"),
    Deed.ANSWER: mark("Answered"),
}
