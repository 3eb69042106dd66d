"""Which questions are asked, whether the answers can be taken, which papers they call for.

Pure: knows neither the page that asks nor the table that keeps the answers.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from app.citizens.rules import IdentifierKind
from app.citizens.rules.identity import check as check_identity
from app.citizens.rules.phones import read_phone
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import clean, digits, identifier
from app.service_items.rules.content import NO, YES, Answer, Answers, Checked, Material, Question
from app.service_items.rules.vocabulary import FieldType

TODAY: Final = "today"
LONGEST_TEXT: Final = 500
_NUMBER: Final = re.compile(r"-?\d{1,15}(?:\.\d{1,6})?")
_DATE_PARTS: Final = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?")
_RESIDENTS: Final = (
    IdentifierKind.RESIDENT_ID,
    IdentifierKind.HMT_RESIDENCE,
    IdentifierKind.FOREIGN_PERMANENT,
)
_OUT_OF_BOUNDS: Final = mark("This is outside of what is allowed here.")
_NOT_OFFERED: Final = mark("Please choose one of the answers offered.")

Typed = Mapping[str, str | Sequence[str]]


def check_answers(questions: Iterable[Question], typed: Typed, *, today: date) -> Checked:
    """What was typed, in the spelling it is kept in, and a sentence for each field that is wrong.

    Questions whose condition does not hold are not asked: what was typed there is dropped,
    and they may stay empty. A question comes after those it depends on.
    """
    checked = Checked()
    for question in questions:
        if question.condition is not None and not question.condition.holds(checked.answers):
            continue
        values = _values(typed.get(question.key, ""))
        if not values:
            if question.is_required:
                checked.errors[question.key] = mark("Please answer this question.")
            continue
        try:
            checked.answers[question.key] = _READERS[question.type](question, values, today)
        except InvalidError as wrong:
            checked.errors[question.key] = wrong.msgid
    return checked


def needed(materials: Iterable[Material], answers: Answers) -> tuple[Material, ...]:
    """The papers to hand in: those whose condition holds, without what the house obtains itself."""
    return tuple(m for m in applying(materials, answers) if not m.is_shared)


def applying(materials: Iterable[Material], answers: Answers) -> tuple[Material, ...]:
    """The materials that belong to a case with these answers, also those obtained by sharing."""
    return tuple(m for m in materials if m.condition is None or m.condition.holds(answers))


def _values(typed: str | Sequence[str]) -> list[str]:
    several = [typed] if isinstance(typed, str) else typed
    return [value for one in several if (value := clean(one))]


def _read_text(question: Question, values: Sequence[str], _: date) -> Answer:
    text = values[0]
    most = int(question.most or LONGEST_TEXT)
    if len(text) > most:
        raise InvalidError(mark("This is too long."))
    if len(text) < int(question.least or 0):
        raise InvalidError(mark("This is too short."))
    return text


def _read_number(question: Question, values: Sequence[str], _: date) -> Answer:
    text = digits(values[0]).replace(",", "")
    if not _NUMBER.fullmatch(text):
        raise InvalidError(mark("Please enter a number in digits."))
    number = Decimal(text)
    if (question.least and number < Decimal(question.least)) or (
        question.most and number > Decimal(question.most)
    ):
        raise InvalidError(_OUT_OF_BOUNDS)
    return text


def _read_date(question: Question, values: Sequence[str], today: date) -> Answer:
    day = read_day(values[0])
    if day is None:
        raise InvalidError(mark("Please enter a date such as 2026-03-02."))
    if (question.least and day < _bound(question.least, today)) or (
        question.most and day > _bound(question.most, today)
    ):
        raise InvalidError(mark("This date is outside of what is allowed here."))
    return day.isoformat()


def _read_choice(question: Question, values: Sequence[str], _: date) -> Answer:
    if values[0] not in {option.value for option in question.options}:
        raise InvalidError(_NOT_OFFERED)
    return values[0]


def _read_multi(question: Question, values: Sequence[str], _: date) -> Answer:
    offered = [option.value for option in question.options]
    if not set(values) <= set(offered):
        raise InvalidError(_NOT_OFFERED)
    return [value for value in offered if value in values]


def _read_yes_no(_: Question, values: Sequence[str], __: date) -> Answer:
    if values[0] not in (YES, NO):
        raise InvalidError(_NOT_OFFERED)
    return values[0] == YES


def _read_id_number(_: Question, values: Sequence[str], __: date) -> Answer:
    number = identifier(values[0])
    if check_identity(number).kind not in _RESIDENTS:
        raise InvalidError(mark("Please enter the 18 signs of the identity card."))
    return number


def _read_phone(_: Question, values: Sequence[str], __: date) -> Answer:
    return str(read_phone(values[0]))


_READERS: Final[Mapping[FieldType, Callable[[Question, Sequence[str], date], Answer]]] = {
    FieldType.TEXT: _read_text,
    FieldType.NUMBER: _read_number,
    FieldType.DATE: _read_date,
    FieldType.CHOICE: _read_choice,
    FieldType.MULTI: _read_multi,
    FieldType.YES_NO: _read_yes_no,
    FieldType.ID_NUMBER: _read_id_number,
    FieldType.PHONE: _read_phone,
}


def read_day(text: str) -> date | None:
    """A date somebody typed: 2026-03-02, 2026/3/2, 2026年3月2日, 20260302."""
    parts = _DATE_PARTS.fullmatch(unicodedata.normalize("NFKC", clean(text)).replace(" ", ""))
    if parts is None:
        return None
    try:
        return date(int(parts[1]), int(parts[2]), int(parts[3]))
    except ValueError:
        return None


def is_bound(question: Question, text: str) -> bool:
    """Whether a text can be the least or most of such a question; "" bounds nothing."""
    if not text:
        return True
    if question.type is FieldType.DATE:
        return text == TODAY or read_day(text) is not None
    if question.type is FieldType.TEXT:
        return text.isdecimal() and int(text) <= LONGEST_TEXT
    if question.type is FieldType.NUMBER:
        try:
            return Decimal(text).is_finite()
        except InvalidOperation:
            return False
    return False


def _bound(text: str, today: date) -> date:
    day = today if text == TODAY else read_day(text)
    return day or today
