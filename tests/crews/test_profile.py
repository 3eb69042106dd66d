"""What a crew can do, where, and when it is on shift."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from app.calendars.rules.opening import read_spans
from app.crews.rules.profile import (
    FRESH_FOR,
    Shift,
    can_do,
    check_capacity,
    check_skills,
    is_fresh,
    is_online,
    is_specialist,
    serves,
)
from app.kernel.errors import InvalidError

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("skills", "code", "expected"),
    [
        (("0120",), "0120", True),
        (("01",), "0120", True),
        (("E01",), "E0103", True),
        (("E0103",), "E0103", True),
        (("0120",), "0121", False),
        (("01",), "0210", False),
        (("01",), "E0101", False),
        (("E01",), "0101", False),
        ((), "0120", False),
        (("01",), "", False),
    ],
)
def test_a_skill_is_a_type_or_its_whole_class(
    skills: tuple[str, ...],
    code: str,
    expected: bool,  # noqa: FBT001  # the case
) -> None:
    assert can_do(skills, code) is expected
    assert is_specialist(skills, code) is (code in skills)


@pytest.mark.parametrize(
    ("areas", "place", "expected"),
    [
        ((), "990101001", True),
        (("990101",), "990101001", True),
        (("990101001",), "990101001003", True),
        (("990102",), "990101001", False),
        (("990102", "990101"), "990101", True),
        (("990100",), "990103001", True),  # a city holds all its districts
        (("990102",), "", True),
    ],
)
def test_a_crew_serves_its_regions_and_all_within(
    areas: tuple[str, ...],
    place: str,
    expected: bool,  # noqa: FBT001  # the case
) -> None:
    assert serves(areas, place) is expected


def test_a_shift_holds_to_the_minute_through_midnight_and_gives_way_to_its_exceptions() -> None:
    week = (read_spans("00:00-02:00, 20:00-24:00"), *((),) * 6)
    monday, tuesday = date(2026, 3, 2), date(2026, 3, 3)
    shift = Shift(week, {tuesday: read_spans("9:00-10:00"), date(2026, 3, 9): ()})

    def at(day: date, hour: int, minute: int = 0) -> bool:
        return shift.holds(datetime.combine(day, time(hour, minute), UTC))

    assert [at(monday, *when) for when in ((1, 59), (2, 0), (19, 59), (20, 0), (23, 59))] == [
        True, False, False, True, True,
    ]  # fmt: skip
    assert at(tuesday, 9)
    assert not at(tuesday, 10)
    assert not at(date(2026, 3, 9), 20)


def test_being_there_and_a_position_run_out() -> None:
    assert is_online(NOW + timedelta(minutes=1), NOW)
    assert not is_online(NOW, NOW)
    assert not is_online(None, NOW)
    assert is_fresh(NOW - FRESH_FOR, NOW)
    assert not is_fresh(NOW - FRESH_FOR - timedelta(seconds=1), NOW)
    assert not is_fresh(None, NOW)


@pytest.mark.parametrize("wrong", [None, 0, -1, 61])
def test_a_day_holds_one_to_sixty_repairs(wrong: int | None) -> None:
    with pytest.raises(InvalidError):
        check_capacity(wrong)
    assert (check_capacity(1), check_capacity(60)) == (1, 60)


@pytest.mark.parametrize("wrong", ["1", "012", "01200", "X1", "E1", "路灯", "0120 "])
def test_a_skill_is_a_code_of_the_list(wrong: str) -> None:
    with pytest.raises(InvalidError):
        check_skills(["0120", wrong])
    assert check_skills(["E0101", "0120", "0120"]) == ["0120", "E0101"]
