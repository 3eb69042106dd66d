"""Who may do what with a question, exhaustively: it always has one owner."""

from datetime import timedelta
from itertools import product

import pytest

from app.kernel.errors import ConflictError, InvalidError
from app.questions.rules import (
    MOST_WORDS,
    MOVES,
    Deed,
    QuestionState,
    Standing,
    Terms,
    after,
    checked,
    is_slow,
    may,
)
from tests.support.clock import MONDAY_9AM

OWNER, NEXT, OTHER, UNIT = 1, 2, 3, 7


def standing(
    state: QuestionState, *, staff: int | None = None, unit: int | None = None
) -> Standing:
    return Standing(state, OWNER, staff, unit)


@pytest.mark.parametrize(("state", "deed"), list(product(QuestionState, Deed)))
def test_a_move_is_in_the_table_or_refused(state: QuestionState, deed: Deed) -> None:
    if (state, deed) in MOVES:
        assert after(state, deed) is MOVES[state, deed]
    else:
        with pytest.raises(ConflictError):
            after(state, deed)


def test_the_owner_answers_and_hands_on_the_next_one_accepts_nobody_else_does_anything() -> None:
    offered = standing(QuestionState.OFFERED, staff=NEXT)
    here = frozenset({UNIT})

    allowed = {
        (who, deed)
        for who in (OWNER, NEXT, OTHER)
        for deed in Deed
        if may(offered, deed, who, here)
    }

    assert allowed == {
        (OWNER, Deed.OFFER),
        (OWNER, Deed.ANSWER),
        (NEXT, Deed.ACCEPT),
        (NEXT, Deed.REFUSE),
    }


def test_anybody_of_the_unit_it_is_offered_to_may_accept_but_not_its_owner() -> None:
    offered = standing(QuestionState.OFFERED, unit=UNIT)

    assert may(offered, Deed.ACCEPT, OTHER, frozenset({UNIT}))
    assert not may(offered, Deed.ACCEPT, OTHER, frozenset({UNIT + 1}))
    assert not may(offered, Deed.ACCEPT, OWNER, frozenset({UNIT}))
    assert not may(standing(QuestionState.HELD), Deed.ACCEPT, OTHER, frozenset({UNIT}))


def test_an_offer_is_slow_after_its_minutes() -> None:
    terms = Terms(timedelta(minutes=30), timedelta(days=1))
    half_past = MONDAY_9AM + timedelta(minutes=30)

    assert not is_slow(QuestionState.OFFERED, MONDAY_9AM, terms, half_past)
    assert is_slow(QuestionState.OFFERED, MONDAY_9AM, terms, half_past + timedelta(seconds=1))
    assert not is_slow(QuestionState.HELD, MONDAY_9AM, terms, half_past + timedelta(days=1))
    assert not is_slow(QuestionState.OFFERED, None, terms, half_past)


@pytest.mark.parametrize("words", ["", "   ", "问?", "长" * (MOST_WORDS + 1)])
def test_words_are_neither_none_nor_endless(words: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        checked(words, "words")

    assert set(refusal.value.fields) == {"words"}
