"""Service items as rows of a file, and back: what a cell says, or what is wrong with it.

Pure; opening files is done elsewhere. A cell may hold the short word (`permit`) or the Chinese
one (行政许可).
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from app.calendars.rules import LimitUnit
from app.catalogue.rules import Named
from app.kernel.messages import mark
from app.kernel.text import clean, clean_line, whole_number
from app.service_items.rules.answering import TODAY, read_day
from app.service_items.rules.columns import (
    NO_WORD,
    TODAY_WORD,
    WORDS,
    YES_WORD,
)
from app.service_items.rules.content import (
    NO,
    YES,
    Condition,
    Content,
    Material,
    Option,
    Question,
    Span,
)
from app.service_items.rules.vocabulary import (
    Delivery,
    FieldType,
    Handling,
    ItemKind,
    PaperForm,
    Procedure,
    Source,
)

Row = Mapping[str, str]
WordT = TypeVar("WordT", bound=StrEnum)
ValueT = TypeVar("ValueT")
PartT = TypeVar("PartT", Material, Question)

_BETWEEN: Final = re.compile(r"[,，、;；\s]+")
_TRUE: Final = frozenset({YES, YES_WORD, "true", "1", "y", "on"})
_FALSE: Final = frozenset({NO, NO_WORD, "false", "0", "n", ""})


@dataclass(slots=True)
class Reader:
    """Reads the cells of one row; what cannot be read is written down under its field."""

    row: Row
    where: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    def line(self, name: str) -> str:
        """The cell on one line."""
        return clean_line(self.row.get(name, ""))

    def text(self, name: str) -> str:
        """The cell with its lines."""
        return clean(self.row.get(name, ""))

    def named(self, name: str) -> Named:
        """The cell and its English neighbour."""
        return Named(self.text(name), self.text(f"{name}_en"))

    def number(self, name: str, default: int) -> int:
        """The whole number in the cell; the default if it is empty."""
        said = self.line(name)
        number = whole_number(said) if said else default
        return self._or_wrong(name, number, mark("Please enter a whole number."), default)

    def day(self, name: str) -> date | None:
        """The date in the cell; none if it is empty."""
        said = self.line(name)
        day = read_day(said) if said else None
        if said and day is None:
            self.errors[self.where + name] = mark("Please enter a date such as 2026-03-02.")
        return day

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Whether the cell says yes."""
        said = self.line(name).casefold()
        if not said and name not in self.row:
            return default
        known = said in _TRUE or said in _FALSE
        return self._or_wrong(
            name, said in _TRUE if known else None, mark("Please answer yes or no."), default
        )

    def word(self, name: str, words: type[WordT], default: WordT) -> WordT:
        """The word in the cell; the default if it is empty."""
        said = self.line(name)
        found = word_of(words, said) if said else default
        return self._or_wrong(name, found, mark("This word is not known here."), default)

    def words(self, name: str, words: type[WordT]) -> tuple[WordT, ...]:
        """The words in the cell, in the order of their list."""
        said = [one for one in _BETWEEN.split(self.line(name)) if one]
        found = {word_of(words, one) for one in said}
        if None in found:
            self.errors[self.where + name] = mark("This word is not known here.")
        return tuple(word for word in words if word in found)

    def condition(self, name: str = "condition") -> Condition | None:
        """The condition in the cell; none if it is empty."""
        said = self.line(name)
        condition = read_condition(said) if said else None
        if said and condition is None:
            self.errors[self.where + name] = mark("A condition looks like who=agent,parent.")
        return condition

    def _or_wrong(self, name: str, value: ValueT | None, sentence: str, default: ValueT) -> ValueT:
        if value is None:
            self.errors[self.where + name] = sentence
            return default
        return value


@dataclass(frozen=True, slots=True)
class ReadItem:
    """One item of a file: what it says, and what cannot be read of it."""

    code: str
    basic_code: str
    valid_from: date | None
    valid_to: date | None
    content: Content
    errors: Mapping[str, str]


def read_item(row: Row, materials: Sequence[Row], questions: Sequence[Row]) -> ReadItem:
    """An item from its row and the rows of its materials and questions."""
    reader = Reader(row)
    content = read_fields(
        reader,
        _parts(materials, "materials", read_material, reader.errors),
        _parts(questions, "questions", read_question, reader.errors),
    )
    return ReadItem(
        code=reader.line("code").upper(),
        basic_code=reader.line("basic_code").upper(),
        valid_from=reader.day("valid_from"),
        valid_to=reader.day("valid_to"),
        content=content,
        errors=reader.errors,
    )


def read_fields(
    reader: Reader, materials: tuple[Material, ...], questions: tuple[Question, ...]
) -> Content:
    """The fields of a version from one row."""
    handling = reader.word("handling", Handling, Handling.PROMISED)
    legal = reader.number("legal_value", 0)
    return Content(
        name=_lines(reader, "name"),
        kind=reader.word("kind", ItemKind, ItemKind.PUBLIC_SERVICE),
        authority=_lines(reader, "authority"),
        legal_basis=reader.text("legal_basis"),
        accepting_conditions=reader.text("accepting_conditions"),
        handling=handling,
        promised=Span(
            reader.word("promised_unit", LimitUnit, LimitUnit.WORK_DAY),
            reader.number("promised_value", 0),
        ),
        legal=Span(reader.word("legal_unit", LimitUnit, LimitUnit.WORK_DAY), legal)
        if legal
        else None,
        unit_code=reader.line("unit_code"),
        summary=reader.named("summary"),
        result=_lines(reader, "result"),
        procedures=reader.words("procedures", Procedure),
        fee=reader.text("fee"),
        deliveries=reader.words("deliveries", Delivery),
        visits=reader.number("visits", 1),
        may_defer=reader.flag("may_defer"),
        may_promise=reader.flag("may_promise"),
        is_joint=reader.flag("is_joint"),
        place=reader.line("place"),
        phone=reader.line("phone"),
        materials=materials,
        questions=questions,
    )


