"""Opening hours as people write them, and whose hours hold for whom."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars.rules import Week
from app.calendars.rules.book import Book
from app.calendars.rules.opening import read_spans, write_spans
from app.kernel.errors import InvalidError
from tests.calendars.samples import DAY, MORNING, SHANGHAI, at

HALL, WINDOW, ELSEWHERE = 4, 9, 7
REGIONAL = date(2026, 3, 10)
BOOK = Book(
    revision="r",
    zone=SHANGHAI,
    official_years=frozenset({2026}),
    days={"": {date(2026, 5, 1): False}, "99": {REGIONAL: False}, "9901": {REGIONAL: True}},
    weeks={None: (DAY,) * 5 + ((), ()), HALL: (MORNING,) * 7},
    exceptions={None: {date(2026, 3, 11): ()}, HALL: {date(2026, 3, 12): DAY}},
)


def test_hours_are_read_as_people_write_them() -> None:
    assert read_spans("13：00—17:00、9:00 - 12:00") == DAY
    assert read_spans("00:00-24:00") == ((time(0), time(0)),)
    assert read_spans("  ") == ()


@pytest.mark.parametrize(
    "text",
    [
        "nine to five",
        "9:00-25:00",
        "9:60-10:00",
        "12:00-9:00",
        "9:00-12:00, 11:00-13:00",
        "9:00-24:00, 10:00-24:00",
        "9:00-9:00",
    ],
)
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(InvalidError):
        read_spans(text)


@given(st.lists(st.integers(0, 24 * 60), unique=True, max_size=8).map(sorted))
def test_what_is_written_can_be_read_back(minutes: list[int]) -> None:
    clock = [time(m // 60 % 24, m % 60) for m in minutes]
    spans = tuple(zip(clock[::2], clock[1::2], strict=False))

    assert read_spans(write_spans(spans)) == spans


def test_a_window_keeps_the_hours_of_the_hall_above_it() -> None:
    hours = BOOK.calendars(chain=(WINDOW, HALL, 1)).hours

    assert hours.spans_on(date(2026, 3, 9)) == MORNING
    assert hours.spans_on(date(2026, 3, 12)) == DAY
    assert hours.spans_on(date(2026, 3, 11)) == ()


def test_a_unit_without_hours_of_its_own_keeps_the_usual_ones() -> None:
    assert BOOK.calendars(chain=(ELSEWHERE, 1)).hours.spans_on(date(2026, 3, 9)) == DAY


def test_the_nearer_region_decides_about_a_day() -> None:
    assert BOOK.calendars().statutory.is_workday(REGIONAL)
    assert not BOOK.calendars(region_code="990200").statutory.is_workday(REGIONAL)
    assert BOOK.calendars(region_code="990101").statutory.is_workday(REGIONAL)
    assert BOOK.calendars(region_code="990101").hours.spans_on(REGIONAL) == DAY


def test_the_same_calendar_is_made_once() -> None:
    assert BOOK.calendars(region_code="11") is BOOK.calendars(chain=(ELSEWHERE,))
    assert BOOK.calendars(chain=(HALL,)).statutory is BOOK.calendars(chain=(ELSEWHERE,)).statutory


def test_a_book_is_uniform_only_where_nobody_differs() -> None:
    usual: dict[int | None, Week] = {None: BOOK.weeks[None]}

    assert Book("r", SHANGHAI, frozenset(), {"": {}}, usual, {}).is_uniform
    assert not BOOK.is_uniform


def test_a_book_without_hours_is_always_closed() -> None:
    bare = Book("r", SHANGHAI, frozenset(), {"": {}}, {}, {}).calendars()

    assert bare.hours.between(at("2026-03-09 00:00"), at("2026-03-10 00:00")) == 0
