"""Whose turn it is in a unit: in turn, under the cap, past those who are away."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.dispatching.rules import ALL_AWAY, ALL_FULL, Worker, check_cap, share_out
from app.kernel.errors import InvalidError

TODAY = date(2026, 3, 2)
ANN, BEN, EVE = Worker(1, "Ann", 0), Worker(2, "Ben", 0), Worker(3, "Eve", 0)


def who(matters: int, *workers: Worker, cap: int = 9, last: int | None = None) -> list[int | None]:
    shares = share_out(range(matters), workers, cap=cap, last_id=last, today=TODAY)
    return [share.staff_id for share in shares]


def test_it_goes_round_from_the_one_after_the_last() -> None:
    assert who(5, EVE, ANN, BEN, last=1) == [2, 3, 1, 2, 3]


def test_nobody_gets_more_than_the_cap() -> None:
    assert who(4, Worker(1, "Ann", 2), BEN, cap=3) == [1, 2, 2, 2]
    assert who(2, Worker(1, "Ann", 3), cap=3) == [None, None]


@pytest.mark.parametrize(
    ("until", "expected"), [(date(2026, 3, 1), [1]), (TODAY, [2]), (date(2026, 3, 9), [2])]
)
def test_whoever_is_away_is_passed_over_to_the_last_day(
    until: date, expected: list[int | None]
) -> None:
    assert who(1, Worker(1, "Ann", 0, until), BEN) == expected


def test_where_nobody_is_free_it_says_why() -> None:
    away = Worker(1, "Ann", 0, TODAY)

    (full,) = share_out([7], [Worker(1, "Ann", 3)], cap=3, last_id=None, today=TODAY)
    (empty,) = share_out([7], [away], cap=3, last_id=None, today=TODAY)

    assert (full.why, full.params) == (ALL_FULL, {"cap": 3})
    assert (empty.why, empty.params) == (ALL_AWAY, {})


@given(
    st.lists(st.integers(0, 6), min_size=1, max_size=6),
    st.integers(0, 30),
    st.integers(1, 8),
    st.integers(0, 7),
)
def test_no_matter_is_lost_and_nobody_ends_above_the_cap(
    loads: list[int], matters: int, cap: int, last: int
) -> None:
    workers = [Worker(n, str(n), load) for n, load in enumerate(loads)]

    shares = share_out(range(matters), workers, cap=cap, last_id=last, today=TODAY)

    assert [share.case_id for share in shares] == list(range(matters))
    given_to = [share.staff_id for share in shares]
    for worker in workers:
        assert worker.open + given_to.count(worker.id) <= max(cap, worker.open)
    free = sum(max(0, cap - load) for load in loads)
    assert given_to.count(None) == max(0, matters - free)


@pytest.mark.parametrize("cap", [None, 0, 501])
def test_a_cap_that_makes_no_sense_is_refused(cap: int | None) -> None:
    with pytest.raises(InvalidError) as refused:
        check_cap(cap)

    assert set(refused.value.fields) == {"cap"}