def read_material(reader: Reader) -> Material:
    """A material from its row."""
    return Material(
        key=reader.line("key"),
        name=_lines(reader, "name"),
        source=reader.word("source", Source, Source.APPLICANT),
        form=reader.word("form", PaperForm, PaperForm.ORIGINAL),
        copies=reader.number("copies", 1),
        may_defer=reader.flag("may_defer"),
        is_shared=reader.flag("is_shared"),
        note=reader.named("note"),
        sample=reader.text("sample"),
        condition=reader.condition(),
    )


def read_question(reader: Reader) -> Question:
    """A question from its row."""
    return Question(
        key=reader.line("key"),
        type=reader.word("type", FieldType, FieldType.TEXT),
        label=_lines(reader, "label"),
        hint=reader.named("hint"),
        is_required=reader.flag("is_required", default=True),
        options=tuple(read_options(reader.text("options"))),
        condition=reader.condition(),
        least=_bound(reader.line("least")),
        most=_bound(reader.line("most")),
        in_guide=reader.flag("in_guide"),
    )


def read_condition(text: str) -> Condition | None:
    """`who=agent,parent` as a condition; None if it is none."""
    question, sign, values = text.partition("=")
    said = tuple(one for one in _BETWEEN.split(values) if one)
    return Condition(question.strip(), said) if sign and said else None


def read_options(text: str) -> Iterable[Option]:
    """Lines `agent=代办人|An agent` as options; a line without a short name has an empty one."""
    for line in text.splitlines():
        value, sign, label = line.partition("=")
        if not sign:
            value, label = "", line
        zh, _, en = label.partition("|")
        if line.strip():
            yield Option(value.strip(), Named(zh.strip(), en.strip()))


def condition_text(condition: Condition | None) -> str:
    """A condition as one cell holds it."""
    return f"{condition.question}={','.join(condition.values)}" if condition else ""


def options_text(options: Iterable[Option]) -> str:
    """Options as one cell holds them, a line each."""
    return "\n".join(
        f"{one.value}={one.label.zh}" + (f"|{one.label.en}" if one.label.en else "")
        for one in options
    )


def word_of(words: type[WordT], said: str) -> WordT | None:
    """The member of this name, short or Chinese."""
    spoken = WORDS[words]
    return next((word for word in words if said in (str(word), spoken[word])), None)


def item_row(content: Content) -> dict[str, object]:
    """The fields of a version by column, without codes and days."""
    return {
        **_named(content, "name", "authority", "summary", "result"),
        "kind": content.kind,
        "unit_code": content.unit_code,
        "legal_basis": content.legal_basis,
        "accepting_conditions": content.accepting_conditions,
        "handling": content.handling,
        "legal_value": content.legal.value if content.legal else None,
        "legal_unit": content.legal.unit if content.legal else None,
        "promised_value": content.promised.value,
        "promised_unit": content.promised.unit,
        "procedures": list(content.procedures),
        "fee": content.fee,
        "deliveries": list(content.deliveries),
        "visits": content.visits,
        "may_defer": content.may_defer,
        "may_promise": content.may_promise,
        "is_joint": content.is_joint,
        "place": content.place,
        "phone": content.phone,
    }


def material_row(material: Material) -> dict[str, object]:
    """A material by column."""
    return {
        "key": material.key,
        **_named(material, "name", "note"),
        "source": material.source,
        "form": material.form,
        "copies": material.copies,
        "may_defer": material.may_defer,
        "is_shared": material.is_shared,
        "sample": material.sample,
        "condition": condition_text(material.condition),
    }


def question_row(question: Question) -> dict[str, object]:
    """A question by column."""
    return {
        "key": question.key,
        "type": question.type,
        **_named(question, "label", "hint"),
        "is_required": question.is_required,
        "in_guide": question.in_guide,
        "options": options_text(question.options),
        "condition": condition_text(question.condition),
        "least": question.least,
        "most": question.most,
    }


def plain(value: object) -> str:
    """A value of a JSON document as a cell would hold it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list):
        return ",".join(plain(one) for one in value)
    return str(value)


def spoken(value: object) -> str | int:
    """A value as a sheet for people holds it: Chinese words, numbers as numbers."""
    if isinstance(value, bool):
        return YES_WORD if value else NO_WORD
    if isinstance(value, StrEnum):
        return WORDS[type(value)][value]
    if isinstance(value, list):
        return "、".join(str(spoken(one)) for one in value)
    if isinstance(value, int):
        return value
    return plain(value)


def by_key(columns: Mapping[str, str], row: Row) -> dict[str, str]:
    """A row whose columns may bear short names or Chinese headings, by short name."""
    short = {heading: name for name, heading in columns.items()}
    return {short.get(name, name): value for name, value in row.items()}


def _parts(
    rows: Sequence[Row],
    where: str,
    read: Callable[[Reader], PartT],
    errors: dict[str, str],
) -> tuple[PartT, ...]:
    return tuple(
        read(Reader(row, f"{where}.{number}.", errors)) for number, row in enumerate(rows, start=1)
    )


def _bound(said: str) -> str:
    return TODAY if said == TODAY_WORD else said


def _lines(reader: Reader, name: str) -> Named:
    return Named(reader.line(name), reader.line(f"{name}_en"))


def _named(of: object, *names: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for name in names:
        text: Named = getattr(of, name)
        found |= {name: text.zh, f"{name}_en": text.en}
    return found
