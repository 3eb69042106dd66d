"""What may stand in a document, how values become text, and what no template may contain."""

from zoneinfo import ZoneInfo

import pytest

from app.documents.labels import KINDS
from app.documents.rules import DICTIONARY, LETTERS, PAPERS, DocumentKind, Shape, fitted, spelt
from app.documents.rules.samples import sample_of
from app.documents.rules.sources import first_forbidden, meaning_of
from app.documents.service.templates import shipped_source
from tests.documents.papers import RECEIPT
from tests.support.clock import MONDAY_9AM

HALL = ZoneInfo("Asia/Shanghai")


def test_every_kind_has_letters_papers_a_name_and_a_template() -> None:
    assert set(LETTERS) == set(PAPERS) == set(DICTIONARY) == set(KINDS) == set(DocumentKind)
    assert len(set(LETTERS.values())) == len(LETTERS)
    assert all(first_forbidden(shipped_source(kind)) is None for kind in DocumentKind)


def test_a_number_names_unit_kind_year_and_place() -> None:
    assert spelt("HALL", DocumentKind.NOTICE, 2026, 17) == "HALL-GZ-2026-00017"


@pytest.mark.parametrize("kind", DocumentKind)
def test_samples_fill_every_name_of_their_kind(kind: DocumentKind) -> None:
    fit = fitted(kind, sample_of(kind, now=MONDAY_9AM), zone=HALL)

    assert list(fit) == [entry.name for entry in DICTIONARY[kind]]
    assert all(fit.values())


def test_dates_are_written_as_the_hall_writes_them_and_what_is_not_given_is_empty() -> None:
    fit = fitted(DocumentKind.RECEIPT, RECEIPT, zone=HALL)

    assert fit["received_at"] == "2026年3月2日 09:00"
    assert fit["materials"] == [{"name": "营业执照复印件", "copies": "1", "note": "齐全"}]
    assert fit["agent"] == ""


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({**RECEIPT, "color": "red"}, "knows no color"),
        ({"item": "事项"}, "needs applicant, received_at"),
        ({**RECEIPT, "materials": [{"weight": "1"}]}, "no column weight"),
        ({**RECEIPT, "materials": "两份"}, "is a table"),
    ],
)
def test_a_mistake_of_the_program_is_told_before_a_number_is_taken(
    values: dict[str, object], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        fitted(DocumentKind.RECEIPT, values, zone=HALL)  # type: ignore[arg-type]  # the mistake


@pytest.mark.parametrize(
    "source",
    [
        "#eval(given.item)",
        '#dictionary(std).at("ev" + "al")("1")',
        '#import "@preview/cetz:0.3.0": *',
        '#include "/etc/passwd"',
        '#plugin("x.wasm")',
    ],
)
def test_no_template_turns_values_into_commands_or_fetches_code(source: str) -> None:
    forbidden = first_forbidden(f'#import "house.typ": *\n{source}')

    assert forbidden is not None
    assert forbidden.line == 2


def test_words_that_only_look_alike_are_no_offence() -> None:
    assert first_forbidden("#let evaluated = 1 // important, standard, included") is None


def test_what_typst_says_is_told_in_plain_words_where_they_are_known() -> None:
    assert meaning_of("unknown variable: foo") == "a name is used that does not exist"
    assert meaning_of("something new") == ""


def test_every_shape_of_value_is_used_by_some_kind() -> None:
    used = {entry.shape for entries in DICTIONARY.values() for entry in entries}

    assert used == set(Shape)
