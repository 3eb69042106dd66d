"""From the fields of a form to a model, or to a sentence per field."""

from pydantic import BaseModel

from app.web.forms import RawForm, parse
from tests.web.probe import ProbeForm


def a_form(**values: str) -> RawForm:
    return RawForm(values=values, lists={name: [value] for name, value in values.items()})


def test_each_wrong_field_gets_its_own_sentence() -> None:
    raw = a_form(body="!!!", number="many")

    parsed = parse(ProbeForm, raw)

    assert parsed.value is None
    assert parsed.errors == {
        "title": "Give it a title.",
        "body": "Describe it in words.",
        "number": "Enter a whole number.",
    }
    assert raw.labels == {"title": "Title"}


def test_full_width_digits_are_numbers_and_full_width_words_stay() -> None:
    raw = a_form(title="ＡＢ，路灯", number="１２")

    parsed = parse(ProbeForm, raw)

    assert parsed.value is not None
    assert (parsed.value.title, parsed.value.number) == ("ＡＢ，路灯", 12)


def test_an_unknown_kind_of_mistake_still_gets_a_sentence() -> None:
    class Odd(BaseModel):
        where: bytes

    parsed = parse(Odd, RawForm())

    assert parsed.errors == {"where": "Fill this in."}
