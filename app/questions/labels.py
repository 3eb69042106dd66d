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
    Deed.OFFER: mark("Handed on to somebody"),
    Deed.ACCEPT: mark("Taken over by"),
    Deed.REFUSE: mark("Not taken over by"),
    Deed.REMIND: mark("Reminded"),
    Deed.ANSWER: mark("Answered by"),
}
