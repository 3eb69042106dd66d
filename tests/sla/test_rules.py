"""A clock's life, told by examples and by the oracle: pauses, extensions, warnings, lamps."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars.rules import Calendars, HallHours, LimitUnit, StatutoryCalendar
from app.sla.rules import (
    Change,
    ChangeKind,
    Lamp,
    Reading,
    Terms,
    extended,
    is_late,
    lamp,
    paused,
    replayed,
    resumed,
    started,
)
from tests.calendars import oracle
from tests.calendars.samples import CALENDARS, HALL, SHANGHAI, at

WORK_DAYS = Terms(LimitUnit.WORK_DAY)
DAYS = Terms(LimitUnit.DAY)
HOURS = Terms(LimitUnit.HOUR)
WORK_HOURS = Terms(LimitUnit.WORK_HOUR)
HOUR = 3600


def begin(terms: Terms, budget: int, when: str) -> Reading:
    return started(CALENDARS, terms, budget, at(when))


def stop(terms: Terms, reading: Reading, when: str) -> Reading:
    return paused(CALENDARS, terms, reading, at(when))


def go_on(terms: Terms, reading: Reading, when: str) -> Reading:
    return resumed(CALENDARS, terms, reading, at(when))


def test_a_pause_over_a_holiday_takes_out_exactly_the_days_it_lasted() -> None:
    clock = begin(WORK_DAYS, 10, "2026-09-21 10:00")  # Monday
    assert clock.due_at == at("2026-10-12 23:59:59")

    clock = stop(WORK_DAYS, clock, "2026-09-23 15:00")  # Wednesday: two days used
    assert (clock.spent, clock.due_at, clock.warn_at, clock.running_since) == (2, None, None, None)

    clock = go_on(WORK_DAYS, clock, "2026-10-12 09:00")  # Monday after the holiday: eight left
    assert clock.due_at == at("2026-10-22 23:59:59")


@pytest.mark.parametrize("terms", [WORK_DAYS, DAYS, HOURS, WORK_HOURS])
def test_a_pause_within_one_moment_changes_nothing(terms: Terms) -> None:
    clock = begin(terms, 5 * HOUR if terms.unit.is_duration else 5, "2026-03-02 10:00")

    again = go_on(terms, stop(terms, clock, "2026-03-02 11:00"), "2026-03-02 11:00")

    assert again.due_at == clock.due_at


def test_hours_pause_to_the_second() -> None:
    clock = stop(HOURS, begin(HOURS, 24 * HOUR, "2026-03-02 10:00"), "2026-03-02 16:00")

    clock = go_on(HOURS, clock, "2026-03-20 08:00")

    assert (clock.spent, clock.due_at) == (6 * HOUR, at("2026-03-21 02:00"))


def test_stopping_twice_or_going_on_twice_is_once() -> None:
    running = begin(WORK_DAYS, 5, "2026-03-02 10:00")
    stopped = stop(WORK_DAYS, running, "2026-03-03 10:00")

    assert stop(WORK_DAYS, stopped, "2026-03-05 10:00") == stopped
    assert go_on(WORK_DAYS, running, "2026-03-05 10:00") == running


def test_an_extension_raises_the_budget_of_a_running_clock() -> None:
    clock = extended(CALENDARS, WORK_DAYS, begin(WORK_DAYS, 5, "2026-03-02 10:00"), 10)

    assert (clock.budget, clock.due_at) == (15, at("2026-03-23 23:59:59"))


def test_an_extension_during_a_pause_counts_when_the_clock_goes_on() -> None:
    clock = stop(WORK_DAYS, begin(WORK_DAYS, 5, "2026-03-02 10:00"), "2026-03-03 10:00")

    clock = extended(CALENDARS, WORK_DAYS, clock, 2)

    assert clock.due_at is None
    assert go_on(WORK_DAYS, clock, "2026-03-09 10:00").due_at == at("2026-03-17 23:59:59")


@pytest.mark.parametrize(
    ("terms", "budget", "stopped", "went_on"),
    [
        (WORK_DAYS, 5, "2026-03-14 10:00", "2026-03-17 10:00"),  # Saturday after a Friday
        (DAYS, 5, "2026-03-12 10:00", "2026-03-17 10:00"),
        (HOURS, HOUR, "2026-03-06 11:00", "2026-03-17 10:00"),
        (WORK_HOURS, 6 * HOUR, "2026-03-06 18:00", "2026-03-17 10:00"),
    ],
)
def test_a_pause_does_not_heal_a_clock_that_was_late(
    terms: Terms, budget: int, stopped: str, went_on: str
) -> None:
    clock = begin(terms, budget, "2026-03-06 09:00")
    assert clock.due_at is not None
    assert clock.due_at < at(stopped)

    clock = go_on(terms, stop(terms, clock, stopped), went_on)

    assert clock.due_at is not None
    assert is_late(clock.due_at, at(went_on), provisional=False)


def test_a_limit_rolled_over_the_weekend_is_not_late_when_it_stops_there() -> None:
    clock = begin(DAYS, 1, "2026-03-06 10:00")  # ends on Saturday, so on Monday

    clock = go_on(DAYS, stop(DAYS, clock, "2026-03-08 10:00"), "2026-03-11 10:00")

    assert (clock.spent, clock.due_at) == (1, at("2026-03-11 23:59:59"))


def test_stopped_on_the_last_day_there_is_one_day_left_on_going_on() -> None:
    clock = stop(WORK_DAYS, begin(WORK_DAYS, 2, "2026-03-02 10:00"), "2026-03-04 16:00")

    assert go_on(WORK_DAYS, clock, "2026-03-07 10:00").due_at == at("2026-03-09 23:59:59")


@pytest.mark.parametrize(
    ("terms", "budget", "start", "warned"),
    [
        (WORK_DAYS, 5, "2026-03-02 10:00", "2026-03-07 00:00"),  # Friday done: one day left
        (WORK_DAYS, 20, "2026-03-02 10:00", "2026-03-25 00:00"),  # four days left
        (WORK_DAYS, 1, "2026-03-02 10:00", "2026-03-03 00:00"),
        (DAYS, 15, "2026-03-02 10:00", "2026-03-14 23:59:59"),  # a fifth is three days
        (DAYS, 2, "2026-03-07 10:00", "2026-03-07 00:00"),  # the working day before Monday
        (HOURS, 24 * HOUR, "2026-03-02 10:00", "2026-03-03 05:12"),
        (WORK_HOURS, 5 * HOUR, "2026-03-02 10:00", "2026-03-02 15:00"),
    ],
)
def test_amber_begins_with_a_fifth_or_one_working_day_left(
    terms: Terms, budget: int, start: str, warned: str
) -> None:
    assert begin(terms, budget, start).warn_at == at(warned)


def test_a_lamp_says_where_a_clock_stands() -> None:
    clock = begin(WORK_DAYS, 5, "2026-03-02 10:00")

    def shown(when: str, **changes: object) -> Lamp:
        facts: dict[str, object] = {
            "due_at": clock.due_at,
            "warn_at": clock.warn_at,
            "met_at": None,
            "paused": False,
            "provisional": False,
        }
        return lamp(**(facts | changes), now=at(when))  # type: ignore[arg-type]  # as named above

    assert shown("2026-03-06 23:59") is Lamp.OK
    assert shown("2026-03-07 00:00") is Lamp.WARN
    assert shown("2026-03-09 23:59:59") is Lamp.WARN
    assert shown("2026-03-10 00:00") is Lamp.BAD
    assert shown("2026-03-10 00:00", paused=True) is Lamp.PAUSED
    assert shown("2026-03-10 00:00", met_at=at("2026-03-09 10:00")) is Lamp.DONE
    assert shown("2026-03-10 00:00", due_at=None) is Lamp.OK
    assert shown("2026-03-09 10:00", warn_at=None) is Lamp.OK


def test_a_provisional_date_is_red_only_ten_days_later() -> None:
    clock = begin(WORK_DAYS, 5, "2026-12-28 10:00")
    assert (clock.due_at, clock.provisional) == (at("2027-01-04 23:59:59"), True)

    colours = [
        lamp(
            due_at=clock.due_at,
            warn_at=clock.warn_at,
            met_at=None,
            paused=False,
            provisional=True,
            now=at(when),
        )
        for when in ("2027-01-05 00:00", "2027-01-14 23:59:59", "2027-01-15 00:00")
    ]

    assert colours == [Lamp.WARN, Lamp.WARN, Lamp.BAD]


def test_the_last_second_of_the_last_day_is_on_time_to_its_end() -> None:
    due_at = at("2026-03-09 23:59:59")

    assert not is_late(due_at, due_at + timedelta(microseconds=999_999), provisional=False)
    assert is_late(due_at, due_at + timedelta(seconds=1), provisional=False)


def test_a_new_calendar_counts_the_same_history_anew() -> None:
    changes = [
        Change(at("2026-10-08 10:00"), ChangeKind.RESUMED),
        Change(at("2026-09-29 10:00"), ChangeKind.PAUSED),
        Change(at("2026-10-09 10:00"), ChangeKind.EXTENDED, 1),
    ]
    bare = StatutoryCalendar.build(SHANGHAI)

    known = replayed(CALENDARS, WORK_DAYS, 5, at("2026-09-25 10:00"), changes)
    unknown = replayed(
        Calendars(bare, HallHours(bare, HALL.week, {})),
        WORK_DAYS,
        5,
        at("2026-09-25 10:00"),
        changes,
    )

    assert (known.budget, known.spent, known.due_at) == (6, 2, at("2026-10-13 23:59:59"))
    assert (unknown.budget, unknown.spent, unknown.due_at) == (6, 2, at("2026-10-14 23:59:59"))


starts = st.datetimes(datetime(2025, 1, 1), datetime(2026, 8, 1), timezones=st.just(UTC)).map(
    lambda t: t.replace(second=0, microsecond=0)
)
gaps = st.lists(
    st.tuples(st.integers(0, 6 * 1440), st.integers(0, 20 * 1440)), min_size=1, max_size=4
)


def intervals(start: datetime, gaps: list[tuple[int, int]]) -> list[tuple[datetime, datetime]]:
    """Pauses one after another: so many minutes running, so many stopped."""
    pauses = []
    moment = start
    for running, stopped in gaps:
        begin = moment + timedelta(minutes=running)
        moment = begin + timedelta(minutes=stopped)
        pauses.append((begin, moment))
    return pauses


def history(pauses: list[tuple[datetime, datetime]]) -> list[Change]:
    return [
        change
        for begin, end in pauses
        for change in (Change(begin, ChangeKind.PAUSED), Change(end, ChangeKind.RESUMED))
    ]


@settings(max_examples=60)
@given(starts, st.integers(1, 60 * 60), gaps)
def test_working_hours_with_pauses_agree_with_the_oracle(
    start: datetime, minutes: int, gaps: list[tuple[int, int]]
) -> None:
    pauses = intervals(start, gaps)
    expected = oracle.work_minutes_due(start, minutes, pauses)

    found = replayed(CALENDARS, WORK_HOURS, minutes * 60, start, history(pauses)).due_at

    assert found is not None
    if expected > pauses[-1][1]:
        assert found == expected
    else:  # used up before the last pause ended
        assert found <= pauses[-1][1] or oracle.work_minutes_due(pauses[-1][1], 1) > found


@given(starts, st.integers(1, 30 * 86400), gaps)
def test_hours_with_pauses_agree_with_plain_addition(
    start: datetime, seconds: int, gaps: list[tuple[int, int]]
) -> None:
    pauses = intervals(start, gaps)
    running = sum(minutes for minutes, _ in gaps) * 60
    stopped = sum((end - begin for begin, end in pauses), timedelta())

    found = replayed(CALENDARS, HOURS, seconds, start, history(pauses)).due_at

    assert found is not None
    if seconds >= running:
        assert found == start + stopped + timedelta(seconds=seconds)
    else:
        assert found < pauses[-1][1]


def local_days(pauses: list[tuple[datetime, datetime]]) -> list[tuple[date, date]]:
    return [
        (begin.astimezone(SHANGHAI).date(), end.astimezone(SHANGHAI).date())
        for begin, end in pauses
    ]


@given(starts, st.integers(1, 60), gaps, st.sampled_from([WORK_DAYS, DAYS]))
def test_days_with_pauses_agree_with_the_oracle(
    start: datetime, days: int, gaps: list[tuple[int, int]], terms: Terms
) -> None:
    pauses = intervals(start, gaps)
    day = start.astimezone(SHANGHAI).date()
    ask = oracle.work_days_due if terms is WORK_DAYS else oracle.calendar_days_due
    expected = ask(day, days, local_days(pauses))

    found = replayed(CALENDARS, terms, days, start, history(pauses)).due_at

    assert found is not None
    if expected >= local_days(pauses)[-1][1]:
        assert found == oracle.end_of_day(expected)
    else:  # late before the last pause began, and late ever after
        assert found < pauses[-1][1]


@given(starts, st.integers(1, 40), st.integers(1, 20), st.sampled_from([WORK_DAYS, DAYS]))
def test_an_extended_clock_is_due_as_if_its_limit_had_been_longer(
    start: datetime, days: int, more: int, terms: Terms
) -> None:
    clock = extended(CALENDARS, terms, started(CALENDARS, terms, days, start), more)

    assert clock == started(CALENDARS, terms, days + more, start)


@given(starts, st.integers(1, 40), st.sampled_from(list(LimitUnit)))
def test_amber_comes_before_red(start: datetime, amount: int, unit: LimitUnit) -> None:
    budget = amount * HOUR if unit.is_duration else amount

    clock = started(CALENDARS, Terms(unit), budget, start)

    assert clock.warn_at is not None
    assert clock.due_at is not None
    assert clock.warn_at < clock.due_at


def test_close_of_business_is_kept_through_a_pause() -> None:
    terms = Terms(LimitUnit.WORK_DAY, close_of_business=True)

    clock = go_on(
        terms,
        stop(terms, begin(terms, 5, "2026-03-02 10:00"), "2026-03-03 10:00"),
        "2026-03-04 10:00",
    )

    assert clock.due_at == at("2026-03-10 17:00")
