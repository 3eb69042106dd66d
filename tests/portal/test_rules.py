"""The report as a value: what is done, what comes next, what sounds like danger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.catalogue.rules import CaseKind, Urgency
from app.catalogue.rules.dangers import dangers, urgency_of
from app.portal.library import emergency_numbers
from app.portal.rules import (
    PORTAL_KINDS,
    Report,
    StepName,
    is_phone,
    kinds_for,
    next_step,
)

WHOLE = Report(
    region="990101",
    has_category=True,
    category_id=7,
    kind="help",
    body="灯不亮",
    has_details=True,
    offered=("26.1", "119.2"),
    warned_of=("着火",),
    has_contact=True,
    is_anonymous=True,
    token="t" * 43,
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("家里煤气泄漏了", ("119",)),
        ("楼下 着火 啦", ("119",)),
        ("有人触电", ("119", "120")),
        ("围墙坍塌压到人", ("119", "120")),
        ("There is a GAS  LEAK in our house", ("119",)),
        ("路灯不亮", ()),
        ("建议加强防止着火的宣传", ()),
        ("没有人受伤, 也没有着火", ()),
        ("没有着火, 后来又着火了", ("119",)),
    ],
)
def test_words_of_danger_name_whom_to_call(text: str, numbers: tuple[str, ...]) -> None:
    found = dangers().found_in(text)

    assert found.numbers == numbers
    assert urgency_of(found) is (Urgency.URGENT if numbers else None)


def test_every_number_of_the_list_is_one_the_pages_know() -> None:
    known = {each.number for each in emergency_numbers()}

    assert known
    assert all(set(danger.numbers) <= known for danger in dangers().dangers)


@given(st.text())
def test_no_text_breaks_the_search_for_danger(text: str) -> None:
    found = dangers().found_in(text)

    assert bool(found.words) == bool(found.numbers)


def test_a_report_comes_back_as_it_was_kept_whatever_else_lay_beside_it() -> None:
    kept = WHOLE.to_data() | {"of_an_older_version": 1, "offered": ["26.1", "119.2"]}

    assert Report.from_data(kept) == WHOLE


@pytest.mark.parametrize(
    ("missing", "step"),
    [
        ({"region": ""}, StepName.PLACE),
        ({"has_category": False}, StepName.WHAT),
        ({"body": ""}, StepName.DETAILS),
        ({"has_details": False}, StepName.DETAILS),
        ({"has_contact": False}, StepName.CONTACT),
        ({}, StepName.CHECK),
    ],
)
def test_the_next_step_is_the_first_without_an_answer(
    missing: dict[str, object], step: StepName
) -> None:
    report = Report.from_data(WHOLE.to_data() | missing)

    assert next_step(report, may_be_anonymous=True) is step


def test_who_may_no_longer_be_anonymous_is_asked_for_a_name_again() -> None:
    assert next_step(WHOLE, may_be_anonymous=False) is StepName.CONTACT


def test_the_kinds_offered_are_those_of_the_category_that_the_portal_takes() -> None:
    offered = kinds_for((CaseKind.REPAIR, CaseKind.COMPLAINT, CaseKind.HELP))

    assert offered == (CaseKind.HELP, CaseKind.COMPLAINT)
    assert kinds_for((CaseKind.REPAIR,)) == kinds_for(None) == PORTAL_KINDS


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("17900001234", True),
        ("01087654321", True),
        ("059987654321", True),
        ("4008123123", True),
        ("12345", False),
        ("29900001234", False),
        ("1990000123x", False),
    ],
)
def test_a_phone_number_is_known_by_its_shape(number: str, *, is_one: bool) -> None:
    assert is_phone(number) is is_one
