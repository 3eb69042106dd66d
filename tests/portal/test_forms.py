"""What the portal's forms take, in whatever spelling it was typed."""

import pytest

from app.portal.forms import ContactForm, PlaceForm
from app.web.forms import RawForm, parse


def a_form(**values: str) -> RawForm:
    return RawForm(values=values, lists={name: [value] for name, value in values.items()})


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("179 0000 1234", "17900001234"),
        ("+86 179-0000-1234", "17900001234"),
        ("１７９００００１２３４", "17900001234"),
        ("(0599) 8234567", "05998234567"),
        ("４００ 812 3123", "4008123123"),
        ("0599-123", None),
        ("1990000123", None),
        ("not a number", None),
        ("", None),
    ],
)
def test_phone_numbers_are_taken_in_any_spelling(typed: str, number: str | None) -> None:
    parsed = parse(ContactForm, a_form(anonymous="no", name="测试甲", phone=typed))

    assert (parsed.value.phone if parsed.value else None) == number
    assert (set(parsed.errors) == {"phone"}) is (number is None)


def test_who_stays_anonymous_is_asked_for_nothing() -> None:
    parsed = parse(ContactForm, a_form(anonymous="yes", phone="unfinished"))

    assert parsed.value is not None


@pytest.mark.parametrize("nonsense", ["north", "91", "NaN", "1e999", "-181"])
def test_nonsense_from_the_map_is_dropped_not_complained_about(nonsense: str) -> None:
    parsed = parse(PlaceForm, a_form(region="city", lat=nonsense, lon="83.2"))

    assert parsed.value is not None
    assert (parsed.value.lat, parsed.value.lon) == ("", "83.200000")
