"""Finding a category by what a clerk types."""

import pytest

from app.catalogue.rules import find
from tests.catalogue.builders import an_entry

LAMP = an_entry()
SIGNAL = an_entry(
    id=2,
    code="0104",
    name="交通信号灯",
    name_en="Traffic signals",
    hint="红绿灯不亮",
    initials="jtxhd",
    pinyin="jiao tong xin hao deng",
)
WATER = an_entry(
    id=3,
    code="0301",
    name="停水",
    name_en="No water",
    hint="没有通知就停水",
    initials="ts",
    pinyin="ting shui",
    parent_name="供水排水",
)
ALL = (LAMP, SIGNAL, WATER)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("0103", [LAMP]),
        ("01", [LAMP, SIGNAL]),
        ("ldzm", [LAMP]),
        ("LD", [LAMP]),
        ("ts", [WATER]),
        ("tingsh", [WATER]),
        ("灯", [LAMP, SIGNAL]),
        ("红绿灯", [SIGNAL]),
        ("不亮", [LAMP, SIGNAL]),
        ("street", [LAMP]),
        ("道路 灯", [LAMP, SIGNAL]),
        ("供水", [WATER]),
        ("停水 灯", []),
        ("xyz", []),
        ("", []),
        ("  ", []),
    ],
)
def test_code_initials_pinyin_and_words_find_categories(typed: str, found: list[object]) -> None:
    assert find(ALL, typed) == found


def test_what_begins_the_name_comes_before_what_stands_in_a_hint() -> None:
    hinted = an_entry(id=4, code="0001", name="小区照明", hint="路灯也在这里", initials="xqzm")

    assert find((hinted, LAMP), "路灯") == [LAMP, hinted]


def test_no_more_than_asked_for_are_found() -> None:
    assert find(ALL, "0", limit=2) == [LAMP, SIGNAL]
