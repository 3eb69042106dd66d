"""The language of segments: what can be said, what is refused, what survives being stored."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.errors import InvalidError
from app.segments.rules import (
    CHOICES,
    MOST_CONDITIONS,
    PARTS,
    Condition,
    Match,
    Part,
    Rule,
    What,
    from_json,
    to_json,
    words_of,
)

_FREE = {What.TAG: st.text("常住独居", min_size=1, max_size=10)}
_NUMBERS = {Part.LEAST: st.integers(0, 60), Part.MOST: st.integers(60, 150)}


@st.composite
def conditions(draw: st.DrawFn) -> Condition:
    what = draw(st.sampled_from(What))
    parts = PARTS[what]
    value = ""
    if Part.VALUE in parts:
        known = CHOICES.get(what)
        free = _FREE.get(what, st.integers(1, 999_999).map(str))
        value = draw(st.sampled_from(known) if known else free)
    return Condition(
        what,
        is_not=draw(st.booleans()),
        least=draw(_NUMBERS[Part.LEAST]) if Part.LEAST in parts else None,
        most=draw(_NUMBERS[Part.MOST]) if Part.MOST in parts else None,
        days=draw(st.integers(1, 3660)) if Part.DAYS in parts else None,
        value=value,
    )


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    found = draw(st.lists(conditions(), min_size=1, max_size=MOST_CONDITIONS))
    return Rule(tuple(found), draw(st.sampled_from(Match)), draw(st.booleans()))


@given(rules())
def test_a_rule_that_makes_sense_survives_being_stored(rule: Rule) -> None:
    stored = json.dumps(to_json(rule.checked()))

    assert from_json(json.loads(stored)) == rule


@given(conditions())
def test_every_condition_can_be_said_in_words(condition: Condition) -> None:
    words = words_of(condition, "某")

    assert "%(" not in words.msgid % words.params


@pytest.mark.parametrize("what", What)
def test_a_condition_without_its_parts_is_refused_at_the_field(what: What) -> None:
    with pytest.raises(InvalidError) as refusal:
        Rule((Condition(What.OPEN, least=1), Condition(what))).checked()

    assert set(refusal.value.fields) <= {f"{part}-1" for part in Part}
    assert refusal.value.fields


@pytest.mark.parametrize(
    ("condition", "field"),
    [
        (Condition(What.AGE, least=70, most=60), "most-0"),
        (Condition(What.AGE, least=2000), "least-0"),
        (Condition(What.MATTERS, least=1, days=0), "days-0"),
        (Condition(What.MATTERS, least=-1, days=9), "least-0"),
        (Condition(What.MARK, value="rich"), "value-0"),
        (Condition(What.REGION, value="99%"), "value-0"),
        (Condition(What.TAG, value="长" * 41), "value-0"),
    ],
)
def test_what_makes_no_sense_is_refused(condition: Condition, field: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        Rule((condition,)).checked()

    assert set(refusal.value.fields) == {field}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"match": "all", "with_do_not_contact": False, "conditions": []},
        {"match": "most", "with_do_not_contact": False, "conditions": [{}]},
        {
            "match": "all",
            "with_do_not_contact": False,
            "conditions": [{"what": "open", "not": False, "least": "1; DROP TABLE"}],
        },
        {
            "match": "all",
            "with_do_not_contact": False,
            "conditions": [{"what": "open", "not": False, "least": True}],
        },
    ],
)
def test_what_somebody_changed_in_the_database_is_not_run(data: dict[str, object]) -> None:
    with pytest.raises(InvalidError):
        from_json(data)
