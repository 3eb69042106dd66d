"""The order of a crew's day: what comes first, what costs least, what a person changes."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.crews import solving
from app.crews.rules.routing import (
    MOST_OPTIMISED,
    Method,
    Stop,
    Way,
    joined,
    kept_order,
    moved,
    simple_order,
    split,
)
from app.crews.rules.turns import next_in_turn
from tests.support.clock import MONDAY_9AM as NOW

HOUR = timedelta(hours=1)


def stop(number: int, lon: float, due: datetime | None = None, **more: bool) -> Stop:
    return Stop(number, (lon, 39.0), due, **more)


LINE = [stop(1, 83.03), stop(2, 83.01), stop(3, 83.04), stop(4, 83.02)]


def day(stops: list[Stop]) -> list[int]:
    parts = split(stops, (83.0, 39.0), now=NOW)
    return joined(parts, simple_order(parts.puzzle))


def test_stops_on_one_street_are_driven_along_it() -> None:
    assert day(LINE) == [2, 4, 1, 3]


def test_what_is_begun_stays_first_then_emergencies_by_their_limit() -> None:
    begun = stop(9, 83.2, is_begun=True)
    late = stop(7, 83.1, NOW + 2 * HOUR, is_emergency=True)
    soon = stop(8, 83.3, NOW + HOUR, is_emergency=True)

    assert day([*LINE, late, begun, soon])[:3] == [9, 8, 7]


def test_a_near_limit_is_worth_a_longer_way() -> None:
    pressed = replace(LINE[2], due_at=NOW + timedelta(minutes=30))

    assert day([LINE[0], LINE[1], pressed, LINE[3]])[0] == 3


def test_what_has_no_place_on_the_map_or_is_too_much_comes_last_by_its_limit() -> None:
    nowhere = [Stop(50, None, NOW + 2 * HOUR), Stop(51, None, NOW + HOUR), Stop(52)]
    many = [stop(100 + n, 83.0 + n / 1000) for n in range(MOST_OPTIMISED + 1)]

    order = day([*nowhere, *many])

    assert len(order) == len(many) + 3
    assert [one for one in order if one < 100] == [51, 50, 52]


STOPS = st.lists(
    st.builds(
        Stop,
        case_id=st.integers(1, 50),
        at=st.tuples(st.floats(83.0, 83.1), st.floats(39.0, 39.1)),
        due_at=st.none() | st.integers(0, 600).map(lambda m: NOW + timedelta(minutes=m)),
        is_emergency=st.booleans(),
    ),
    unique_by=lambda one: one.case_id,
    max_size=6,
)


@given(stops=STOPS)
def test_nothing_is_lost_and_no_two_stops_in_a_row_are_better_turned(
    stops: list[Stop],
) -> None:
    parts = split(stops, (83.05, 39.05), now=NOW)

    order = simple_order(parts.puzzle)

    assert sorted(joined(parts, order)) == sorted(one.case_id for one in stops)
    cost = parts.puzzle.cost
    for i in range(len(order) - 1):
        assert cost([*order[:i], order[i + 1], order[i], *order[i + 2 :]]) >= cost(order)


@given(stops=STOPS, stored=st.lists(st.integers(1, 50), unique=True))
def test_a_kept_order_holds_all_stops_and_lets_emergencies_before(
    stops: list[Stop], stored: list[int]
) -> None:
    order = kept_order(stored, stops)

    assert {one.case_id for one in order} == {one.case_id for one in stops}
    assert [one.rank for one in order] == sorted(one.rank for one in order)
    known = [one.case_id for one in order if one.case_id in stored and one.rank == 2]
    assert known == [number for number in stored if number in known]


def test_a_stop_is_moved_by_hand_but_never_before_an_emergency() -> None:
    first = stop(9, 83.0, is_emergency=True)
    order = kept_order([9, 1, 2], [first, LINE[0], LINE[1]])

    assert moved(order, 2, Way.UP) == [9, 2, 1]
    assert moved(order, 1, Way.DOWN) == [9, 2, 1]
    assert moved(order, 1, Way.UP) == [9, 1, 2]
    assert moved(order, 2, Way.DOWN) == [9, 1, 2]
    assert moved(order, 77, Way.UP) == [9, 1, 2]


@pytest.mark.parametrize(
    ("able", "last", "expected"),
    [([3, 1, 2], None, 1), ([1, 2, 3], 1, 2), ([1, 2, 3], 3, 1), ([1, 3], 2, 3), ([], 2, None)],
)
def test_the_turn_goes_round_by_keys(
    able: list[int], last: int | None, expected: int | None
) -> None:
    assert next_in_turn(able, last) == expected


@pytest.mark.skipif(not solving.is_installed(), reason="civicwindow[routes] is not installed")
def test_the_optimiser_gives_the_same_order_twice_and_never_a_worse_one() -> None:
    spread = [stop(n, 83.0 + (n * 37 % 11) / 100, NOW + (n * 53 % 7) * HOUR) for n in range(1, 9)]
    puzzle = split(spread, (83.05, 39.0), now=NOW).puzzle

    (one, method), (two, _) = solving.solve(puzzle), solving.solve(puzzle)

    assert one == two
    assert method is Method.OPTIMISED
    assert sorted(one) == list(range(1, 9))
    assert puzzle.cost(one) <= puzzle.cost(simple_order(puzzle))


def test_two_stops_need_no_optimiser() -> None:
    order, method = solving.solve(split(LINE[:2], (83.0, 39.0), now=NOW).puzzle)

    assert (order, method) == ([2, 1], Method.SIMPLE) or (order, method) == ([1, 2], Method.SIMPLE)
    assert solving.solve(split([], None, now=NOW).puzzle) == ([], Method.SIMPLE)
