"""Document numbers: what is taken, what is refused, and that a slip of the finger is noticed."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.citizens.rules import IdentifierKind, PartyKind
from app.citizens.rules.identity import Identity, check, contradiction, read
from app.kernel.errors import InvalidError

K = IdentifierKind
CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
births = st.dates(date(1900, 1, 1), date(2026, 11, 22))
sequences = st.text("0123456789", min_size=3, max_size=3)
# 99 and 98 are no region of this country, so no such number is anybody's.
regions = st.sampled_from(["990101", "990102", "991200", "980001"])


def whole(front: str) -> str:
    """The 17 digits and the sign after them, found as ISO 7064 defines it, not by weights.

    In MOD 11-2 the whole number, each sign worth its value, is 1 modulo 11 in base 2.
    """
    signs = "0123456789X"
    for sign in signs:
        total = 0
        for each in front + sign:
            total = (total * 2 + signs.index(each)) % 11
        if total == 1:
            return front + sign
    raise AssertionError(front)


def whole_code(front: str) -> str:
    """The credit code whose weighted sum is divisible by 31: GB 32100 the other way round."""
    total = 0
    for each in reversed(front):  # by Horner's scheme, without a table of weights
        total = total * 3 + CODE.index(each)
    for value, sign in enumerate(CODE):
        if (total + value) % 31 == 0:
            return front + sign
    raise AssertionError(front)


@st.composite
def numbers(draw: st.DrawFn, fronts: st.SearchStrategy[str] = regions) -> str:
    return whole(draw(fronts) + f"{draw(births):%Y%m%d}" + draw(sequences))


def fronts_of_foreigners() -> st.SearchStrategy[str]:
    return st.sampled_from(["911999", "944999", "971999"])  # 999 is no country's number


@st.composite
def codes(draw: st.DrawFn) -> str:
    authority = draw(st.sampled_from(["91", "51", "12", "93", "Y1"]))
    return whole_code(authority + "990101" + draw(st.text(CODE, min_size=9, max_size=9)))


@given(numbers())
def test_a_resident_number_is_taken_and_tells_the_day_of_birth(number: str) -> None:
    found = read(number)

    assert found == Identity(
        K.RESIDENT_ID, number, date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    )


@given(numbers(st.sampled_from(["810000", "820000", "830000"])))
def test_residents_from_hong_kong_macao_and_taiwan_have_their_own_kind(number: str) -> None:
    found = read(number)

    assert found is not None
    assert found.kind is K.HMT_RESIDENCE
    with pytest.raises(InvalidError, match="kind of document you chose"):
        check(number, K.RESIDENT_ID)


@given(numbers(fronts_of_foreigners()))
def test_a_foreigner_s_permanent_card_of_2023_is_known_by_its_nine_and_province(
    number: str,
) -> None:
    found = read(number)

    assert found is not None
    assert found.kind is K.FOREIGN_PERMANENT
    assert found.birth_on is not None


@given(codes())
def test_a_credit_code_is_taken(code: str) -> None:
    assert check(code, K.USCC) == Identity(K.USCC, code)


@given(codes())
def test_a_credit_code_with_a_letter_is_recognised(code: str) -> None:
    assume(not code[:17].isdigit())

    assert read(code) == Identity(K.USCC, code)


@given(st.data(), numbers() | numbers(st.sampled_from(["810000", "911999"])))
def test_one_wrong_digit_is_always_noticed(data: st.DataObject, number: str) -> None:
    at = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from([s for s in "0123456789X" if s != number[at]]))
    kind = read(number)
    assert kind is not None

    mistyped = number[:at] + other + number[at + 1 :]

    for each in (K.RESIDENT_ID, K.HMT_RESIDENCE, K.FOREIGN_PERMANENT):
        with pytest.raises(InvalidError):
            check(mistyped, each)


@given(st.integers(0, 16), numbers())
def test_two_neighbouring_digits_exchanged_are_always_noticed(at: int, number: str) -> None:
    assume(number[at] != number[at + 1])

    mistyped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]

    found = read(mistyped)
    assert found is None or found.kind is K.USCC  # then a party who is a person refuses it
    with pytest.raises(InvalidError):
        check(mistyped, K.RESIDENT_ID)


@given(st.data(), codes())
def test_one_wrong_sign_of_a_credit_code_is_always_noticed(data: st.DataObject, code: str) -> None:
    at = data.draw(st.integers(0, 17))
    other = data.draw(st.sampled_from([s for s in CODE if s != code[at]]))

    with pytest.raises(InvalidError, match="mistyped"):
        check(code[:at] + other + code[at + 1 :], K.USCC)


@given(st.integers(0, 16), codes())
def test_two_neighbouring_signs_of_a_credit_code_exchanged_are_noticed(at: int, code: str) -> None:
    assume(code[at] != code[at + 1])

    with pytest.raises(InvalidError, match="mistyped"):
        check(code[:at] + code[at + 1] + code[at] + code[at + 2 :], K.USCC)


@pytest.mark.parametrize("remainder", range(31))
def test_every_remainder_of_a_credit_code_has_a_sign(remainder: int) -> None:
    front = "9199010100000000" + CODE[remainder]  # the remainder 0, at which libraries fail, too

    assert check(whole_code(front), K.USCC).value[:17] == front


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_document_or_none_and_never_a_fault(text: str) -> None:
    found = read(text)

    assert found is None or read(found.value) == found


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("ABC123456789012", K.FOREIGN_PERMANENT_OLD),
        ("h1234 5678", K.HM_PERMIT),
        ("M00000001", K.HM_PERMIT),
        ("０１２３４５６７", K.TW_PERMIT),
        ("E00000001", K.PASSPORT),
        ("EA0000001", K.PASSPORT),
    ],
)
def test_other_documents_are_known_by_their_shape(typed: str, kind: K) -> None:
    found = read(typed)

    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("990101900307002", "15 digits"),
        ("990101199013070021", "no date of birth"),
        ("99010119900307000A", "mistyped"),
        ("123", "no number of a document"),
        ("", "no number of a document"),
        ("路灯不亮", "no number of a document"),
    ],
)
def test_what_is_wrong_is_said(typed: str, says: str) -> None:
    with pytest.raises(InvalidError, match=says):
        check(typed)


def test_blanks_full_width_digits_and_a_small_x_are_no_mistake() -> None:
    number = next(n for n in (whole(f"99010119900307{i:03d}") for i in range(99)) if n[-1] == "X")
    spread = f" {number[:6]} {number[6:14]}－{number[14:17]}ｘ "

    assert read(spread) == read(number)


def identities(*numbers: str) -> list[Identity]:
    return [check(number) for number in numbers]


ONE = whole("99010119900307001")
TWO = whole("99010119900307002")
HMT_SAME_DAY = whole("81000019900307001")
HMT_OTHER_DAY = whole("81000019910307001")
FIRM = whole_code("91990101MA0000000")


@pytest.mark.parametrize(
    ("party", "given_numbers", "year", "says"),
    [
        (PartyKind.PERSON, [ONE, TWO], None, "two different numbers"),
        (PartyKind.PERSON, [ONE, HMT_OTHER_DAY], None, "dates of birth"),
        (PartyKind.PERSON, [FIRM], None, "belongs to an organisation"),
        (PartyKind.ORGANISATION, [ONE], None, "document of a person"),
        (PartyKind.PERSON, [ONE], 1989, "year of birth"),
    ],
)
def test_documents_that_contradict_each_other_are_told(
    party: PartyKind, given_numbers: list[str], year: int | None, says: str
) -> None:
    assert says in (contradiction(party, identities(*given_numbers), year) or "")


def test_documents_that_agree_are_no_contradiction() -> None:
    both = identities(ONE, HMT_SAME_DAY, "E00000001", "E00000002")

    assert contradiction(PartyKind.PERSON, both, 1990) is None
    assert contradiction(PartyKind.ORGANISATION, identities(FIRM)) is None
