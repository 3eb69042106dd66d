"""What a conversation may become, when a promise is kept, what a telephone system must sign."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.kinds import Channel
from app.interactions.labels import DIRECTIONS, MEDIA, PROMISES, TALKS
from app.interactions.rules import (
    MOVES,
    SIGNED_FOR,
    Deed,
    Direction,
    Medium,
    PromiseState,
    TalkState,
    after,
    channel_of,
    is_genuine,
    promise_state,
    signature,
)
from app.kernel.errors import ConflictError
from tests.support.clock import MONDAY_9AM

KEY = "a key of the telephone system"
DAY = timedelta(days=1)
STAMP = str(int(MONDAY_9AM.timestamp()))


@pytest.mark.parametrize("state", TalkState)
@pytest.mark.parametrize("deed", Deed)
def test_a_deed_leads_where_the_table_says_or_is_refused(state: TalkState, deed: Deed) -> None:
    target = MOVES.get((state, deed))

    if target is None:
        with pytest.raises(ConflictError):
            after(state, deed)
    else:
        assert after(state, deed) is target


def test_every_conversation_can_be_ended_and_an_ended_one_stays_so() -> None:
    ways_out = {state for (state, deed) in MOVES if deed is Deed.END}

    assert ways_out == set(TalkState) - {TalkState.ENDED}
    assert not [state for (state, _) in MOVES if state is TalkState.ENDED]


def test_every_word_has_a_label_and_every_medium_a_channel() -> None:
    assert set(MEDIA) == set(Medium)
    assert set(DIRECTIONS) == set(Direction)
    assert set(TALKS) == set(TalkState)
    assert set(PROMISES) == set(PromiseState)
    assert {channel_of(medium) for medium in Medium} <= set(Channel)


@given(st.integers(-400, 400), st.one_of(st.none(), st.integers(-400, 400)))
def test_a_promise_is_kept_late_or_broken_by_its_dates_alone(
    now_after: int, kept_after: int | None
) -> None:
    due = MONDAY_9AM
    kept_at = None if kept_after is None else due + timedelta(hours=kept_after)

    found = promise_state(due, kept_at, now=due + timedelta(hours=now_after))

    if kept_after is None:
        assert found is (PromiseState.OPEN if now_after <= 0 else PromiseState.BROKEN)
    else:
        assert found is (PromiseState.KEPT if kept_after <= 0 else PromiseState.LATE)


def test_what_is_signed_with_the_key_just_now_is_genuine() -> None:
    signed = signature(KEY, STAMP, b"{}")

    assert is_genuine(KEY, STAMP, b"{}", signed, now=MONDAY_9AM + timedelta(minutes=4))
    assert is_genuine(KEY, STAMP, b"{}", signed.upper(), now=MONDAY_9AM - timedelta(minutes=4))


@pytest.mark.parametrize("late", [SIGNED_FOR + timedelta(seconds=1), -SIGNED_FOR - DAY])
def test_an_old_signature_is_not_taken_again(late: timedelta) -> None:
    signed = signature(KEY, STAMP, b"{}")

    assert not is_genuine(KEY, STAMP, b"{}", signed, now=MONDAY_9AM + late)


@pytest.mark.parametrize("stamp", ["", "-1", "1e9", "１７", "9" * 40, "now"])
def test_a_stamp_that_is_no_time_is_refused_however_it_is_signed(stamp: str) -> None:
    assert not is_genuine(KEY, stamp, b"{}", signature(KEY, stamp, b"{}"), now=MONDAY_9AM)


@given(st.binary(max_size=40), st.text(max_size=70))
def test_no_other_signature_fits(body: bytes, other: str) -> None:
    signed = signature(KEY, STAMP, body)

    if other.lower() != signed:
        assert not is_genuine(KEY, STAMP, body, other, now=MONDAY_9AM)
    assert not is_genuine(KEY, STAMP, body + b" ", signed, now=MONDAY_9AM)
