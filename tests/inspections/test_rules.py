"""When rounds come, how far they are, in which order they are walked: pure arithmetic."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.inspections.rules import (
    Rhythm,
    RoundState,
    Stop,
    in_order,
    next_nominal,
    nominal_day,
    state_of,
)

DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2027, 12, 31))


def test_a_plan_of_the_thirty_first_keeps_to_the_last_day_of_shorter_months() -> None:
    days = [nominal_day(date(2026, 1, 31), Rhythm.MONTH, 1, number) for number in range(4)]

    assert days == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


@given(DAYS, st.sampled_from(Rhythm), st.integers(1, 24), DAYS)
def test_the_next_round_lies_after_the_day_asked_for_and_none_is_left_out(
    starts_on: date, rhythm: Rhythm, every: int, after: date
) -> None:
    following = next_nominal(starts_on, rhythm, every, after=after)
    days = [nominal_day(starts_on, rhythm, every, number) for number in range(220)]

    assert following == next((day for day in days if day > after), starts_on)


@pytest.mark.parametrize(
    ("today", "is_finished", "state"),
    [
        (date(2026, 3, 1), False, RoundState.COMING),
        (date(2026, 3, 5), False, RoundState.OPEN),
        (date(2026, 3, 6), False, RoundState.MISSED),
        (date(2026, 3, 6), True, RoundState.DONE),
    ],
)
def test_a_round_is_missed_from_the_day_after_its_last(
    today: date,
    is_finished: bool,  # noqa: FBT001  # a case of the table
    state: RoundState,
) -> None:
    said = state_of(date(2026, 3, 2), date(2026, 3, 5), is_finished=is_finished, today=today)

    assert said is state


def test_a_round_is_walked_to_the_nearest_next_and_what_has_no_place_comes_last() -> None:
    stops = [
        Stop(1, "d", None),
        Stop(2, "c", (83.02, 39.0)),
        Stop(3, "b", (83.0, 39.0)),
        Stop(4, "a", (83.01, 39.0)),
    ]

    assert [stop.asset_id for stop in in_order(stops)] == [3, 4, 2, 1]


def test_every_stop_is_walked_once() -> None:
    stops = [Stop(n, f"{n:02}", (83 + n * 37 % 11 / 100, 39 + n * 17 % 7 / 100)) for n in range(40)]

    walked = in_order(stops)

    assert sorted(stop.asset_id for stop in walked) == list(range(40))
