"""Limits counted in four units: examples people argue about, then the oracle's opinion."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars.rules import Calendars, HallHours, Limit, LimitUnit, StatutoryCalendar, due
from app.kernel.errors import InvalidError
from tests.calendars import oracle
from tests.calendars.samples import CALENDARS, DAY, HALL, SHANGHAI, STATUTORY, at

instants = st.datetimes(datetime(2025, 1, 1), datetime(2026, 10, 20), timezones=st.just(UTC)).map(
    lambda t: t.replace(second=0, microsecond=0)
)
dates = st.dates(date(2025, 1, 1), date(2026, 10, 20))


@pytest.mark.parametrize(
    ("start", "days", "expected"),
    [
        ("2026-02-13", 5, "2026-02-27"),
        ("2026-09-30", 5, "2026-10-13"),
        ("2026-04-30", 1, "2026-05-06"),
        ("2026-02-14", 1, "2026-02-24"),
        ("2026-02-13", 20, "2026-03-19"),
        ("2025-09-30", 3, "2025-10-11"),
        ("2026-09-30", 3, "2026-10-10"),
    ],
)
def test_the_vectors_of_the_rulebook_hold(start: str, days: int, expected: str) -> None:
    found = due(LimitUnit.WORK_DAY, days, at(f"{start} 10:00"), CALENDARS)

    assert found.at == at(f"{expected} 23:59:59")
    assert not found.provisional


def test_a_limit_into_a_year_without_notice_is_provisional() -> None:
    found = CALENDARS.add(LimitUnit.WORK_DAY, at("2026-12-28 10:00"), 5)

    assert found.provisional
    assert found.at == at("2027-01-04 23:59:59")  # weekends only: 1 January counts as a Friday


def test_each_of_the_two_years_has_248_working_days() -> None:
    for year in (2025, 2026):
        assert STATUTORY.count(date(year - 1, 12, 31), date(year, 12, 31)) == 248


def test_an_hour_never_pauses_and_is_never_provisional() -> None:
    found = CALENDARS.add(LimitUnit.HOUR, at("2026-12-31 23:30"), 24 * 3600)

    assert found.at == at("2027-01-01 23:30")
    assert not found.provisional


def test_hours_pass_evenly_through_a_change_of_summer_time() -> None:
    start = datetime(2026, 3, 29, 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))

    found = CALENDARS.add(LimitUnit.HOUR, start, 3 * 3600)

    assert found.at - start.astimezone(UTC) == timedelta(hours=3)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(1, "2026-03-09"), (2, "2026-03-09"), (3, "2026-03-09"), (4, "2026-03-10")],
)
def test_calendar_days_leave_out_the_first_and_roll_over_the_weekend(
    days: int, expected: str
) -> None:
    friday = at("2026-03-06 08:00")

    assert CALENDARS.add(LimitUnit.DAY, friday, days).at == at(f"{expected} 23:59:59")


def test_calendar_days_that_end_in_a_holiday_end_on_the_first_working_day_after_it() -> None:
    found = CALENDARS.add(LimitUnit.DAY, at("2026-09-26 08:00"), 7)

    assert found.at == at("2026-10-08 23:59:59")


def test_calendar_days_that_end_on_a_make_up_saturday_stay_there() -> None:
    found = CALENDARS.add(LimitUnit.DAY, at("2026-10-03 08:00"), 7)

    assert found.at == at("2026-10-10 23:59:59")


def test_calendar_days_across_a_year_without_notice_matter_only_where_they_end() -> None:
    bare = StatutoryCalendar.build(SHANGHAI, official_years={2025, 2027})
    calendars = Calendars(bare, HallHours(bare, HALL.week, {}))

    across = calendars.add(LimitUnit.DAY, at("2025-12-20 08:00"), 380)
    into = calendars.add(LimitUnit.DAY, at("2025-12-20 08:00"), 30)

    assert not across.provisional
    assert into.provisional


def test_working_days_across_a_year_without_notice_are_provisional() -> None:
    bare = StatutoryCalendar.build(SHANGHAI, official_years={2025, 2027})
    calendars = Calendars(bare, HallHours(bare, HALL.week, {}))

    assert calendars.add(LimitUnit.WORK_DAY, at("2025-12-20 08:00"), 300).provisional


def test_a_limit_may_end_at_close_of_business() -> None:
    found = CALENDARS.add(LimitUnit.WORK_DAY, at("2026-03-06 10:00"), 1, close_of_business=True)
    short_day = CALENDARS.add(LimitUnit.WORK_DAY, at("2026-03-10 10:00"), 1, close_of_business=True)

    assert found.at == at("2026-03-09 17:00")
    assert short_day.at == at("2026-03-11 12:00")


def test_where_the_hall_stays_shut_the_last_day_ends_at_midnight() -> None:
    shut = HallHours(STATUTORY, HALL.week, {date(2026, 3, 9): ()})

    found = Calendars(STATUTORY, shut).add(
        LimitUnit.WORK_DAY, at("2026-03-06 10:00"), 1, close_of_business=True
    )

    assert found.at == at("2026-03-09 23:59:59")


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-03-05 16:00", 2, "2026-03-06 10:00"),  # overnight
        ("2026-03-06 16:00", 2, "2026-03-07 10:00"),  # the Saturday opening counts here
        ("2026-03-07 11:00", 2, "2026-03-09 10:00"),  # and ends at noon
        ("2026-03-05 11:30", 1, "2026-03-05 13:30"),  # the lunch hour does not
        ("2026-03-05 22:00", 1, "2026-03-06 10:00"),  # came in at night
        ("2026-03-05 09:00", 7, "2026-03-05 17:00"),  # ends as the hall closes, not next morning
        ("2026-02-14 16:00", 2, "2026-02-24 10:00"),  # make-up Saturday, then the long holiday
        ("2026-09-30 16:00", 2, "2026-10-08 10:00"),  # a Saturday in a holiday stays closed
    ],
)
def test_working_hours_pass_only_while_the_hall_is_open(
    start: str, hours: int, expected: str
) -> None:
    found = CALENDARS.add(LimitUnit.WORK_HOUR, at(start), hours * 3600)

    assert found.at == at(expected)


def test_working_hours_into_a_year_without_notice_are_provisional() -> None:
    assert CALENDARS.add(LimitUnit.WORK_HOUR, at("2026-12-31 16:00"), 7200).provisional
    assert not CALENDARS.add(LimitUnit.WORK_HOUR, at("2026-12-30 16:00"), 7200).provisional


def test_the_short_day_of_summer_time_is_measured_in_real_hours() -> None:
    berlin = StatutoryCalendar.build(ZoneInfo("Europe/Berlin"), official_years={2026})
    night = HallHours(berlin, (((time(0), time(0)),),) * 7, {})
    start, end = datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 22, tzinfo=UTC)

    assert night.between(start, end) == 23 * 3600
    assert night.add(start, 23 * 3600) == end
    assert night.add(end, -23 * 3600) == start


def test_a_hall_that_never_opens_leaves_no_room_for_a_limit() -> None:
    shut = Calendars(STATUTORY, HallHours(STATUTORY, ((),) * 7, {}))

    for seconds in (1, -1):
        with pytest.raises(InvalidError):
            shut.add(LimitUnit.WORK_HOUR, at("2026-03-05 10:00"), seconds)
    assert shut.hours.closing(date(2026, 3, 5)) is None
    assert shut.hours.spans_on(date(2026, 2, 14)) == ()


def test_a_date_outside_the_calendar_is_refused() -> None:
    for day, workdays in ((date(1989, 12, 31), 1), (date(2099, 12, 31), 1), (date(1990, 1, 1), -1)):
        with pytest.raises(InvalidError):
            STATUTORY.add(day, workdays)


def test_a_limit_states_hours_and_is_kept_in_seconds() -> None:
    assert Limit(LimitUnit.WORK_HOUR, 2).budget == 7200
    assert Limit(LimitUnit.WORK_DAY, 5).budget == 5


def test_what_is_left_over_from_a_late_clock_lies_in_the_past() -> None:
    monday = at("2026-03-09 10:00")

    assert CALENDARS.add(LimitUnit.WORK_DAY, monday, -1).at == at("2026-03-06 23:59:59")
    assert CALENDARS.add(LimitUnit.DAY, monday, -1).at == at("2026-03-08 23:59:59")
    assert CALENDARS.add(LimitUnit.HOUR, monday, -3600).at == at("2026-03-09 09:00")
    assert CALENDARS.add(LimitUnit.WORK_HOUR, monday, -7200).at == at("2026-03-07 11:00")


def test_nothing_left_is_due_today_or_on_the_next_working_day() -> None:
    saturday = at("2026-03-07 10:00")

    assert CALENDARS.add(LimitUnit.WORK_DAY, saturday, 0).at == at("2026-03-09 23:59:59")
    assert CALENDARS.add(LimitUnit.DAY, saturday, 0).at == at("2026-03-09 23:59:59")
    assert CALENDARS.add(LimitUnit.WORK_HOUR, at("2026-03-08 10:00"), 0).at == at(
        "2026-03-09 09:00"
    )


def test_time_does_not_run_backwards() -> None:
    later, earlier = at("2026-03-10 10:00"), at("2026-03-05 10:00")

    assert all(CALENDARS.count(unit, later, earlier) == 0 for unit in LimitUnit)


@given(dates, st.integers(1, 60))
def test_working_days_agree_with_the_oracle(start: date, days: int) -> None:
    assert STATUTORY.add(start, days) == oracle.work_days_due(start, days)


@given(dates, st.integers(1, 60))
def test_calendar_days_agree_with_the_oracle(start: date, days: int) -> None:
    noon = datetime.combine(start, time(12), SHANGHAI)

    found = CALENDARS.add(LimitUnit.DAY, noon, days).at

    assert found == oracle.end_of_day(oracle.calendar_days_due(start, days))


@settings(max_examples=60)
@given(instants, st.integers(1, 40 * 60))
def test_working_minutes_agree_with_the_oracle(start: datetime, minutes: int) -> None:
    found = CALENDARS.add(LimitUnit.WORK_HOUR, start, minutes * 60).at

    assert found == oracle.work_minutes_due(start, minutes)


@given(instants, st.integers(1, 60 * 3600))
def test_working_time_added_can_be_measured_and_taken_back(start: datetime, seconds: int) -> None:
    end = HALL.add(start, seconds)

    assert HALL.between(start, end) == seconds
    assert HALL.between(HALL.add(end, -seconds), end) == seconds


@given(dates, st.integers(1, 200))
def test_working_days_added_can_be_counted_and_taken_back(start: date, days: int) -> None:
    end = STATUTORY.add(start, days)

    assert STATUTORY.count(start, end) == days
    assert STATUTORY.is_workday(end)
    assert STATUTORY.add(STATUTORY.add(end, -days), days) == end


@given(dates)
def test_every_date_is_a_working_day_exactly_when_the_oracle_says_so(day: date) -> None:
    assert STATUTORY.is_workday(day) == oracle.works(day)
    assert STATUTORY.roll_forward(day) == oracle.rolled(day)


def test_the_hall_keeps_weekday_hours_on_a_make_up_day() -> None:
    assert HALL.spans_on(date(2026, 2, 28)) == DAY
