"""Whoever is registered is found in each of the ways promised, and by no wrong number; ever."""

from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.citizens.rules import sought
from app.citizens.rules.forms import MARKS, WHOLE, forms_of, initials_of, letters
from app.citizens.rules.matching import fits, lookups, wider
from app.citizens.rules.reading import readings_of
from app.citizens.rules.sought import Sought
from app.citizens.service import finding, tokens
from app.kernel.readings import reading_of
from app.kernel.text import identifier
from bench.city.names import Names
from tests.citizens.people import Who, known
from tests.support.city import City, a_city
from tests.support.clock import MONDAY_9AM
from tests.support.edges import a_vault
from tests.support.keystrokes import fewest_keys, ways_by_tail

VAULT = a_vault()
HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
SURNAMES = st.sampled_from([*"王李张刘陈单仇解曾区查翟覃吕", "欧阳", "尉迟", "万俟", "司马"])
CHINESE = st.builds(str.__add__, SURNAMES, st.text(HAN, min_size=1, max_size=3))
DOTTED = st.builds(
    "{}·{}".format, st.text(HAN, min_size=2, max_size=4), st.text(HAN, min_size=2, max_size=4)
)
LATIN = st.text("abcdefghijklmnorstuwxyzéöü", min_size=2, max_size=9)
WESTERN = st.builds("{} {}".format, LATIN, LATIN)
NAMES = CHINESE | DOTTED | WESTERN
PHONES = st.integers(0, 10**8 - 1).map("179{:08d}".format)


def is_stored(typed: str, name: str, phone: str = "") -> bool:
    """Whether what a clerk types leads to a token of somebody of this name and number."""
    kept = set(tokens.tokens_of(VAULT, name, [phone] if phone else []))
    wanted = sought.read(typed)
    if wanted.tail:
        asked = [
            token
            for initial in initials_of(wanted.name)
            for token in tokens.candidates(VAULT, tokens.TAILS, wanted.tail + initial)
        ]
        return bool(kept & set(asked)) and fits(wanted.name, name)
    asked = [t for f in lookups(wanted.name) for t in tokens.candidates(VAULT, tokens.NAMES, f)]
    asked += tokens.candidates(VAULT, tokens.NAMES, wider(wanted.name) or "-")
    return bool(kept & set(asked)) and fits(wanted.name, name)


@given(NAMES, PHONES, st.data())
def test_every_name_is_found_whole_and_by_its_beginnings(
    name: str, phone: str, data: st.DataObject
) -> None:
    bare = "".join(sign for sign in name if sign.isalnum())
    beginning = bare[: data.draw(st.integers(1, len(bare)))] if "·" in name else name

    assert is_stored(name, name)
    assert is_stored(beginning, name)
    assert is_stored(f"{name} {phone[-4:]}", name, phone)


@example("单于", "17900000000")
@example("澹台明", "17900000000")
@given(CHINESE, PHONES)
def test_every_chinese_name_is_found_by_pinyin_initials_and_both_mixed(
    name: str, phone: str
) -> None:
    for syllables in readings_of(name):
        spelt = "".join(syllables)
        first = "".join(one[:1] for one in syllables)
        for typed in (
            spelt,
            " ".join(syllables),
            first,
            syllables[0] + first[1:],
            name[0] + first[1:],
        ):
            assert is_stored(typed, name), typed
        assert is_stored(f"{phone[-4:]} {first[0]}", name, phone)
        assert is_stored(f"{first}{phone[-4:]}", name, phone)


@given(CHINESE, PHONES, PHONES)
def test_nobody_is_found_by_a_wrong_tail(name: str, phone: str, other: str) -> None:
    initial = initials_of(name)[0]

    assert is_stored(f"{other[-4:]}{initial}", name, phone) == (other[-4:] == phone[-4:])


@given(NAMES)
def test_forms_are_in_the_one_spelling_their_digests_are_made_of(name: str) -> None:
    for form in forms_of(name):
        assert identifier(form) == form
        assert form.strip(MARKS)


