"""Facility types as services of GeoReport v2: their list, their attributes, answers read back.

Pure. Names come in one language, chosen by the caller; `say` puts our own sentences into it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, tzinfo
from typing import Final

from app.facilities.rules import TypeView
from app.kernel.messages import mark
from app.open311.rules import times
from app.open311.rules.shapes import Fields, Listed
from app.service_items.rules import FieldType, Question, check_answers
from app.service_items.rules.content import NO, YES, Answers

FORM: Final = "form"
ASSET: Final = "asset"
OWN: Final = frozenset({FORM, ASSET})  # no question of a type may be called so
_LONG_TEXT: Final = 200
_SEVERAL: Final = "multivaluelist"
_DATATYPES: Final = {
    FieldType.TEXT: "string",
    FieldType.NUMBER: "number",
    FieldType.DATE: "datetime",
    FieldType.CHOICE: "singlevaluelist",
    FieldType.MULTI: _SEVERAL,
    FieldType.YES_NO: "singlevaluelist",
    FieldType.ID_NUMBER: "string",
    FieldType.PHONE: "string",
}
_YES_NO: Final = ((YES, mark("Yes")), (NO, mark("No")))
Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered, read; `problems` are sentences by attribute code."""

    forms: tuple[str, ...] = ()
    dangers: tuple[str, ...] = ()
    asset: str = ""
    answers: Answers = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


def services(types: Sequence[TypeView], language: str) -> Listed:
    """The list of services. Names are unique, since FixMyStreet makes them its categories."""
    names = called(types, language)
    return Listed("service", [_service(one, language, names[one.code]) for one in types])


def called(types: Iterable[TypeView], language: str) -> dict[str, str]:
    """What each service is called, by its code; with the code where two are called the same."""
    names = {one.code: one.name.within(language).strip() for one in types}
    uses = Counter(names.values())
    return {code: f"{name} {code}" if uses[name] > 1 else name for code, name in names.items()}


def _service(one: TypeView, language: str, name: str) -> Fields:
    group = one.group.within(language)
    return {
        "service_code": one.code,
        "service_name": name,
        "description": one.hint.within(language),
        "metadata": bool(_attributes(one, language, str)),
        "type": "realtime",
        "keywords": group,
        "group": group,
    }


def definition(one: TypeView, language: str, say: Say) -> Fields:
    """A service with its attributes, numbered from 1."""
    attributes = _attributes(one, language, say)
    numbered = [{**each, "order": place} for place, each in enumerate(attributes, 1)]
    return {
        "service_code": one.code,
        "attributes": Listed("attribute", [_ordered(each) for each in numbered]),
    }


_ORDER: Final = (
    *("variable", "code", "datatype", "required", "datatype_description", "order"),
    *("description", "values"),
)


def _ordered(attribute: Fields) -> Fields:
    return {name: attribute[name] for name in _ORDER if name in attribute}


def _attributes(one: TypeView, language: str, say: Say) -> list[Fields]:
    found = []
    forms = [(each.key, each.label.within(language)) for each in one.forms]
    if named := forms + [(each.key, each.label.within(language)) for each in one.dangers]:
        hint = say(mark("What endangers people goes to somebody at once."))
        found.append(_attribute(FORM, say(mark("What is wrong?")), _SEVERAL, hint, values=named))
    found += [_asked(question, language, say) for question in one.questions]
    if one.is_asset_type:
        hint = say(mark("The number on the plate, if you can read it."))
        found.append(_attribute(ASSET, say(mark("Number of the facility")), "string", hint))
    return found


def _asked(question: Question, language: str, say: Say) -> Fields:
    return _attribute(
        question.key,
        question.label.within(language),
        _datatype(question),
        question.hint.within(language),
        is_required=_must_be_answered(question),
        values=_values(question, language, say),
    )


def _attribute(
    code: str,
    asks: str,
    datatype: str,
    hint: str,
    *,
    is_required: bool = False,
    values: Sequence[tuple[str, str]] = (),
) -> Fields:
    attribute: dict[str, bool | str | Listed] = {
        "variable": True,
        "code": code,
        "datatype": datatype,
        "required": is_required,
        "datatype_description": hint,
        "description": asks,
    }
    if values:
        pairs = [{"key": key, "name": name} for key, name in values]
        attribute["values"] = Listed("value", pairs)
    return attribute


def _datatype(question: Question) -> str:
    is_long = question.type is FieldType.TEXT and int(question.most or 0) > _LONG_TEXT
    return "text" if is_long else _DATATYPES[question.type]


def _values(question: Question, language: str, say: Say) -> list[tuple[str, str]]:
    if question.type is FieldType.YES_NO:
        return [(key, say(name)) for key, name in _YES_NO]
    return [(option.value, option.label.within(language)) for option in question.options]


def _must_be_answered(question: Question) -> bool:
    # Whether a condition holds cannot be said in a definition, so no client can be held to it.
    return question.is_required and question.condition is None


def read_answers(
    one: TypeView, sent: Mapping[str, Sequence[str]], *, today: date, zone: tzinfo
) -> Answered:
    """The answers to a type's attributes. Codes it does not have are ignored."""
    asked = [replace(each, is_required=_must_be_answered(each)) for each in one.questions]
    typed = {
        each.key: _spelt(each, sent[each.key], zone) for each in one.questions if each.key in sent
    }
    checked = check_answers(asked, typed, today=today)
    chosen = sent.get(FORM, ())
    dangers = [each.key for each in one.dangers]
    forms = [each.key for each in one.forms]
    problems = dict(checked.errors)
    if not set(chosen) <= {*forms, *dangers}:
        problems[FORM] = mark("Please choose one of the answers offered.")
    return Answered(
        tuple(each for each in forms if each in chosen),
        tuple(each for each in dangers if each in chosen),
        next(iter(sent.get(ASSET, ())), "") if one.is_asset_type else "",
        checked.answers,
        problems,
    )


def _spelt(question: Question, values: Sequence[str], zone: tzinfo) -> Sequence[str]:
    # A datetime answers what is asked as a day: the day it is here.
    if question.type is not FieldType.DATE:
        return values
    found = times.find(values[0], zone)
    return [found.astimezone(zone).date().isoformat()] if found else values
