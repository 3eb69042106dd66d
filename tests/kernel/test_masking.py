"""What names a person does not survive publication; ordinary numbers do."""

import re
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.text import MASK, mask_free_text

words = st.text("路灯坏了请尽快修理，。！\n（）：", max_size=8)
gap = st.sampled_from(["", " ", "-", "－", "　", "—"])
TO_WIDE = {ord("0") + at: ord("０") + at for at in range(10)}
TO_CHINESE = {ord("0") + at: sign for at, sign in enumerate("〇一二三四五六七八九")}
spelling = st.sampled_from([{}, TO_WIDE, TO_CHINESE])


def figures(count: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=count, max_size=count)


dates = st.datetimes(datetime(1930, 1, 1), datetime(2026, 12, 31))


@st.composite
def identity_numbers(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from("123456789")) + draw(figures(5))
    tail = draw(figures(3)) + draw(st.sampled_from("0123456789Xx"))
    between = draw(gap)
    return between.join([region, f"{draw(dates):%Y%m%d}", tail])


@st.composite
def old_identity_numbers(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(["11", "35", "44", "65", "82"])) + draw(figures(4))
    return f"{region}{draw(dates):%y%m%d}{draw(figures(3))}"


@st.composite
def mobiles(draw: st.DrawFn) -> str:
    country = draw(st.sampled_from(["", "+86", "86", "0086", "+86 ", "+86-"]))
    start = "1" + draw(st.sampled_from("3456789")) + draw(figures(1))
    between = draw(gap)
    return country + between.join([start, draw(figures(4)), draw(figures(4))])


@st.composite
def landlines(draw: st.DrawFn) -> str:
    area = draw(st.sampled_from(["010", "021", "0591", "(010)", "（0591）", "0898"]))
    return area + draw(gap) + draw(st.sampled_from("2345678")) + draw(figures(7))


@st.composite
def plates(draw: st.DrawFn) -> str:
    province = draw(
        st.sampled_from("京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼")
    )
    office = draw(st.sampled_from("ABCDEFGHJK"))
    rest = draw(st.sampled_from(["{}{}", "D{}{}", "{}{}F"])).format(
        draw(figures(4)), draw(figures(1))
    )
    return province + office + draw(st.sampled_from(["", "·", " ", "-"])) + rest


@st.composite
def emails(draw: st.DrawFn) -> str:
    local = draw(st.text("abcxyzABC019._-+", min_size=1, max_size=80))
    at = draw(st.sampled_from(["@", "＠"]))
    return local + at + draw(st.sampled_from(["qq.com", "mail.example.org", "163.com"]))


@st.composite
def cards(draw: st.DrawFn) -> str:
    groups = ["6222", draw(figures(4)), draw(figures(4)), draw(figures(4)), draw(figures(3))]
    return draw(st.sampled_from(["", " ", "-"])).join(groups)


@given(
    words, identity_numbers() | old_identity_numbers() | mobiles() | landlines(), words, spelling
)
def test_no_number_of_a_person_survives(
    before: str, number: str, after: str, spelt: dict[int, int | str]
) -> None:
    masked = mask_free_text(before + number.translate(spelt) + after)

    assert masked == before + MASK + after


@given(words, plates() | emails() | cards(), words)
def test_no_plate_address_or_card_survives(before: str, found: str, after: str) -> None:
    masked = mask_free_text(before + found + after)

    assert masked.endswith(MASK + after)
    assert not re.search(r"\d{4}|@", masked)


@given(st.lists(words | identity_numbers() | mobiles() | emails() | plates(), max_size=6))
def test_masking_twice_changes_nothing_more(pieces: list[str]) -> None:
    once = mask_free_text("，".join(pieces))

    assert mask_free_text(once) == once


@given(
    dates,
    st.sampled_from(["%Y-%m-%d", "%Y年%m月%d日 %H:%M", "%Y/%m/%d %H:%M:%S", "%Y%m%d", "%H:%M"]),
)
def test_dates_and_times_survive(at: datetime, shape: str) -> None:
    said = f"{at.strftime(shape)}报修，至{at.strftime(shape)}未修"

    assert mask_free_text(said) == said


@given(st.integers(0, 9_999_999_999), st.integers(0, 99))
def test_amounts_survive(yuan: int, cents: int) -> None:
    said = f"欠费{yuan:,}.{cents:02d}元，罚款{yuan // 1000}元"

    assert mask_free_text(said) == said


@given(st.integers(1, 9999), st.integers(1, 99), st.integers(1, 9999))
def test_house_numbers_survive(house: int, block: int, room: int) -> None:
    said = f"幸福路{house}号{block}栋{room}室，又作{house}-{block}-{room}"

    assert mask_free_text(said) == said


@given(st.from_regex(r"\ARX99\d{4}20\d{2}(0[1-9]|1[0-2])[0-2]\d\d{6}\Z"))
def test_case_numbers_survive(number: str) -> None:
    assert mask_free_text(f"见{number}号工单") == f"见{number}号工单"


@pytest.mark.parametrize(
    "said",
    [
        "1998-05-06 100元",
        "请拨打12345或95598",
        "公交13路、15路、17路",
        "客服400-800-1234",
        "编号A12345678",
        "一三五单双号限行",
        "二〇二六年三月二日",
        "新Apple手机",
        "统一社会信用代码91990100MA01ABCD1X",
        "坐标119.306239,26.075302",
    ],
)
def test_ordinary_text_survives(said: str) -> None:
    assert mask_free_text(said) == said


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("①17900001111②17900002222", "①****②****"),
        ("电话是 179 00 00 11 11", "电话是 ****"),
        ("1 9 9 0 0 0 0 1 1 1 1", "****"),
        ("打座机87654321", "打座机****"),
        ("tel: 8765-4321", "tel: ****"),
        ("17900001111转17900002222", "****转****"),
        ("护照E12345678丢了", "护照****丢了"),
        ("浙a·d12345冲红灯", "****冲红灯"),
        ("粤Z1234港在此", "****在此"),
        ("邮箱ａｂｃ＠ｑｑ．ｃｏｍ请回", "邮箱****请回"),
        ("179\u200b0000\u200b1111", "****"),
        ("幺九九零零零零一一一一", "****"),
        ("990101199013321234", "****"),
    ],
)
def test_ways_around_the_mask_are_closed(said: str, shown: str) -> None:
    assert mask_free_text(said) == shown


def test_a_long_text_is_masked_in_reasonable_time() -> None:
    hostile = "1" * 100_000 + "a" * 100_000 + "-1 " * 30_000

    assert len(mask_free_text(hostile)) > 200_000
