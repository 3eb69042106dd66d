"""Who is next: by arrival, a little earlier by need, three places back for who was away."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import ConflictError
from app.queueing.rules import (
    AT_COUNTER,
    MOVES,
    PLACES_BACK,
    WAITING,
    Advance,
    Deed,
    Need,
    TicketState,
    Waiting,
    after,
    ahead_of,
    callable_at,
    in_line,
    next_of,
    place_back,
    spelt,
)
from tests.support.clock import MONDAY_9AM

ADVANCE = Advance()
MOVING = {deed for _, deed in MOVES}
ACTS = st.lists(
    st.tuples(st.integers(0, 90), st.sampled_from(Need), st.sampled_from([1, 2])), max_size=25
)


def somebody(n: int, minute: int, need: Need = Need.NONE, service: int = 1) -> Waiting:
    taken_at = MONDAY_9AM + timedelta(minutes=minute)
    return Waiting(n, service, need, taken_at, ADVANCE.rank_at(taken_at, need), n)


def people(acts: list[tuple[int, Need, int]]) -> list[Waiting]:
    """As they came, so the later one never has the earlier minute."""
    ordered = sorted(acts, key=lambda act: act[0])
    return [somebody(n + 1, minute, need, to) for n, (minute, need, to) in enumerate(ordered)]


@pytest.mark.parametrize("state", TicketState)
@pytest.mark.parametrize("deed", sorted(MOVING))
def test_every_deed_is_allowed_by_the_table_or_refused(state: TicketState, deed: Deed) -> None:
    if (state, deed) in MOVES:
        assert after(state, deed) is MOVES[state, deed]
    else:
        with pytest.raises(ConflictError):
            after(state, deed)


def test_whoever_has_a_number_reaches_the_end_by_some_way() -> None:
    reached = {TicketState.TAKEN}
    for _ in TicketState:
        reached |= {target for (source, _), target in MOVES.items() if source in reached}

    assert reached == set(TicketState)
    assert {source for source, _ in MOVES} == set(TicketState) - {TicketState.DONE}
    assert set(WAITING).isdisjoint(AT_COUNTER)


def test_a_number_is_spelt_as_it_is_called() -> None:
    assert (spelt("A", 7), spelt("B", 1234)) == ("A007", "B1234")


@given(ACTS)
def test_without_a_need_the_line_is_in_order_of_arrival(acts: list[tuple[int, Need, int]]) -> None:
    line = in_line(people([(minute, Need.NONE, to) for minute, _, to in acts]))

    assert [one.id for one in line] == sorted(one.id for one in line)


@given(ACTS)
def test_a_need_is_worth_its_minutes_and_no_more(acts: list[tuple[int, Need, int]]) -> None:
    line = in_line(people(acts))

    for one, other in pairwise(line):
        credit = ADVANCE.minutes.get(one.need, 0) - ADVANCE.minutes.get(other.need, 0)
        assert one.taken_at - other.taken_at <= timedelta(minutes=credit)


@given(ACTS)
def test_however_many_come_with_a_need_nobody_waits_for_ever(
    acts: list[tuple[int, Need, int]],
) -> None:
    """While somebody earlier has none, at most two with a need are called in a row."""
    line, called = in_line(people(acts)), list[Waiting]()

    while line:
        before = [one.need for one in reversed(called)]
        found = next_of(line, before, ADVANCE)
        assert found is not None
        row = before[: ADVANCE.most_in_a_row]
        if found.need is not Need.NONE and len(row) == 2 and Need.NONE not in row:
            earlier = [o for o in line if o.need is Need.NONE and o.taken_at < found.taken_at]
            assert earlier == []
        line.remove(found)
        called.append(found)

    assert len(called) == len(acts)


def test_after_two_with_a_need_somebody_earlier_goes_first() -> None:
    line = in_line([somebody(1, 0), somebody(2, 5, Need.SENIOR), somebody(3, 6, Need.SENIOR)])
    row = [Need.SENIOR, Need.DISABLED]

    firsts = [next_of(line, before, ADVANCE) for before in ([], row[:1], row)]

    assert [one and one.id for one in firsts] == [2, 2, 1]


def test_nobody_is_next_where_nobody_waits() -> None:
    assert next_of([], [], ADVANCE) is None
    assert place_back([]) is None
    assert place_back([somebody(1, 0)], 0) is None  # a hall may let them keep their place


@given(ACTS, st.integers(1, 6))
def test_who_was_away_comes_so_many_places_later(
    acts: list[tuple[int, Need, int]], places: int
) -> None:
    line = in_line(people(acts))
    away = somebody(999, -30)

    behind = place_back(line, places)
    if behind is not None:
        away = replace(away, rank_at=behind[0], rank_seq=behind[1], back_seq=1000)

    assert ahead_of(in_line([*line, away]), away.id) == min(places, len(line))


def test_two_who_were_away_stand_in_the_order_they_came_back() -> None:
    line = [somebody(n, n) for n in range(1, 6)]
    for n in (50, 51):
        behind = place_back(in_line(line))
        assert behind is not None
        line.append(replace(somebody(n, 0), rank_at=behind[0], rank_seq=behind[1], back_seq=n))

    # Whoever came back first is not overtaken by the second.
    assert [one.id for one in in_line(line)] == [1, 2, 3, 50, 51, 4, 5]


@given(ACTS)
def test_a_counter_calls_for_its_services_and_whom_it_was_sent(
    acts: list[tuple[int, Need, int]],
) -> None:
    waiting = people(acts)
    sent_here, sent_there = somebody(100, 0, service=2), somebody(101, 0, service=1)
    waiting += [replace(sent_here, counter_id=7), replace(sent_there, counter_id=8)]

    found = callable_at(waiting, 7, {1})

    assert {one.id for one in found} == {
        one.id
        for one in waiting
        if one.counter_id == 7 or (one.counter_id is None and one.service_id == 1)
    }
    assert found == in_line(found)


def test_whoever_does_not_wait_has_everybody_before_them() -> None:
    line = [somebody(1, 0), somebody(2, 1)]

    assert [ahead_of(line, n) for n in (1, 2, 3)] == [0, 1, 2]
    assert PLACES_BACK == 3
