"""Cleaning, cutting into words, readings and single masked fields."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel import pinyin, text

any_text = st.text(st.characters())


@given(any_text)
def test_cleaned_text_has_no_control_character_but_newline_and_tab(typed: str) -> None:
    cleaned = text.clean(typed)

    assert not [
        sign
        for sign in cleaned
        if unicodedata.category(sign) in {"Cc", "Cs"} and sign not in "\n\t"
    ]
    assert cleaned == text.clean(cleaned)
    cleaned.encode()


@pytest.mark.parametrize(
    "kept", ["👨‍👩‍👧 三口之家", "𠮷野家", "①楼", "全角１２３", "❤️", "Ａ座\t东"]
)
def test_cleaning_keeps_what_people_write(kept: str) -> None:
    assert text.clean(kept) == kept


def test_every_kind_of_line_end_becomes_one_newline() -> None:
    assert text.clean("一\r\n二\r三\u2028四\x0b五") == "一\n二\n三\n四\n五"


def test_text_that_would_turn_the_line_around_is_disarmed() -> None:
    assert text.clean("收款\u202e元001\u202c\x00\ud800") == "收款元001"


def test_one_line_has_single_blanks() -> None:
    assert text.clean_line(" 东 路\r\n 灯\t坏 ") == "东 路 灯 坏"


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("１７９ ００００ １２３４", "17900001234"),
        ("+86 179-0000-1234", "17900001234"),
        ("008617900001234", "17900001234"),
        ("8617900001234", "17900001234"),
        ("(010) 1234-5678", "01012345678"),
        ("861234", "861234"),
    ],
)
def test_a_phone_number_has_one_spelling(typed: str, plain: str) -> None:
    assert text.phone(typed) == plain


def test_an_identity_number_has_one_spelling() -> None:
    assert text.identifier(" 990101 19900307 123ｘ ") == "99010119900307123X"


def test_digits_keep_the_signs_a_check_must_still_see() -> None:
    assert text.digits("１２-３４a") == "1234a"


def test_chinese_is_cut_into_overlapping_pairs_and_the_rest_into_whole_runs() -> None:
    found = text.tokens("路灯不亮，WiFi５G坏了。灯")

    assert found == ["路灯", "灯不", "不亮", "wifi5g", "坏了", "灯"]


@given(
    st.text("路灯不亮井盖缺失", min_size=2, max_size=6),
    st.text("路灯井盖abc12 ，。", max_size=10),
    st.text("路灯井盖abc12 ，。", max_size=10),
)
def test_a_word_of_two_or_more_signs_is_always_found_in_its_text(
    word: str, before: str, after: str
) -> None:
    assert set(text.tokens(word)) <= set(text.tokens(before + word + after))


def test_an_absurd_text_does_not_make_an_absurd_index() -> None:
    signs = [chr(0x4E00 + at) for at in range(20_000)]

    found = text.tokens("".join(signs) + "".join(signs[::2]) + "x" * 10_000)

    assert len(found) == 20_000


def test_a_run_without_end_is_cut_short() -> None:
    assert text.tokens("x" * 10_000) == ["x" * 64]


def test_a_search_is_split_at_blanks_and_folded() -> None:
    assert text.words(" 路灯　ＷＩＦＩ 路灯 ") == ["路灯", "wifi"]


def test_readings_are_found_by_initials_and_in_full() -> None:
    assert pinyin.initials("路灯不亮（A座）") == "ldblaz"
    assert pinyin.pinyin("路灯不亮") == "ludengbuliang"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("张小三", "张*三"),
        ("阿布都·买买提", "阿*提"),
        ("欧阳修", "欧阳*"),
        ("欧阳小明", "欧阳*明"),
        ("欧阳", "欧*"),
        ("张", "*"),
        ("", ""),
        ("John Smith", "J*** S***"),
    ],
)
def test_a_name_shows_its_surname_and_at_most_its_last_sign(name: str, shown: str) -> None:
    assert text.mask_name(name) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("17900005678", "179****5678"),
        ("+8617900005678", "179****5678"),
        ("01012345678", "010-****5678"),
        ("0591-1234567", "0591-****4567"),
        ("85291234567", "****4567"),
        ("12345", "****45"),
        ("1", "****"),
    ],
)
def test_a_phone_number_shows_its_ends(number: str, shown: str) -> None:
    assert text.mask_phone(number) == shown


def test_an_identity_number_shows_three_and_three_and_no_birth_date() -> None:
    assert text.mask_id("99010119900307002X") == "990************02X"
    assert text.mask_id("99010119900307002X", head=6, tail=4) == "990101********002X"
    assert text.mask_id("E12345678") == "E1*****78"
    assert text.mask_id("123") == "****"


def test_an_email_address_shows_its_first_letter_and_its_domain() -> None:
    assert text.mask_email("anna@example.org") == "a***@example.org"
    assert text.mask_email("anna") == "****"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("临江市东城区和平街道幸福路12号3单元501室", "临江市东城区和平街道***"),
        ("临江市东城区幸福路12号", "临江市东城区***"),
        ("青山镇三组7号", "青山镇***"),
        ("幸福路12号", "***"),
        ("幸福路12号3栋501室，靠近和平街道", "***"),
        ("幸福里小区8幢", "***"),
        ("东城区幸福路十二号近青山镇", "东城区***"),
    ],
)
def test_an_address_is_shown_down_to_its_street_office(address: str, shown: str) -> None:
    assert text.mask_address(address) == shown


@given(st.text("路街道镇社区小示例市栋室号0123456789十", max_size=20))
def test_no_masked_address_shows_a_house(address: str) -> None:
    shown = text.mask_address(address).removesuffix("***")

    assert not re.search(r"\d|[号栋室]|小区", shown)
    assert address.startswith(shown)


@given(st.integers(0, 10**8 - 1), st.sampled_from(["139", "170", "179"]))
def test_no_masked_mobile_shows_its_middle(rest: int, start: str) -> None:
    number = f"{start}{rest:08d}"

    shown = text.mask_phone(number)

    assert shown == f"{start}****{number[-4:]}"


@given(st.text("0123456789X", min_size=18, max_size=18))
def test_no_masked_identity_number_shows_the_date_of_birth(number: str) -> None:
    for shown in (text.mask_id(number), text.mask_id(number, head=6, tail=4)):
        assert len(shown) == 18
        assert shown[6:14] == "*" * 8


@given(st.text("张李欧阳买提·三四五", min_size=2, max_size=40))
def test_a_masked_name_hides_at_least_one_sign(name: str) -> None:
    shown = text.mask_name(name)

    assert "*" in shown
    assert len(shown.replace("*", "")) < len(name)


@pytest.mark.parametrize(
    ("name", "surname"),
    [
        ("欧阳修", "欧阳"),
        ("张三", "张"),
        ("阿卜杜拉·买买提", "阿"),
        ("John Smith", "Smith"),
        ("", ""),
    ],
)
def test_a_surname_is_one_character_two_in_compounds_or_the_last_word(
    name: str, surname: str
) -> None:
    assert text.surname(name) == surname
