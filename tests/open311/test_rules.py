"""Parameters as clients really send them, times, shapes and words, without a database."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.kinds import FINAL, Status
from app.kernel.errors import InvalidError
from app.open311.rules import states, times
from app.open311.rules.asking import MOST_ROWS, Sent, page_of, where_of
from app.open311.rules.shapes import Format, Listed, spell

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text() | st.just(Decimal("31.230400")),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda each: Listed("one", each))
        | st.dictionaries(st.sampled_from(["a", "b_c"]), inner, max_size=2)
    ),
    max_leaves=8,
)


@given(st.lists(VALUES, max_size=3))
def test_whatever_is_written_both_formats_can_be_read(values: list[object]) -> None:
    listed = Listed("item", values)  # type: ignore[arg-type]  # made of what a Value may be

    as_xml = ET.fromstring(spell(Format.XML, "root", listed))  # noqa: S314  # our own answer
    as_json = json.loads(spell(Format.JSON, "root", listed))

    assert as_xml.tag == "root"
    assert [child.tag for child in as_xml] == ["item"] * len(values)
    assert len(as_json) == len(values)


def test_characters_no_xml_can_hold_are_left_out_and_lines_stay() -> None:
    text = "a\x00\x08\x0b\x1f\ud800\ufffeb <&> 路\n灯 😀"

    as_xml = spell(Format.XML, "root", {"text": text}).decode()
    as_json = json.loads(spell(Format.JSON, "root", {"text": text, "empty": "", "none": None}))

    assert as_xml.endswith("<root><text>ab &lt;&amp;&gt; 路\n灯 😀</text></root>")
    assert as_json == {"text": "ab <&> 路\n灯 😀", "empty": None, "none": None}


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T04:00:00Z",
        "2026-11-22T12:00:00+08:00",
        "2026-11-22T12:00:00 08:00",  # the plus was not encoded
        "2026-11-22T12:00:00+0800",
        "2026-11-21T23:00:00.657726-05:00",
        "2026-11-22T12:00:00",
        "2026-11-22 12:00:00",
        "2026-11-22t04:00:00z",
        "2026-11-22T12:00",
    ],
)
def test_one_instant_is_read_however_it_is_written(text: str) -> None:
    assert times.read("start_date", text, ZONE) == NOON


def test_an_end_takes_in_its_whole_second_and_a_day_its_whole_day() -> None:
    end = times.read("end_date", "2026-11-22T12:00:00+08:00", ZONE, is_end=True)
    day = times.read("end_date", "2026-11-22", ZONE, is_end=True)

    assert end == NOON + timedelta(microseconds=999_999)
    assert day == datetime(2026, 11, 22, 15, 59, 59, 999_999, tzinfo=UTC)
    assert times.read("end_date", "", ZONE) is None


@pytest.mark.parametrize(
    "text", ["soon", "2026-13-01", "22.11.2026", "0001-01-01", "2026-11-22T12:00:00+99:00", "1"]
)
def test_what_names_no_instant_is_refused_under_its_name(text: str) -> None:
    with pytest.raises(InvalidError) as refused:
        times.read("start_date", text, ZONE)

    assert set(refused.value.fields) == {"start_date"}


def test_what_is_written_has_a_zone_with_its_colon_and_no_fraction() -> None:
    written = times.written(NOON + timedelta(microseconds=5), ZONE)

    assert written == "2026-11-22T12:00:00+08:00"


def test_a_list_is_of_ninety_days_beside_the_end_that_is_given() -> None:
    days = times.WINDOW
    other = NOON - timedelta(days=200)

    assert times.window(None, None, now=NOON) == times.Span(NOON - days, NOON)
    assert times.window(None, other, now=NOON) == times.Span(other - days, other)
    assert times.window(other, None, now=NOON) == times.Span(other, other + days)
    assert times.window(other, other + days, now=NOON) == times.Span(other, other + days)
    with pytest.raises(InvalidError):
        times.window(other, NOON, now=NOON)


@given(st.lists(st.tuples(st.text(max_size=40), st.text(max_size=40)), max_size=9))
def test_no_parameters_break_the_reading_of_them(pairs: list[tuple[str, str]]) -> None:
    sent = Sent.of(pairs)

    where = where_of(sent)

    assert all(all(values) for values in sent.values.values())
    assert where.problems or where.address or where.lat is not None


def test_lists_are_read_whether_repeated_or_parted_by_commas() -> None:
    sent = Sent.of([("id", "a,b"), ("id", " b , c"), ("status", ""), ("none", " ")])

    assert sent.listed("id") == ("a", "b", "c")
    assert sent.listed("status") is None
    assert sent.text("none") == ""


def test_attributes_are_read_in_all_three_spellings() -> None:
    sent = Sent.of(
        [
            ("attribute[a][]", "1"),
            ("attribute[a][]", "2"),
            ("attribute[b]", "3"),
            ("attribute[b]", "4"),
            ("attribute[c]", "5"),
            ("attribute[d]", ""),
            ("attribute[]", "6"),
            ("attributes[e]", "7"),
        ]
    )

    assert sent.attributes() == {"a": ("1", "2"), "b": ("3", "4"), "c": ("5",)}


@pytest.mark.parametrize(
    ("sent", "limit", "skipped"),
    [
        ({}, MOST_ROWS, 0),
        ({"page": "0", "page_size": "10"}, 10, 0),
        ({"page": "1", "page_size": "10"}, 10, 0),
        ({"page": "3", "page_size": "10"}, 10, 20),
        ({"page_size": "99999"}, MOST_ROWS, 0),
        ({"page_size": "0"}, MOST_ROWS, 0),
    ],
)
def test_pages_count_from_one(sent: dict[str, str], limit: int, skipped: int) -> None:
    page = page_of(Sent.of(list(sent.items())))

    assert (page.limit, page.skipped) == (limit, skipped)


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"lat": "31.2", "long": "121.4"}, set()),
        ({"lat": " 31.2", "long": "-1e-3"}, set()),
        ({"address_string": "样板路 12 号"}, set()),
        ({}, {"address_string"}),
        ({"address_id": "5"}, {"address_string"}),
        ({"lat": "31.2"}, {"long"}),
        ({"long": "31.2"}, {"lat"}),
        ({"lat": "91", "long": "121.4"}, {"lat"}),
        ({"lat": "31", "long": "180.0001"}, {"long"}),
        ({"lat": "nan", "long": "inf"}, {"lat", "long"}),
        ({"lat": "३१", "long": "121,4"}, {"lat", "long"}),
    ],
)
def test_a_place_is_two_coordinates_or_an_address(sent: dict[str, str], wrong: set[str]) -> None:
    assert set(where_of(Sent.of(list(sent.items()))).problems) == wrong


def test_every_state_is_open_or_closed_outside_and_has_a_word_of_the_extension() -> None:
    known = set(states.UPDATE_WORDS)

    assert {states.state_of(each) for each in FINAL} == {states.CLOSED}
    assert states.state_of(Status.MERGED) == states.CLOSED
    assert states.state_of(Status.ON_SITE) == states.OPEN
    assert {states.word_of(each) for each in Status} <= known
    assert states.word_of(Status.CLOSED, is_closed=True) == "CLOSED"
