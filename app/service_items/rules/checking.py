"""Whether a version may stand: what the law and plain sense ask of a service item (rulebook §3).

Gives sentences (msgids) by field; fields of the n-th material or question are called
`materials.n.field` and `questions.n.field`, counted from 1.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from app.calendars.rules import LimitUnit
from app.catalogue.rules import Named
from app.kernel.messages import mark
from app.service_items.rules.answering import is_bound
from app.service_items.rules.content import (
    NO,
    YES,
    Condition,
    Content,
    Material,
    Question,
    Span,
)
from app.service_items.rules.vocabulary import FieldType, Handling, ItemKind

MOST_DAYS: Final = 3650
MOST_MATERIALS: Final = 60
MOST_QUESTIONS: Final = 40
LEAST_OPTIONS: Final = 2
MOST_OPTIONS: Final = 30
MOST_VISITS: Final = 9
MOST_COPIES: Final = 20
# A working day has no fewer opening hours than a morning; a promise in hours is held against it.
HOURS_OF_A_MORNING: Final = 3
HOURS_OF_A_DAY: Final = 24
LONGEST: Final[Mapping[str, int]] = {
    "name": 120,
    "authority": 120,
    "summary": 500,
    "result": 120,
    "legal_basis": 2000,
    "accepting_conditions": 2000,
    "fee": 500,
    "place": 200,
    "phone": 40,
}
LONGEST_LABEL: Final = 200
LONGEST_NOTE: Final = 500
LONGEST_SAMPLE: Final = 2000

KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")
CODE: Final = re.compile(r"[0-9A-Z][0-9A-Z-]{3,47}")
# 其他材料, 其他相关证明文件, 等材料, 法律法规规定的其他要件 … (优化营商环境条例; rulebook §3)
_CATCH_ALL: Final = (
    re.compile(
        r"(?:其他|其它|其余|另外)[^，。；,;()（）]{0,16}?(?:材料|资料|文件|证明|证件|要件|手续)"
    ),
    re.compile(r"(?:其他|其它|其余)$"),
    re.compile(r"等(?:相关|有关|其他|其它|全部)?(?:材料|资料|文件|证明|证件|要件)$"),
    re.compile(r"^(?:(?:相关|有关|必要|所需|需要|全部)的?)+(?:证明)?(?:材料|资料|文件|证件|要件)$"),
    re.compile(r"(?:需要|要求|规定|认为必要)的?(?:相关|有关)?(?:材料|资料|文件)$"),
    re.compile(
        r"\bother\b(?:\s+\w+){0,3}\s+(?:materials?|documents?|papers?|certificates?|proofs?)\b"
    ),
    re.compile(r"\betc\b|^(?:supporting|relevant|necessary) (?:materials?|documents?|papers?)$"),
)

_PERMIT: Final = Span(LimitUnit.WORK_DAY, 20)
_JOINT: Final = Span(LimitUnit.WORK_DAY, 45)

_LONGER: Final = mark(
    "The promised limit is longer than the legal one, or cannot be compared with it."
)
_LONGER_THAN_LAW: Final = mark(
    "Without a legal limit of its own a permit has the law's 20 working days, what several "
    "bodies handle together 45. The promised limit is longer, or cannot be compared."
)
_EMPTY: Final = mark("Please fill this in.")
_LONG: Final = mark("This is too long.")
_LATER: Final = mark("The condition names a question that does not stand before this one.")
_OPEN: Final = mark("A condition needs a question with given answers: a choice, or yes and no.")
_STRANGE: Final = mark("The condition names an answer which that question does not offer.")


def check_fields(content: Content) -> dict[str, str]:
    """What is wrong with the fields of a version."""
    errors = {
        name: _EMPTY
        for name in ("name", "authority", "legal_basis", "accepting_conditions")
        if not _text(content, name)
    }
    for name, longest in LONGEST.items():
        if len(_text(content, name)) > longest:
            errors[name] = _LONG
    errors |= check_limits(content)
    if not content.deliveries:
        errors["deliveries"] = mark("Please choose at least one way.")
    if not 0 <= content.visits <= MOST_VISITS:
        errors["visits"] = mark("Please enter a number from 0 to 9.")
    return errors


def check_limits(content: Content) -> dict[str, str]:
    """What is wrong with the two limits: the promise must not be longer than the law's.

    优化营商环境条例 art. 35: what is promised to the public is kept; it may be shorter than
    the legal limit, never longer.
    """
    if content.legal is not None and not 0 < content.legal.value <= MOST_DAYS:
        return {"legal_value": mark("Please enter a number from 1 to 3650.")}
    if content.handling is Handling.INSTANT:
        if content.promised.value:
            return {"promised_value": mark("What is done while you wait has no promised days.")}
        return {}
    if not 0 < content.promised.value <= MOST_DAYS:
        return {"promised_value": mark("Please enter a number from 1 to 3650.")}
    law = content.legal or law_of(content)
    if law is None or within(content.promised, law):
        return {}
    return {"promised_value": _LONGER if content.legal else _LONGER_THAN_LAW}


def law_of(content: Content) -> Span | None:
    """What the law gives an item that has no legal limit of its own (行政许可法 art. 42)."""
    if content.is_joint:
        return _JOINT
    return _PERMIT if content.kind is ItemKind.PERMIT else None


def within(promised: Span, legal: Span) -> bool:
    """Whether a promise surely ends no later than the law's limit, whenever both start.

    Calendar days never end later than as many working days. Working days may end later than
    as many calendar days, so that such a promise is never surely within.
    """
    allowed = {
        (LimitUnit.DAY, LimitUnit.WORK_DAY): 1,
        (LimitUnit.HOUR, LimitUnit.DAY): HOURS_OF_A_DAY,
        (LimitUnit.HOUR, LimitUnit.WORK_DAY): HOURS_OF_A_DAY,
        (LimitUnit.WORK_HOUR, LimitUnit.WORK_DAY): HOURS_OF_A_MORNING,
        (LimitUnit.HOUR, LimitUnit.WORK_HOUR): 1,
    }
    if promised.unit is legal.unit:
        return promised.value <= legal.value
    factor = allowed.get((promised.unit, legal.unit), 0)
    return promised.value <= legal.value * factor


def is_catch_all(name: str) -> bool:
    """Whether a material asks for anything and nothing: "other materials", "等材料"."""
    plain = re.sub(r"\s+", " ", name).strip().casefold()
    return any(pattern.search(plain) for pattern in _CATCH_ALL)


def check_materials(content: Content) -> dict[str, str]:
    """What is wrong with the materials of a version."""
    errors: dict[str, str] = {}
    if len(content.materials) > MOST_MATERIALS:
        errors["materials"] = mark("There are too many materials.")
    for number, material in enumerate(content.materials, start=1):
        found = dict(_material(material, content))
        errors |= {f"materials.{number}.{name}": text for name, text in found.items()}
    return errors | _doubles("materials", [material.key for material in content.materials])


def check_questions(content: Content) -> dict[str, str]:
    """What is wrong with the extra questions of a version."""
    errors: dict[str, str] = {}
    if len(content.questions) > MOST_QUESTIONS:
        errors["questions"] = mark("There are too many questions.")
    for number, question in enumerate(content.questions, start=1):
        found = dict(_question(question, content.questions[: number - 1]))
        errors |= {f"questions.{number}.{name}": text for name, text in found.items()}
    return errors | _doubles("questions", [question.key for question in content.questions])


def check_content(content: Content) -> dict[str, str]:
    """Everything that keeps a version from being published; nothing if it may."""
    return check_fields(content) | check_materials(content) | check_questions(content)


def _text(content: Content, name: str) -> str:
    value = getattr(content, name)
    return value if isinstance(value, str) else value.zh


def _material(material: Material, content: Content) -> Iterator[tuple[str, str]]:
    yield from _words(material.key, "name", material.name)
    if is_catch_all(material.name.zh) or is_catch_all(material.name.en):
        yield "name", mark("Name the paper. Nobody can bring “other materials” (rulebook §3).")
    if not 0 <= material.copies <= MOST_COPIES:
        yield "copies", mark("Please enter a number from 0 to 20.")
    if _longest(material.note) > LONGEST_NOTE:
        yield "note", _LONG
    if len(material.sample) > LONGEST_SAMPLE:
        yield "sample", _LONG
    if material.may_defer and not content.may_defer:
        yield "may_defer", mark("This item does not allow papers to follow later.")
    if sentence := _wrong(material.condition, content.questions):
        yield "condition", sentence


def _question(question: Question, before: Sequence[Question]) -> Iterator[tuple[str, str]]:
    yield from _words(question.key, "label", question.label)
    if _longest(question.hint) > LONGEST_NOTE:
        yield "hint", _LONG
    yield from _options(question)
    for name, text in (("least", question.least), ("most", question.most)):
        if not is_bound(question, text):
            yield name, mark("This cannot be a bound of such an answer.")
    if question.in_guide and not question.type.is_closed:
        yield "in_guide", mark("The guide asks only what has given answers.")
    if sentence := _wrong(question.condition, before):
        yield "condition", sentence


def _words(key: str, field: str, text: Named) -> Iterator[tuple[str, str]]:
    if not KEY.fullmatch(key):
        yield "key", mark("A short name has small letters, digits and _ only.")
    if not text.zh:
        yield field, _EMPTY
    if _longest(text) > LONGEST_LABEL:
        yield field, _LONG


def _longest(text: Named) -> int:
    return max(len(text.zh), len(text.en))


def _options(question: Question) -> Iterator[tuple[str, str]]:
    values = [option.value for option in question.options]
    if not question.type.has_options:
        if values:
            yield "options", mark("Only a choice has answers to choose from.")
        return
    if not LEAST_OPTIONS <= len(values) <= MOST_OPTIONS:
        yield "options", mark("Please give 2 to 30 answers to choose from.")
    elif len(set(values)) < len(values) or not all(KEY.fullmatch(value) for value in values):
        yield "options", mark("Each answer needs a short name of its own, in small letters.")
    elif not all(0 < len(option.label.zh) <= LONGEST_LABEL for option in question.options):
        yield "options", mark("Each answer needs words people can read.")


def _wrong(condition: Condition | None, before: Iterable[Question]) -> str:
    if condition is None:
        return ""
    question = next((q for q in before if q.key == condition.question), None)
    if question is None:
        return _LATER
    if not question.type.is_closed:
        return _OPEN
    known = {YES, NO} if question.type is FieldType.YES_NO else {o.value for o in question.options}
    return "" if condition.values and set(condition.values) <= known else _STRANGE


def _doubles(where: str, keys: Sequence[str]) -> dict[str, str]:
    return {
        f"{where}.{number}.key": mark("Two of them have this short name.")
        for number, key in enumerate(keys, start=1)
        if key in keys[: number - 1]
    }
