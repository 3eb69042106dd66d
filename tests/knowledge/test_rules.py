"""When owners are told to look again, and what a history says became different."""

from datetime import date, timedelta

import pytest

from app.knowledge.rules import Turn, differences, is_reasonable, is_to_be_told, pieces_of

DAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("today", "told_on", "is_told"),
    [
        (DAY - timedelta(days=15), None, False),
        (DAY - timedelta(days=14), None, True),
        (DAY - timedelta(days=13), DAY - timedelta(days=14), False),
        (DAY - timedelta(days=1), DAY - timedelta(days=200), True),  # told for an earlier day
        (DAY, DAY - timedelta(days=14), True),
        (DAY + timedelta(days=6), DAY, False),
        (DAY + timedelta(days=7), DAY, True),
        (DAY + timedelta(days=30), None, True),
    ],
)
def test_an_owner_is_told_a_fortnight_before_on_the_day_and_each_week_after(
    today: date, told_on: date | None, *, is_told: bool
) -> None:
    assert is_to_be_told(DAY, told_on, today=today) is is_told


def test_a_day_to_look_again_lies_ahead_and_within_two_years() -> None:
    assert not is_reasonable(DAY, today=DAY)
    assert is_reasonable(DAY + timedelta(days=1), today=DAY)
    assert not is_reasonable(DAY + timedelta(days=800), today=DAY)


def test_the_history_shows_the_half_sentence_that_changed_and_no_other() -> None:
    pieces = pieces_of("带身份证，交十元，当场取。", "带身份证，不收费，当场取。")

    assert [(one.turn, one.text) for one in pieces] == [
        (Turn.SAME, "带身份证，"),
        (Turn.GONE, "交十元"),
        (Turn.NEW, "不收费"),
        (Turn.SAME, "，当场取。"),
    ]


def test_fields_that_stayed_are_not_in_the_difference() -> None:
    before = {"title": "问", "items": ["A"], "owner": None}
    after = {"title": "问", "items": ["A", "B"], "owner": ""}

    (only,) = differences(before, after)

    assert only.field == "items"
    assert only.pieces[-1].text == "、B"
