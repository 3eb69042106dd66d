"""A pasted notice: three ways to write it, and every slip that must be caught before it counts."""

import json
from datetime import date

import pytest

from app.calendars.rules import Notice, read_notice
from app.kernel.errors import InvalidError
from tests.calendars import oracle

NOTICE_2026 = """
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。\
2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。
"""
OFF_2026 = sorted(day for day in oracle.OFF if day.year == 2026)
WORKED_2026 = sorted(day for day in oracle.WORKED if day.year == 2026)


def read(text: str, year: int = 2026) -> Notice:
    return read_notice(text, year=year, number="国办发明电〔2025〕7号")


def said(notice: Notice) -> list[str]:
    return [problem.msgid % problem.params for problem in notice.problems]


def table(*, off: list[date] = OFF_2026, worked: list[date] = WORKED_2026) -> str:
    lines = [f"{day},休,假" for day in off] + [f"{day},班,补" for day in worked]
    return "\n".join(lines)


def assert_is_2026(notice: Notice) -> None:
    assert notice.problems == ()
    assert [found.day for found in notice.rest_days] == OFF_2026
    assert [found.day for found in notice.work_days] == WORKED_2026


def test_the_official_wording_is_understood_as_it_stands() -> None:
    notice = read(NOTICE_2026)

    assert_is_2026(notice)
    assert notice.number == "国办发明电〔2025〕7号"
    assert {found.name for found in notice.days} >= {"元旦", "春节", "国庆节"}


def test_half_width_brackets_and_colons_are_as_good() -> None:
    assert_is_2026(read(NOTICE_2026.translate(str.maketrans("（）：", "():"))))


@pytest.mark.parametrize("separator", [",", "，", "\t", " ", " ; "])
def test_a_table_may_be_parted_by_what_people_paste(separator: str) -> None:
    text = "日期,类型,名称\n# 注\n\n" + table().replace(",", separator)

    assert_is_2026(read(text))


def test_a_table_may_write_dates_and_kinds_in_several_ways() -> None:
    text = table().replace("2026-01-01,休", "2026年1月1日 放假").replace("2026-01-02", "2026/1/2")

    assert_is_2026(read(text.replace("班", "work")))


@pytest.mark.parametrize("wrap", [lambda rows: rows, lambda rows: {"days": rows}])
def test_json_is_understood(wrap: object) -> None:
    rows = [{"date": str(day), "kind": "rest", "name": "假"} for day in OFF_2026]
    rows += [{"date": str(day), "kind": "work", "name": "补"} for day in WORKED_2026]

    assert_is_2026(read(json.dumps(wrap(rows))))  # type: ignore[operator]  # one of the two above


@pytest.mark.parametrize("text", ["[1,", '{"days": 5}', "[1, 2]"])
def test_json_without_days_is_refused(text: str) -> None:
    assert len(read(text).problems) == 1


def test_a_line_that_is_no_date_is_named() -> None:
    notice = read("2026-01-01,休\nsome 2 words\n2026-13-01,休\n2026-01-02,maybe,元旦")

    assert said(notice) == [
        "some is not a date.",
        "2026-13-01 is not a date.",
        "Say rest or work for 2026-01-02.",
    ]
    assert [problem.line for problem in notice.problems] == [2, 3, 4]


def test_a_weekday_that_does_not_fit_its_date_is_caught() -> None:
    notice = read(NOTICE_2026.replace("1月1日（周四）", "1月1日（周五）"))

    assert said(notice) == ["2026-01-01 is not the weekday the text gives."]


def test_the_notice_of_another_year_is_caught_by_its_weekdays() -> None:
    assert read(NOTICE_2026, year=2027).problems


def test_a_number_of_days_that_does_not_fit_its_dates_is_caught() -> None:
    notice = read(NOTICE_2026.replace("共9天", "共8天"))

    assert said(notice) == ["春节: the text says 8 days, its dates make 9."]


def test_an_impossible_date_in_the_wording_is_named() -> None:
    assert "2月30日 is not a date." in said(read(NOTICE_2026 + "八、假：2月30日放假。"))
    assert "31日 is not a date." in said(read(NOTICE_2026 + "八、假：31日放假。"))


def test_a_range_without_an_end_in_sight_is_named_and_not_counted() -> None:
    for days in ("1月1日至9999年12月31日", "5月3日至1日"):
        notice = read(NOTICE_2026 + f"八、假：{days}放假。")

        assert f"{days} does not end within a month after it begins." in said(notice)
        assert len(notice.days) == len(read(NOTICE_2026).days)


def test_a_notice_may_begin_in_the_last_days_of_the_year_before() -> None:
    text = NOTICE_2026.replace(
        "1月1日（周四）至3日（周六）放假调休，共3天",
        "2025年12月31日（周三）至2026年1月3日（周六）放假调休，共4天",
    )

    notice = read(text)

    assert notice.problems == ()
    assert notice.days[0].day == date(2025, 12, 31)


def test_a_date_of_another_year_is_caught() -> None:
    notice = read(table(off=[*OFF_2026, date(2027, 1, 1), date(2025, 12, 20)]))

    assert said(notice)[:2] == [
        "2025-12-20 does not lie in 2026.",
        "2027-01-01 does not lie in 2026.",
    ]


def test_a_date_that_stands_there_twice_is_caught() -> None:
    assert "2026-10-01 stands there twice." in said(read(table(off=[*OFF_2026, date(2026, 10, 1)])))


def test_only_a_weekend_can_be_made_up() -> None:
    found = said(read(table(worked=[*WORKED_2026, date(2026, 3, 11)])))

    assert found == ["2026-03-11 is a weekday; only a Saturday or Sunday can be made up."]


def test_the_holidays_of_the_law_must_be_listed() -> None:
    off = [day for day in OFF_2026 if day != date(2026, 10, 1)]

    assert said(read(table(off=off))) == [
        "2026-10-01 is a holiday by law and must be listed as a day off."
    ]


def test_half_a_notice_is_not_believed() -> None:
    off = [day for day in OFF_2026 if day.month in {1, 5, 10}]

    assert said(read(table(off=off))) == [
        "10 weekdays off and 6 made up cannot be a whole year's notice."
    ]


@pytest.mark.parametrize("text", ["", "hello", "  \n "])
def test_a_text_without_dates_is_said_to_be_one(text: str) -> None:
    assert said(read(text)) == ["No dates were found in this text."]


def test_a_year_the_calendar_does_not_hold_is_refused() -> None:
    assert said(read(table(), year=2100)) == ["2100 is not a year this calendar holds."]


def test_a_text_too_long_for_a_notice_is_refused_unread() -> None:
    with pytest.raises(InvalidError):
        read("2026-01-01,休\n" * 2000)
