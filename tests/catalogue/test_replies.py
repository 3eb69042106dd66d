"""What a reply text may hold and what a citizen reads."""

import pytest

from app.catalogue.rules import (
    REPLY_VARIABLES,
    SAMPLE_VALUES,
    check_reply,
    render_reply,
    variables_in,
)
from app.kernel.errors import InvalidError


def test_the_places_of_a_text_are_filled() -> None:
    text = render_reply("{name}您好：{number}，{due}前答复。{number}", SAMPLE_VALUES)

    assert text == ("王*您好：RX99010120260302000017，2026年3月9日前答复。RX99010120260302000017")


def test_what_is_filled_in_is_not_read_as_a_place_again() -> None:
    assert render_reply("{title}", {"title": "{number}"}) == "{number}"


@pytest.mark.parametrize("body", ["{nmae}您好", "{ name }", "{}", "{姓名}"])
def test_an_unknown_variable_is_refused(body: str) -> None:
    with pytest.raises(InvalidError) as refused:
        check_reply(body)

    assert "body" in refused.value.fields


@pytest.mark.parametrize("body", ["{name", "name}", "{{name}}", "}{"])
def test_a_brace_without_partner_is_refused(body: str) -> None:
    with pytest.raises(InvalidError):
        check_reply(body)


def test_a_variable_without_a_value_is_refused_rather_than_left_empty() -> None:
    with pytest.raises(InvalidError):
        render_reply("{due}前答复", {**SAMPLE_VALUES, "due": ""})


def test_every_variable_has_a_sample_for_the_preview() -> None:
    assert set(REPLY_VARIABLES) == set(SAMPLE_VALUES)


def test_variables_are_listed_once_in_order() -> None:
    assert variables_in("{due} {name} {due}") == ("due", "name")
