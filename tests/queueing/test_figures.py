"""Waits foretold, waits measured, thresholds: figures a hall's manager can trust."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import InvalidError
from app.queueing.rules import Deed, Need, Waiting
from app.queueing.rules.measuring import (
    Happened,
    grouped,
    half_hour_of,
    mean,
    measure,
    percentile,
    seconds_between,
)
from app.queueing.rules.signals import Proposal, Spare, Standing, Thresholds, lamp_of, proposals
from app.queueing.rules.waiting import (
    ENOUGH,
    NEWEST,
    OpenCounter,
    about_minutes,
    mean_seconds,
    seconds_until,
)
from tests.support.clock import MONDAY_9AM

TIMES = st.lists(st.integers(1, 3600), max_size=40)


def happened(*acts: tuple[int, Deed, int]) -> list[Happened]:
    """Ticket, deed and second of each; all at counter 3 by clerk 9 for service 1."""
    return [
        Happened(ticket, deed, MONDAY_9AM + timedelta(seconds=second), 1, 3, 9)
        for ticket, deed, second in acts
    ]


@given(TIMES, st.integers(60, 3600))
def test_the_pace_lies_between_what_was_measured_and_what_is_assumed(
    times: list[int], assumed: int
) -> None:
    pace = mean_seconds(times, assumed)

    counted = times[:NEWEST]
    known = [*counted, assumed] if len(counted) < ENOUGH else counted
    assert min(known) <= pace <= max(known)
    assert pace == assumed or counted


def people(*services: int) -> list[Waiting]:
    """A line, first to last, of who came for which service."""
    return [
        Waiting(n, service, Need.NONE, MONDAY_9AM, MONDAY_9AM, n)
        for n, service in enumerate(services, start=1)
    ]


def counters(*calling: set[int]) -> list[OpenCounter]:
    return [OpenCounter(n, frozenset(services)) for n, services in enumerate(calling, start=1)]


@given(st.integers(1, 60), st.integers(1, 10), st.integers(60, 1200))
def test_one_line_moves_as_fast_as_its_counters(ahead: int, many: int, pace: int) -> None:
    line = people(*[1] * (ahead + 1))

    found = seconds_until(line, ahead + 1, counters(*[{1}] * many), {1: pace})

    assert found == ahead // many * pace


def test_a_counter_with_work_for_two_services_calls_them_in_their_order() -> None:
    line = people(1, 2, 2, 1)
    both, first = counters({1, 2}), counters({1, 2}, {1})

    assert [seconds_until(line, n, both, {1: 60, 2: 600}) for n in (1, 2, 3, 4)] == [
        0,
        60,
        660,
        1260,
    ]
    assert seconds_until(line, 4, first, {1: 60, 2: 600}) == 0


def test_where_no_counter_is_open_nothing_is_foretold() -> None:
    assert seconds_until(people(1), 1, [], {1: 60}) is None
    assert seconds_until(people(1), 1, counters({2}), {1: 60}) is None


@pytest.mark.parametrize(
    ("seconds", "minutes"), [(0, 0), (1, 1), (600, 10), (601, 15), (900, 15), (1440, 25)]
)
def test_beyond_ten_minutes_an_estimate_is_rounded_up_to_five(seconds: int, minutes: int) -> None:
    assert about_minutes(seconds) == minutes


def test_waiting_ends_with_the_first_call_and_service_begins_when_somebody_is_there() -> None:
    day = measure(
        happened(
            (1, Deed.TAKE, 0),
            (1, Deed.CALL, 300),
            (1, Deed.RECALL, 330),
            (1, Deed.SERVE, 360),
            (1, Deed.FINISH, 660),
            (2, Deed.TAKE, 60),
            (2, Deed.CALL, 660),
            (2, Deed.FINISH, 900),
        )
    )

    assert [one.seconds for one in day.waits] == [300, 600]
    assert [one.seconds for one in day.services] == [300, 240]
    assert (day.taken, day.served, day.missed) == (2, 2, {})


def test_who_did_not_come_waited_until_the_first_call_and_counts_once() -> None:
    day = measure(
        happened(
            (1, Deed.TAKE, 0),
            (1, Deed.CALL, 100),
            (1, Deed.SKIP, 200),
            (2, Deed.TAKE, 0),
            (2, Deed.CALL, 200),
            (2, Deed.SKIP, 300),
            (2, Deed.COME_BACK, 400),
            (2, Deed.CALL, 500),
            (2, Deed.FINISH, 560),
        )
    )

    assert [one.seconds for one in day.waits] == [100, 200]
    assert [one.seconds for one in day.services] == [60]
    assert day.missed == {1: (3, 9)}


def test_who_is_sent_on_is_served_twice_and_counted_once() -> None:
    day = measure(
        happened(
            (1, Deed.TAKE, 0),
            (1, Deed.CALL, 60),
            (1, Deed.TRANSFER, 120),
            (1, Deed.CALL, 180),
            (1, Deed.FINISH, 300),
        )
    )

    assert [(one.seconds, one.was_sent_on) for one in day.services] == [(60, True), (120, False)]
    assert day.served == 1


def test_a_clock_set_back_makes_no_wait_shorter_than_none() -> None:
    assert seconds_between(MONDAY_9AM, MONDAY_9AM - timedelta(hours=1)) == 0


@given(st.lists(st.integers(0, 500), min_size=1), st.sampled_from([0.5, 0.9, 1.0]))
def test_a_percentile_is_a_value_that_enough_do_not_exceed(values: list[int], share: float) -> None:
    found = percentile(values, share)

    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)


def test_of_nothing_there_is_no_figure() -> None:
    assert percentile([], 0.5) is None
    assert mean([]) is None


def test_half_hours_begin_on_the_half_hour() -> None:
    day = measure(happened((1, Deed.TAKE, 0), (1, Deed.CALL, 30), (2, Deed.TAKE, 1799)))

    assert grouped(day.waits, lambda one: half_hour_of(one.taken_at)) == {"01:00": [30]}
    assert half_hour_of(MONDAY_9AM + timedelta(minutes=59)) == "01:30"


@pytest.mark.parametrize(
    ("minutes", "lamp"), [(20, "ok"), (20.1, "warn"), (30, "warn"), (30.1, "bad")]
)
def test_a_wait_turns_yellow_and_red_when_it_exceeds_its_minutes(minutes: float, lamp: str) -> None:
    assert lamp_of(int(minutes * 60), Thresholds()) == lamp


@pytest.mark.parametrize(
    "given",
    [Thresholds(goal=0), Thresholds(goal=21), Thresholds(red=20), Thresholds(crowd=0)],
)
def test_thresholds_that_cannot_be_are_refused(given: Thresholds) -> None:
    with pytest.raises(InvalidError):
        given.check()


def test_a_counter_is_proposed_for_a_crowd_or_a_red_wait_and_only_once() -> None:
    spare = [Spare(7, frozenset({1, 2}), is_paused=False), Spare(8, frozenset({2}), is_paused=True)]
    standings = [Standing(1, 11, 60), Standing(2, 1, 1900), Standing(3, 10, 1800)]

    found = proposals(standings, spare, Thresholds())

    # The longest wait first; a closed counter is opened before a colleague's pause is ended.
    assert found == [Proposal(2, 7), Proposal(1, None)]


def test_a_hall_in_good_order_gets_no_proposal() -> None:
    spare = [Spare(7, frozenset({1}), is_paused=False)]

    assert proposals([Standing(1, 10, 1800)], spare, Thresholds()) == []
