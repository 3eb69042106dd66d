"""Mapping files: the shipped ones hold, wrong ones are refused before any row is read."""

import pytest

from app.imports.mapping import MappingError, load_mapping, parse_mapping, shipped
from tests.imports.support import LETTERS, letters

LAYOUTS = ["boston311", "fuzhou_river_requests", "messages_hot_topics", "messages_replies"]


def test_the_four_layouts_are_shipped() -> None:
    assert shipped() == LAYOUTS


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_shipped_mapping_is_named_like_its_source_and_says_what_it_is(name: str) -> None:
    mapping = load_mapping(name)

    assert mapping.source == name
    assert mapping.about


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('kind = { value = "gossip" }', "gossip is none of"),
        ('status = { column = "a", table = { x = "suspended" } }', "suspended is none of"),
        ('channel = { value = "phone", column = "a" }', "one of value, column and columns"),
        ('opened = { format = "iso" }', "either column or days_after"),
        ('zone = "Mars/Olympus"', "no such time zone"),
        ('encoding = "klingon"', "no such encoding"),
        ('clock = { limits = "given" }', "need a [due] column and a basis"),
        ('unit = { column = "a", create_under = { code = "旧", name = "旧" } }', "capital letters"),
        ('colour = "red"', "colour"),
        ('source = "letters', "is no TOML file"),
    ],
)
def test_a_wrong_line_is_refused_in_words(line: str, words: str) -> None:
    with pytest.raises(MappingError) as refused:
        letters(line)

    assert words in str(refused.value)


def test_a_mapping_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(MappingError, match="boston311"):
        load_mapping("nowhere.toml")


def test_a_mapping_says_which_columns_it_needs() -> None:
    mapping = parse_mapping(LETTERS.encode(), "letters")

    assert mapping.needs == sorted(
        ["no", "kind", "title", "words", "street", "lon", "lat", "answer", "came", "answered"]
    )
