"""Names, telephones, e-mail and addresses: one spelling, nothing lost, slips said plainly."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.citizens.rules import ContactKind, PartyKind
from app.citizens.rules.addresses import household_of, parts_of, read_address
from app.citizens.rules.names import key_of, read_name, spelt
from app.citizens.rules.phones import base_of, read_email, read_phone
from app.kernel.errors import InvalidError

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=20)


@pytest.mark.parametrize("dot", [*"·•‧∙⋅・･●.．", " · ", " ．"])
def test_a_name_with_a_dot_is_the_same_whatever_the_keyboard_gave(dot: str) -> None:
    assert read_name(f"阿卜杜拉{dot}买买提") == "阿卜杜拉·买买提"


@given(HAN, HAN)
def test_blanks_between_characters_are_no_part_of_a_name(one: str, two: str) -> None:
    assert read_name(f" {one}　{two} ") == one + two


@given(st.text(max_size=50))
def test_a_name_in_its_spelling_stays_as_it_is(text: str) -> None:
    assert spelt(spelt(text)) == spelt(text)


@pytest.mark.parametrize("name", ["李", "阿" * 40, "𠮷野家", "\ue123某", "John Smith", "〇"])
def test_short_long_rare_and_foreign_names_are_kept_to_the_letter(name: str) -> None:
    assert read_name(name) == name


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("张三😀", "no pictures"),
        ("👨‍👩‍👧", "no pictures"),
        ("１３８００００１２３４", "looks like a number"),
        ("　", "Fill this in"),
        ("·", "Fill this in"),
        ("123", "at least one letter"),
        ("阿" * 61, "too long"),
    ],
)
def test_what_is_no_name_is_refused_with_its_reason(typed: str, says: str) -> None:
    with pytest.raises(InvalidError, match=says):
        read_name(typed)


def test_an_organisation_may_be_called_by_signs_and_numbers() -> None:
    name = "示例（样板）餐饮有限公司第12345号店&Co."

    assert read_name(name, PartyKind.ORGANISATION).startswith("示例")


def test_spellings_of_one_name_have_one_key() -> None:
    assert key_of("阿卜杜拉 • 买买提") == key_of("阿卜杜拉买买提")
    assert key_of("Ｊｏｈｎ SMITH") == key_of("john smith")
    assert key_of("张三") != key_of("张山")


MOBILE, LANDLINE = ContactKind.MOBILE, ContactKind.LANDLINE


@pytest.mark.parametrize(
    ("typed", "kind", "number"),
    [
        ("17900001111", MOBILE, "17900001111"),
        ("１７９ ００００ １１１１", MOBILE, "17900001111"),
        ("+86 179-0000-1111", MOBILE, "17900001111"),
        ("0086 17900001111", MOBILE, "17900001111"),
        ("（0990）8888-8888", LANDLINE, "099088888888"),
        ("+86 10 8888 8888", LANDLINE, "01088888888"),
        ("010-88888888-123", LANDLINE, "01088888888转123"),
        ("010 8888 8888 转 8", LANDLINE, "01088888888转8"),
        ("400-000-0000", LANDLINE, "4000000000"),
        ("12345", LANDLINE, "12345"),
        ("+852 0000 0000".replace(" 0", " 9", 1), LANDLINE, "+85290000000"),
        ("00852 90000000", LANDLINE, "+85290000000"),
    ],
)
def test_a_telephone_is_understood_however_it_is_written(
    typed: str, kind: ContactKind, number: str
) -> None:
    phone = read_phone(typed)

    assert (phone.kind, str(phone)) == (kind, number)
    assert read_phone(str(phone)) == phone
    assert base_of(str(phone)) == phone.number


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("88888888", "area code"),
        ("1790000111", "11 digits"),
        ("179000011112", "11 digits"),
        ("电话", "no telephone number"),
        ("", "no telephone number"),
    ],
)
def test_a_number_nobody_can_call_is_refused_with_its_reason(typed: str, says: str) -> None:
    with pytest.raises(InvalidError, match=says):
        read_phone(typed)


@given(st.text(max_size=40))
def test_any_text_is_a_telephone_or_a_refusal(text: str) -> None:
    try:
        phone = read_phone(text)
    except InvalidError:
        return
    assert read_phone(str(phone)) == phone


@pytest.mark.parametrize(
    ("typed", "address"),
    [("A.B@Example.ORG", "A.B@example.org"), ("ａ＠ｅｘａｍｐｌｅ．ｏｒｇ", "a@example.org")],
)
def test_an_e_mail_address_has_one_spelling(typed: str, address: str) -> None:
    assert read_email(typed) == address


@pytest.mark.parametrize("typed", ["", "a@b", "a b@", "@example.org", "a..b@example.org", "路灯"])
def test_what_is_no_e_mail_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidError, match=r"name@example\.org"):
        read_email(typed)


def test_an_address_is_told_in_its_parts_and_its_words_are_kept() -> None:
    words = "示例省示例市样板区光明街道曙光社区珞喻路1037号华中小区3栋2单元501室"

    address = read_address(f" {words} ")

    assert address.text == words
    assert address.parts.told() == {
        "province": "示例省",
        "city": "示例市",
        "district": "样板区",
        "street": "光明街道",
        "community": "曙光社区",
        "road": "珞喻路",
        "house": "1037号",
        "estate": "华中小区",
        "building": "3栋",
        "entrance": "2单元",
        "room": "501室",
    }


@pytest.mark.parametrize(
    ("typed", "part", "value"),
    [
        ("样板路12号对面", "house", "12号"),
        ("幸福里小区 8 幢 1204 室", "estate", "幸福里小区"),
        ("样板区光明路 12 号院 3 号楼 5 门 401", "room", "401"),
        ("样板区示例镇东关村", "community", "东关村"),
        ("样板路１２号", "house", "12号"),
    ],
)
def test_parts_are_found_where_others_are_missing(typed: str, part: str, value: str) -> None:
    assert getattr(parts_of(typed), part) == value


def test_one_dwelling_is_one_household_however_it_is_spaced() -> None:
    one = household_of("示例市样板区光明路 12 号 3 号楼 401")

    assert one == household_of("样板区光明路12号3号楼401")
    assert one != household_of("样板区光明路12号3号楼402")
    assert household_of("样板区光明街道") == ""


@given(st.text(max_size=60))
def test_no_text_is_too_strange_to_look_for_parts(text: str) -> None:
    line = parts_of(text).told()

    assert all(line.values())
