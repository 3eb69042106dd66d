"""The arithmetic of the board."""

import statistics
from collections import Counter
from datetime import UTC, datetime
from math import ceil
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.supervision.rules import (
    Level,
    Share,
    Tally,
    Window,
    parts,
    row_path,
    since,
    spoken,
    spread,
)

lengths = st.lists(st.integers(0, 10**7), min_size=1, max_size=60)


@given(lengths)
def test_median_and_p90_are_those_of_the_whole_list(seconds: list[int]) -> None:
    found = spread(Counter(seconds))

    assert found is not None
    assert found.count == len(seconds)
    assert found.median == int(statistics.median(seconds))
    assert found.p90 == sorted(seconds)[ceil(len(seconds) * 0.9) - 1]


def test_of_nothing_there_is_no_median() -> None:
    assert spread({}) is None


@given(lengths, lengths)
def test_rows_added_up_have_the_spread_of_all_their_matters(
    one: list[int], other: list[int]
) -> None:
    total = Tally(in_hand=1, responses=dict(Counter(one)))

    total.add(Tally(in_hand=2, responses=dict(Counter(other))))

    assert total.in_hand == 3
    assert spread(total.responses or {}) == spread(Counter(one + other))


def test_a_share_of_nothing_has_no_value_and_a_share_of_few_says_little() -> None:
    assert Share(0, 0).value is None
    assert Share(3, 4).value == 0.75
    assert Share(9, 9).is_thin
    assert not Share(0, 10).is_thin


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, ("%(n)s min", 0, 0)),
        (59 * 60, ("%(n)s min", 59, 0)),
        (3600, ("%(n)s h %(m)s min", 1, 0)),
        (26 * 3600 + 5 * 60, ("%(n)s h %(m)s min", 26, 5)),
        (2 * 86400 + 3 * 3600, ("%(n)s d %(m)s h", 2, 3)),
    ],
)
def test_lengths_are_said_in_the_two_units_that_matter(
    seconds: int, said: tuple[str, int, int]
) -> None:
    words = spoken(seconds)

    assert (words.msgid, words.n, words.m) == said


@given(st.lists(st.integers(0, 50), min_size=4, max_size=4))
def test_a_bar_is_filled_from_end_to_end(counts: list[int]) -> None:
    pieces = parts(counts)

    if any(counts):
        assert pieces[0][0] == 0
        assert sum(width for _, width in pieces) == 100
        assert all(
            width == 0 for count, (_, width) in zip(counts, pieces, strict=True) if not count
        )
    else:
        assert pieces == [(0, 0)] * 4


def test_a_window_begins_at_midnight_on_the_halls_clock_today_included() -> None:
    now = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)  # already 2 March in Shanghai

    begin = since(now, Window.WEEK, ZoneInfo("Asia/Shanghai"))

    assert begin.astimezone(UTC) == datetime(2026, 2, 23, 16, 0, tzinfo=UTC)


def test_units_are_gathered_below_the_one_looked_at() -> None:
    assert row_path("/1/3/5/", "/1/", Level.LEAD) == "/1/3/"
    assert row_path("/1/3/5/", "/1/3/", Level.LEAD) == "/1/3/5/"
    assert row_path("/1/", "/1/", Level.LEAD) == "/1/"
    assert row_path("/1/3/5/", "/", Level.LEAD) == "/1/"
    assert row_path("/1/3/5/", "/1/", Level.EACH) == "/1/3/5/"