@given(st.text())
def test_no_name_is_too_strange_to_be_kept_and_looked_for(name: str) -> None:
    forms = forms_of(name)

    assert len(set(forms)) == len(forms)
    if (wanted := sought.read(name)).words:
        assert lookups(wanted.name)
        fits(wanted.name, name)
        wider(wanted.name)


@given(st.text(max_size=60), st.integers(10**16, 10**17 - 1), st.sampled_from("0123456789X"))
def test_the_number_on_a_card_is_read_whatever_the_reader_types_around_it(
    noise: str, seventeen: int, last: str
) -> None:
    around = "".join(sign for sign in noise if not sign.isalnum() and sign not in "@+-_.")
    number = f"{seventeen}{last}"

    assert sought.read(f"张三{around}\t{number}\n").numbers == (number,)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("８８１２　ｗ", Sought(tail="8812", words=("W",))),
        ("138🙂0000 1234", Sought(numbers=("13800001234",))),
        (" +86 138-0000-1234 ", Sought(numbers=("13800001234",))),
        ("1 3 8 0 0 0 0 1 2 3 4", Sought(numbers=("13800001234",))),
        ("990101 19900307 001x", Sought(numbers=("99010119900307001X",))),
        ("010-88881234", Sought(numbers=("01088881234",))),
        ("李四,13800001234", Sought(numbers=("13800001234",), words=("李四",))),
        ("c000001234", Sought(citizen_id=1234)),
        ("rx99010020261122000012", Sought(matter="RX99010020261122000012")),
        ("E12345678", Sought(numbers=("E12345678",))),
        ("A@Example.ORG", Sought(email="a@example.org")),
        ("lǚ", Sought(words=("LU",))),
        ("阿卜杜拉·买买提", Sought(words=("阿卜杜拉买买提",))),
        ("😀", Sought()),
        ("123", Sought()),
        ("a" * 5000, Sought(words=("A" * sought.LONGEST,))),
    ],
)
def test_what_is_typed_is_understood(typed: str, meant: Sought) -> None:
    assert sought.read(typed) == meant


def test_the_small_table_reads_the_common_characters_as_the_dictionary_does() -> None:
    assert [reading_of(sign) for sign in "张伟吕路灯𠮷a，"] == [
        "zhang", "wei", "lv", "lu", "deng", "ji" if reading_of("𠮷") == "ji" else "", "", "",
    ]  # fmt: skip


@settings(max_examples=20)
@given(CHINESE)
def test_a_whole_name_ranks_before_the_same_as_a_beginning(name: str) -> None:
    assert lookups(name)[0] == WHOLE + name
    assert letters("lü") == letters("lv") == "LU"


@pytest.fixture
def city(db: sessionmaker[Session]) -> City:
    return a_city(db)


def test_ten_keys_lead_to_anybody_whose_tail_a_hundred_share(city: City) -> None:
    """Among a million, a hundred people share four digits: those alone can be confused."""
    names = Names(Random(5))  # noqa: S311  # invents, guards nothing
    people: dict[int, tuple[str, str]] = {}
    with city.db.begin() as session:
        for n in range(100):
            name, phone = names.someone(n).name, f"1790{n:03d}8812"
            people[known(session, Who(name, (phone,)))] = name, phone

    needed = []
    with city.db.begin() as session:

        def shown(typed: str) -> list[int]:
            found = finding.find(session, typed, actor=city[Role.CLERK], now=MONDAY_9AM)
            return [person.id for person in found.people]

        for citizen_id, (name, phone) in people.items():
            spelt = "".join(one[:1] for one in readings_of(name)[0])
            needed.append(fewest_keys(shown, citizen_id, ways_by_tail(phone, spelt)))

        lately = list(people)[:40]
        found = finding.find(session, "8812", actor=city[Role.CLERK], now=MONDAY_9AM, recent=lately)

    assert all(keys is not None and keys <= 10 for keys in needed)
    assert [person.id for person in found.people] == lately[: finding.SHOWN]
