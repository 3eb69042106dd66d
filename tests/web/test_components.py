"""The building blocks of pages: labelled, described, escaped, never colour alone."""

import pytest

from app.web import i18n
from app.web.i18n import Locale
from app.web.templating import environment
from tests.support.markup import Element, read
from tests.support.pages import flaws_of

FORMS = '{% import "components/forms.html" as f %}'
LAYOUT = '{% import "components/layout.html" as l %}'


def shown(template: str, **context: object) -> Element:
    i18n.speak(Locale.EN)
    return read(environment().from_string(template).render(**context))


@pytest.mark.parametrize(
    "field",
    [
        'f.text("a", "A", values=values, errors=errors, hint="h")',
        'f.textarea("a", "A", values=values, errors=errors, hint="h", count=9)',
        'f.select("a", "A", [("x", "X")], values=values, errors=errors, hint="h")',
        'f.file("a", "A", errors=errors, hint="h")',
        'f.checkbox("a", "A", values=values, errors=errors, hint="h")',
    ],
)
def test_a_field_is_labelled_and_says_what_is_wrong_with_it(field: str) -> None:
    page = shown(FORMS + "{{ " + field + " }}", values={}, errors={"a": "Fill this in."})

    element = page.all("input", "textarea", "select")[0]
    described = element.attrs["aria-describedby"].split()
    assert list(flaws_of(page, whole=False)) == []
    assert element.attrs["aria-invalid"] == "true"
    assert {e.attrs["id"] for e in page.walk() if e.attrs.get("id")} >= set(described)
    assert "Fill this in." in page.text


def test_the_summary_leads_to_each_field() -> None:
    errors = {"a": "Fill this in.", "b": "Enter a number."}
    template = FORMS + (
        '{{ f.error_summary(errors) }}{{ f.text("a", "A", errors=errors) }}'
        '{{ f.radios("b", "B", [(1, "one"), (2, "two")], errors=errors) }}'
    )

    page = shown(template, errors=errors)

    targets = {a.attrs["href"].removeprefix("#") for a in page.all("a")}
    assert targets == {"f-a", "f-b"}
    assert targets <= {e.attrs["id"] for e in page.all("input") if e.attrs.get("id")}
    assert "2 things need to be changed" in page.text


def test_what_was_typed_stays_typed_and_is_escaped() -> None:
    template = FORMS + (
        '{{ f.text("a", "A", values=v) }}{{ f.textarea("b", "B", values=v) }}'
        '{{ f.select("c", "C", [("1", "one"), ("2", "two")], values=v) }}'
        '{{ f.radios("d", "D", [("1", "one"), ("2", "two")], values=v) }}'
    )

    page = shown(template, v={"a": '"><b>', "b": "\n</textarea>x", "c": "2", "d": 1})

    chosen = [e.attrs["value"] for e in page.walk() if {"selected", "checked"} & set(e.attrs)]
    assert page.all("input")[0].attrs["value"] == '"><b>'
    assert page.all("textarea")[0].raw.endswith("</textarea>x")
    assert chosen == ["2", "1"]


def test_a_typed_password_is_not_written_into_the_page() -> None:
    template = FORMS + '{{ f.text("password", "P", type="password", values=v) }}'

    page = shown(template, v={"password": "Secret"})

    assert page.all("input")[0].attrs["value"] == ""


@pytest.mark.parametrize("size", [3, 30])  # long choices are drawn once and kept
def test_what_is_chosen_stays_chosen_and_nothing_else(size: int) -> None:
    options = [(str(n), f'Street "{n}"') for n in range(size)]

    page = shown(FORMS + '{{ f.select("a", "A", options, {"a": "2"}) }}', options=options)

    assert [e.text.strip() for e in page.all("option")] == [text for _, text in options]
    assert [e.attrs["value"] for e in page.all("option") if "selected" in e.attrs] == ["2"]


def test_two_forms_on_a_page_can_have_a_field_of_one_name() -> None:
    template = FORMS + '{{ f.text("note", "N", id="x-note") }}{{ f.text("note", "N") }}'

    page = shown(template)

    assert list(flaws_of(page, whole=False)) == []


@pytest.mark.parametrize("state", ["ok", "warn", "bad", "paused", "done"])
def test_a_lamp_is_a_word_and_a_shape_not_only_a_colour(state: str) -> None:
    page = shown(
        '{% from "components/lamp.html" import lamp %}{{ lamp(s, "3 days left") }}', s=state
    )

    assert page.text == "3 days left"
    assert len(page.all("circle", "path")) == 1


def test_a_list_of_facts_leaves_out_what_is_unknown() -> None:
    page = shown(LAYOUT + '{{ l.kv([("A", "1"), ("B", none), ("C", "")]) }}')

    assert [e.text for e in page.all("dt")] == ["A"]


def test_an_only_page_has_no_pager() -> None:
    page = shown(LAYOUT + "{{ l.pager() }}|{{ l.pager(next='/x?after=2') }}")

    assert [a.attrs["rel"] for a in page.all("a")] == ["next"]
