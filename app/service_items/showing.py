"""A version as a page shows it to people: in their language, with only what concerns them.

Computes what templates must not; draws nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.kernel.messages import mark
from app.service_items.labels import DELIVERIES, HANDLINGS, KINDS, PAPER_FORMS, PROCEDURES, SOURCES
from app.service_items.rules import (
    NO,
    YES,
    Answer,
    Condition,
    Content,
    Handling,
    ItemVersion,
    Material,
    Question,
    Span,
    applying,
    check_answers,
)

_YES_NO: Final = {YES: mark("Yes"), NO: mark("No")}
_STARS: Final = "＊＊＊＊"


@dataclass(frozen=True, slots=True)
class Paper:
    """A material for the reader.

    `example` is the key of the material if it has a file with a filled-in example. `cases`
    says when it is needed, if that is still open: the question and its answers, of which yes
    and no are msgids.
    """

    name: str
    form: str
    source: str
    copies: int
    may_defer: bool
    note: str
    sample: str
    example: int = 0
    cases: tuple[str, tuple[str, ...]] = ("", ())


@dataclass(frozen=True, slots=True)
class Checklist:
    """What to bring: by the answers given, and what depends on answers still open."""

    questions: tuple[Question, ...]
    is_answered: bool
    bring: Sequence[Paper]
    perhaps: Sequence[Paper]
    shared: Sequence[Paper]
    values: Mapping[str, str]
    lists: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class ItemView:
    """The item itself for the reader; labels are msgids, texts are in their language."""

    code: str
    name: str
    kind: str
    handling: str
    summary: str
    result: str
    authority: str
    is_instant: bool
    promised: Span
    legal: Span | None
    procedures: Sequence[str]
    fee: str
    deliveries: Sequence[str]
    visits: int
    may_defer: bool
    may_promise: bool
    is_joint: bool
    conditions: str
    basis: str
    place: str
    phone: str
    is_sample: bool
    valid_from: date | None
    valid_to: date | None


def view_of(version: ItemVersion, language: str) -> ItemView:
    """The item as this reader sees it."""
    content = version.content
    return ItemView(
        code=version.code,
        name=content.name.within(language),
        kind=KINDS[content.kind],
        handling=HANDLINGS[content.handling],
        summary=content.summary.within(language),
        result=content.result.within(language),
        authority=content.authority.within(language),
        is_instant=content.handling is Handling.INSTANT,
        promised=content.promised,
        legal=content.legal,
        procedures=[PROCEDURES[one] for one in content.procedures],
        fee=content.fee,
        deliveries=[DELIVERIES[one] for one in content.deliveries],
        visits=content.visits,
        may_defer=content.may_defer,
        may_promise=content.may_promise,
        is_joint=content.is_joint,
        conditions=content.accepting_conditions,
        basis=content.legal_basis,
        place=content.place,
        phone=content.phone,
        is_sample=version.is_sample,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
    )


def checklist(
    content: Content, given: Mapping[str, Sequence[str]], *, today: date, language: str
) -> Checklist:
    """What to bring; `given` are the answers by question, and strange ones are passed over.

    Without an answer the papers of special cases are named with their cases; with answers
    only those whose case is still open.
    """
    questions = guide_questions(content)
    answers = check_answers(questions, given, today=today).answers
    certain = applying(content.materials, answers)
    open_keys = {q.key for q in content.questions} - answers.keys()
    perhaps = [
        m for m in content.materials
        if m not in certain and m.condition is not None and m.condition.question in open_keys
    ]  # fmt: skip
    return Checklist(
        questions=questions,
        is_answered=bool(answers),
        bring=[_paper(m, language) for m in certain if not m.is_shared],
        perhaps=[
            _paper(m, language, _cases(m.condition, content.questions, language))
            for m in perhaps
            if not m.is_shared
        ],
        shared=[_paper(m, language) for m in (*certain, *perhaps) if m.is_shared],
        values={f"q_{key}": values[0] for key, values in given.items() if values},
        lists={f"q_{key}": list(values) for key, values in given.items()},
    )


def said(asked: Question, answer: Answer, language: str, say: Callable[[str], str]) -> str:
    """An answer in the words it was offered in."""
    if isinstance(answer, bool):
        return say(mark("yes")) if answer else say(mark("no"))
    options = {one.value: one.label.within(language) for one in asked.options}
    chosen: Sequence[str] = [answer] if isinstance(answer, str) else answer
    return "、".join(options.get(one, one) for one in chosen)


def answers_masked(
    questions: Iterable[Question],
    given: Mapping[str, Answer],
    language: str,
    say: Callable[[str], str],
) -> tuple[tuple[str, str], ...]:
    """What was answered, by question, in words; of what tells who somebody is only the end."""
    return tuple(
        (
            one.label.within(language),
            f"{_STARS}{str(given[one.key])[-4:]}"
            if one.type.is_personal
            else said(one, given[one.key], language, say),
        )
        for one in questions
        if one.key in given
    )


def told(
    errors: Mapping[str, str], names: Mapping[str, str], say: Callable[[str], str]
) -> dict[str, str]:
    """What is wrong by field, for the head of a page: each of these fields named, in their order.

    Several questions or papers have the same fault: the sentence alone says not which.
    """
    named = {
        field: say(mark("%(name)s: %(what)s"))
        % {"name": name.rstrip("?？"), "what": say(errors[field])}
        for field, name in names.items()
        if field in errors
    }
    others = {field: words for field, words in errors.items() if field not in names}
    return others | named


def guide_questions(content: Content) -> tuple[Question, ...]:
    """What the public guide asks: only what has given answers and tells the papers apart."""
    asked = [question for question in content.questions if question.in_guide]
    keys = {question.key for question in asked}
    return tuple(
        replace(
            question,
            is_required=True,
            condition=question.condition
            if question.condition and question.condition.question in keys
            else None,
        )
        for question in asked
    )


def _paper(
    material: Material, language: str, cases: tuple[str, tuple[str, ...]] = ("", ())
) -> Paper:
    return Paper(
        name=material.name.within(language),
        form=PAPER_FORMS[material.form],
        source=SOURCES[material.source],
        copies=material.copies,
        may_defer=material.may_defer,
        note=material.note.within(language),
        sample=material.sample,
        example=material.id if material.file else 0,
        cases=cases,
    )


def _cases(
    condition: Condition | None, questions: Iterable[Question], language: str
) -> tuple[str, tuple[str, ...]]:
    question = next((q for q in questions if condition and q.key == condition.question), None)
    if question is None or condition is None:
        return "", ()
    labels = {option.value: option.label.within(language) for option in question.options}
    said = tuple(labels.get(value, _YES_NO.get(value, value)) for value in condition.values)
    return question.label.within(language), said
