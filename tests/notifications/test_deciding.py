"""One function says whether anything may be sent to somebody, by which way, and when."""

from datetime import UTC, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.notifications.rules.deciding import (
    Decision,
    Facts,
    Policy,
    Purpose,
    Reason,
    Standing,
    decide,
)
from app.notifications.rules.quiet import (
    Stretch,
    after_quiet,
    next_day,
    start_of_day,
    stretches_in,
    within,
)
from tests.support.clock import MONDAY_9AM

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2026, 3, 2, 14, 30, tzinfo=UTC)  # half past ten in the evening there
CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0))
STRETCHES = st.builds(Stretch, CLOCKS, CLOCKS)
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
LIVING = Facts(Standing.LIVING)


@given(INSTANTS, STRETCHES)
def test_after_the_quiet_time_means_at_once_or_at_its_very_end(
    at: datetime, quiet: Stretch
) -> None:
    sent = after_quiet(at, quiet, SHANGHAI)

    local = sent.astimezone(SHANGHAI)
    assert at <= sent < at + timedelta(days=1)
    assert not quiet.holds(local.time())
    assert sent == at or local.time() == quiet.ends


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
@given(INSTANTS, STRETCHES)
def test_where_the_clocks_are_changed_nobody_is_woken_either(
    zone: str, at: datetime, quiet: Stretch
) -> None:
    sent = after_quiet(at, quiet, ZoneInfo(zone))

    assert at <= sent <= at + timedelta(days=2)
    assert sent == at or not quiet.holds(sent.astimezone(ZoneInfo(zone)).time())


@given(INSTANTS, STRETCHES.filter(lambda one: one.begins != one.ends))
def test_who_asked_for_a_time_is_written_to_then(at: datetime, wished: Stretch) -> None:
    sent = within(at, [wished], SHANGHAI)

    assert at <= sent <= at + timedelta(days=1)
    assert wished.holds(sent.astimezone(SHANGHAI).time())


@given(INSTANTS)
def test_a_day_begins_and_ends_at_midnight_in_the_hall(at: datetime) -> None:
    begins, ends = start_of_day(at, SHANGHAI), next_day(at, SHANGHAI)

    assert begins <= at < ends
    assert begins.astimezone(SHANGHAI).time() == ends.astimezone(SHANGHAI).time() == time()


@pytest.mark.parametrize(
    ("words", "stretches"),
    [
        ("", []),
        ("晚上", []),
        ("9:00-11:30", [Stretch(time(9), time(11, 30))]),
        ("18：00 至 20：00", [Stretch(time(18), time(20))]),
        ("8:00-9:00 或 22:00~23:00", [Stretch(time(8), time(9)), Stretch(time(22), time(23))]),
        ("25:00-26:00", []),
        ("9:00-9:00", []),
        ("12:99-13:00", []),
    ],
)
def test_times_somebody_asked_for_are_read_where_they_are_written_so(
    words: str, stretches: list[Stretch]
) -> None:
    assert stretches_in(words) == stretches


def asked(
    purpose: Purpose, facts: Facts, *, policy: Policy | None = None, at: datetime = MONDAY_9AM
) -> Decision:
    return decide(purpose, facts, policy or Policy(), zone=SHANGHAI, now=at)


@pytest.mark.parametrize("purpose", Purpose)
@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (Facts(Standing.GONE), Reason.GONE),
        (Facts(Standing.RESTRICTED), Reason.RESTRICTED),
        (Facts(Standing.LIVING, do_not_contact=True, has_consent=True), Reason.DO_NOT_CONTACT),
        (Facts(Standing.LIVING, has_contact=False, has_consent=True), Reason.NO_CONTACT),
        (Facts(Standing.LIVING, is_bad=True, has_consent=True), Reason.BAD_CONTACT),
    ],
)
def test_some_things_hold_whatever_it_is_about(
    purpose: Purpose, facts: Facts, reason: Reason
) -> None:
    assert asked(purpose, facts).reason is reason


def test_a_survey_needs_consent_and_nothing_we_owe_does() -> None:
    reasons = {purpose: asked(purpose, LIVING).reason for purpose in Purpose}

    assert reasons == dict.fromkeys(Purpose, None) | {Purpose.SURVEY: Reason.NO_CONSENT}


def test_a_hall_may_write_to_verified_numbers_only() -> None:
    policy = Policy(only_verified=True)

    assert asked(Purpose.NOTICE, Facts(Standing.LIVING, is_verified=False), policy=policy).reason
    assert asked(Purpose.NOTICE, LIVING, policy=policy).reason is None


def test_at_night_a_notice_waits_and_danger_does_not() -> None:
    morning = datetime(2026, 3, 3, 0, 0, tzinfo=UTC)  # eight in Shanghai

    assert asked(Purpose.NOTICE, LIVING, at=NIGHT).at == morning
    assert asked(Purpose.SAFETY, LIVING, at=NIGHT).at == NIGHT
    assert asked(Purpose.RIGHTS, LIVING, at=NIGHT).at == NIGHT


def test_what_is_more_than_a_day_holds_waits_for_the_next_morning() -> None:
    many = Facts(Standing.LIVING, sent_today=10)

    assert asked(Purpose.NOTICE, many).at == datetime(2026, 3, 3, 0, 0, tzinfo=UTC)
    assert asked(Purpose.SAFETY, many).at == MONDAY_9AM


@given(INSTANTS, STRETCHES, st.integers(0, 20), st.sampled_from(["", "22:00-23:00", "晚上"]))
def test_every_combination_has_an_answer_that_lies_not_in_the_past(
    at: datetime, quiet: Stretch, sent_today: int, times: str
) -> None:
    flags = product((False, True), repeat=4)

    for purpose, (silent, reachable, bad, agrees) in product(Purpose, flags):
        facts = Facts(
            Standing.LIVING,
            do_not_contact=silent,
            has_contact=reachable,
            is_bad=bad,
            has_consent=agrees,
            sent_today=sent_today,
            preferred_times=times,
        )
        decision = asked(purpose, facts, policy=Policy(quiet=quiet), at=at)

        assert decision.at >= at
        assert not (silent and decision.reason is None)
