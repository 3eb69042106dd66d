"""Forms, dangers and questions of a type as lines of text an administrator writes, and back.

One line each, parts between bars; pure. A line that cannot be read is said by its number.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from app.catalogue.rules import Named, Urgency
from app.facilities.rules.content import Call, Danger, Form
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.kernel.text import clean_line
from app.service_items.rules import FieldType, Option, Question

_KEY_LENGTH: Final = 32
_PARTS: Final = 8
_BAR, _BETWEEN, _EQUALS = "|", ";", "="
Piece = TypeVar("Piece", Form, Danger, Question)

FORMS_WRONG: Final = mark(
    "Line %(line)s cannot be read. It goes: key | Chinese | English | normal or complex."
)
DANGERS_WRONG: Final = mark(
    "Line %(line)s cannot be read. It goes: key | Chinese | English | urgent or critical | "
    "number=Chinese=English;… | advice in Chinese | advice in English."
)
QUESTIONS_WRONG: Final = mark(
    "Line %(line)s cannot be read. It goes: key | text, number, date, choice, multi or yes_no | "
    "yes or no (must be answered) | Chinese | English | value=Chinese=English;… | "
    "hint in Chinese | hint in English."
)
TWICE: Final = mark("Line %(line)s has a key that stands there already.")


def read_forms(text: str) -> tuple[Form, ...]:
    """The forms of these lines.

    Raises:
        InvalidError: a line cannot be read; `line` is its number.
    """
    return _read(text, _form, FORMS_WRONG)


def read_dangers(text: str) -> tuple[Danger, ...]:
    """The dangers of these lines.

    Raises:
        InvalidError: as `read_forms`.
    """
    return _read(text, _danger, DANGERS_WRONG)


def read_question_lines(text: str) -> tuple[Question, ...]:
    """The questions of these lines.

    Raises:
        InvalidError: as `read_forms`.
    """
    return _read(text, _question, QUESTIONS_WRONG)


def form_lines(forms: Iterable[Form]) -> str:
    """Forms as the lines `read_forms` reads."""
    return _lines((one.key, one.label.zh, one.label.en, str(one.urgency)) for one in forms)


def danger_lines(dangers: Iterable[Danger]) -> str:
    """Dangers as the lines `read_dangers` reads."""
    return _lines(
        (
            one.key,
            one.label.zh,
            one.label.en,
            str(one.urgency),
            f"{_BETWEEN} ".join(
                _EQUALS.join((call.number, call.whom.zh, call.whom.en)) for call in one.call
            ),
            one.advice.zh,
            one.advice.en,
        )
        for one in dangers
    )


def question_lines(questions: Iterable[Question]) -> str:
    """Questions as the lines `read_question_lines` reads."""
    return _lines(
        (
            one.key,
            str(one.type),
            "yes" if one.is_required else "no",
            one.label.zh,
            one.label.en,
            f"{_BETWEEN} ".join(
                _EQUALS.join((option.value, option.label.zh, option.label.en))
                for option in one.options
            ),
            one.hint.zh,
            one.hint.en,
        )
        for one in questions
    )


def _lines(rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f" {_BAR} ".join(row).rstrip(f" {_BAR}") for row in rows)


def _read(text: str, read: Callable[[list[str]], Piece], sentence: str) -> tuple[Piece, ...]:
    found: list[Piece] = []
    for number, line in enumerate(text.splitlines(), start=1):
        parts: list[str] = [clean_line(part) for part in line.replace("｜", _BAR).split(_BAR)]
        if not any(parts):
            continue
        try:
            piece = read(parts + [""] * _PARTS)
        except ValueError as error:
            raise InvalidError(sentence, line=number) from error
        if not 0 < len(piece.key) <= _KEY_LENGTH or not piece.label.zh:
            raise InvalidError(sentence, line=number)
        if piece.key in {one.key for one in found}:
            raise InvalidError(TWICE, line=number)
        found.append(piece)
    return tuple(found)


def _form(parts: list[str]) -> Form:
    grade = Urgency(parts[3] or Urgency.NORMAL)
    return Form(parts[0], Named(parts[1], parts[2]), grade)


def _danger(parts: list[str]) -> Danger:
    return Danger(
        key=parts[0],
        label=Named(parts[1], parts[2]),
        urgency=Urgency(parts[3] or Urgency.URGENT),
        call=tuple(Call(number, name) for number, name in _pairs(parts[4])),
        advice=Named(parts[5], parts[6]),
    )


def _question(parts: list[str]) -> Question:
    kind = FieldType(parts[1] or FieldType.TEXT)
    options = tuple(Option(value, name) for value, name in _pairs(parts[5]))
    if kind.has_options != bool(options):
        msg = "options belong to choices, and only to them"
        raise ValueError(msg)
    return Question(
        key=parts[0],
        type=kind,
        label=Named(parts[3], parts[4]),
        hint=Named(parts[6], parts[7]),
        is_required=parts[2] in ("yes", "是"),
        options=options,
    )


def _pairs(text: str) -> list[tuple[str, Named]]:
    found = []
    for one in text.replace("；", _BETWEEN).split(_BETWEEN):
        parts = [part.strip() for part in one.split(_EQUALS)]
        if not one.strip():
            continue
        if len(parts) < 2 or not all(parts[:2]):  # noqa: PLR2004  # a value and its Chinese name
            raise ValueError(one)
        found.append((parts[0], Named(parts[1], parts[2] if parts[2:] else "")))
    return found
