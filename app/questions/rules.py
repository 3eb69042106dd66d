"""Who owns a question: the first who was asked, until the next one accepts it (首问负责).

Pure: no tables, no clock. Rulebook §3 [M].
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark

MOST_WORDS: Final = 2000
LEAST_WORDS: Final = 4


class QuestionState(StrEnum):
    """Where a question stands; one that is offered still belongs to who offers it."""

    HELD = "held"
    OFFERED = "offered"
    ANSWERED = "answered"


class Deed(StrEnum):
    """What is done to a question, and written down."""

    ASK = "ask"
    OFFER = "offer"
    ACCEPT = "accept"
    REFUSE = "refuse"
    REMIND = "remind"
    ANSWER = "answer"


MOVES: Final[Mapping[tuple[QuestionState, Deed], QuestionState]] = {
    (QuestionState.HELD, Deed.OFFER): QuestionState.OFFERED,
    (QuestionState.HELD, Deed.ANSWER): QuestionState.ANSWERED,
    # Nobody took it: the owner answers after all, or asks somebody else.
    (QuestionState.OFFERED, Deed.OFFER): QuestionState.OFFERED,
    (QuestionState.OFFERED, Deed.ANSWER): QuestionState.ANSWERED,
    (QuestionState.OFFERED, Deed.ACCEPT): QuestionState.HELD,
    (QuestionState.OFFERED, Deed.REFUSE): QuestionState.HELD,
    (QuestionState.OFFERED, Deed.REMIND): QuestionState.OFFERED,
}
# What the owner does, and what whoever it is offered to does.
OWNERS: Final = frozenset({Deed.OFFER, Deed.ANSWER})
NEXT_ONES: Final = frozenset({Deed.ACCEPT, Deed.REFUSE})


@dataclass(frozen=True, slots=True)
class Terms:
    """Within how long an offer should be accepted, and how long words are kept. Samples [S]."""

    accept_within: timedelta
    kept: timedelta


@dataclass(frozen=True, slots=True)
class Standing:
    """As much of a question as decides who may do what."""

    state: QuestionState
    owner_id: int
    offered_staff_id: int | None = None
    offered_unit_id: int | None = None


def after(state: QuestionState, deed: Deed) -> QuestionState:
    """Where the deed leads.

    Raises:
        ConflictError: the question has moved on meanwhile.
    """
    target = MOVES.get((state, deed))
    if target is None:
        raise ConflictError(mark("This question has moved on meanwhile."))
    return target


def is_offered_to(standing: Standing, staff_id: int, unit_ids: frozenset[int]) -> bool:
    """Whether this person is the next one: named, or of the unit it is offered to."""
    if standing.state is not QuestionState.OFFERED or standing.owner_id == staff_id:
        return False
    if standing.offered_staff_id is not None:
        return standing.offered_staff_id == staff_id
    return standing.offered_unit_id in unit_ids


def may(standing: Standing, deed: Deed, staff_id: int, unit_ids: frozenset[int]) -> bool:
    """Whether this person may do this now: a button is shown, a command accepted."""
    if (standing.state, deed) not in MOVES:
        return False
    if deed in OWNERS:
        return standing.owner_id == staff_id
    return deed in NEXT_ONES and is_offered_to(standing, staff_id, unit_ids)


def is_slow(state: QuestionState, offered_at: datetime | None, terms: Terms, now: datetime) -> bool:
    """Whether an offer waits longer than it should."""
    if state is not QuestionState.OFFERED or offered_at is None:
        return False
    return now - offered_at > terms.accept_within


def checked(words: str, field: str) -> str:
    """The words without blanks around them.

    Raises:
        InvalidError: too few or too many, beside the field.
    """
    bare = words.strip()
    if len(bare) < LEAST_WORDS:
        raise InvalidError(fields={field: mark("Write at least a few words.")})
    if len(bare) > MOST_WORDS:
        raise InvalidError(fields={field: mark("This is too long.")})
    return bare
