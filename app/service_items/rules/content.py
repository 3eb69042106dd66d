"""What a version of a service item says: its fields, its materials, its questions.

Plain values for pages, files and other features; whether they may stand is said in `checking`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, TypeAlias

from app.calendars.rules import LimitUnit
from app.catalogue.rules import Named
from app.service_items.rules.vocabulary import (
    Delivery,
    FieldType,
    Handling,
    ItemKind,
    PaperForm,
    Procedure,
    Source,
)

# A checked answer as JSON can hold it: a date is written YYYY-MM-DD, a number as typed.
Answer: TypeAlias = str | bool | list[str]
Answers: TypeAlias = Mapping[str, Answer]

YES: Final = "yes"
NO: Final = "no"
UNSAID: Final = Named("")


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds if the question with this key was answered with one of these values.

    A yes/no question has the values "yes" and "no".
    """

    question: str
    values: tuple[str, ...]

    def holds(self, answers: Answers) -> bool:
        """Whether these answers fulfil it; a question not answered fulfils nothing."""
        return any(value in self.values for value in chosen(answers.get(self.question)))


@dataclass(frozen=True, slots=True)
class Option:
    """One answer a question offers."""

    value: str
    label: Named


@dataclass(frozen=True, slots=True)
class Question:
    """An extra question of an item; `key` names its answer.

    `least` and `most` bound a number, the length of a text, or a date (YYYY-MM-DD, or
    "today"). `in_guide` has the public guide ask it before it says what to bring.
    """

    key: str
    type: FieldType
    label: Named
    hint: Named = UNSAID
    is_required: bool = True
    options: tuple[Option, ...] = ()
    condition: Condition | None = None
    least: str = ""
    most: str = ""
    in_guide: bool = False


@dataclass(frozen=True, slots=True)
class Material:
    """A paper an item asks for (材料); `key` names it for verdicts and notices.

    `may_defer`: it may follow later (可容缺). `is_shared`: the house obtains it itself and
    must not ask for it (rulebook §3: 可免提交). `file` is the SHA-256 of a filled-in example.
    """

    key: str
    name: Named
    source: Source = Source.APPLICANT
    form: PaperForm = PaperForm.ORIGINAL
    copies: int = 1
    may_defer: bool = False
    is_shared: bool = False
    note: Named = UNSAID
    sample: str = ""
    file: str = ""
    file_type: str = ""
    condition: Condition | None = None
    id: int = 0


@dataclass(frozen=True, slots=True)
class Span:
    """A limit as it is printed: so many of this unit. Nought means while you wait."""

    unit: LimitUnit
    value: int


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a version says.

    `unit_code` is the unit that decides, where the house has one; `authority` is how the
    body is called to the public (实施机构). Without `legal` the law sets no limit.
    """

    name: Named
    kind: ItemKind
    authority: Named
    legal_basis: str
    accepting_conditions: str
    handling: Handling
    promised: Span
    legal: Span | None = None
    unit_code: str = ""
    summary: Named = UNSAID
    result: Named = UNSAID
    procedures: tuple[Procedure, ...] = ()
    fee: str = ""
    deliveries: tuple[Delivery, ...] = (Delivery.WINDOW,)
    visits: int = 1
    may_defer: bool = False
    may_promise: bool = False
    is_joint: bool = False
    place: str = ""
    phone: str = ""
    materials: tuple[Material, ...] = ()
    questions: tuple[Question, ...] = ()

    @property
    def is_free(self) -> bool:
        """Whether nothing is charged."""
        return not self.fee


@dataclass(frozen=True, slots=True)
class ItemVersion:
    """A version of an item, as an application keeps it.

    `valid_from` is empty in a draft; `valid_to` is its last day, empty as long as no end
    is set.
    """

    id: int
    item_id: int
    code: str
    basic_code: str
    number: int
    is_sample: bool
    is_active: bool
    valid_from: date | None
    valid_to: date | None
    unit_id: int | None
    content: Content
    lock: int = 0

    @property
    def is_draft(self) -> bool:
        """Whether it was never published."""
        return self.valid_from is None

    def holds_on(self, day: date) -> bool:
        """Whether an application of this (local) day is made by it."""
        return holds_on(self.valid_from, self.valid_to, day)


@dataclass(frozen=True, slots=True)
class Checked:
    """Typed answers, checked: what is kept, and a sentence (msgid) per field that is wrong."""

    answers: dict[str, Answer] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def holds_on(valid_from: date | None, valid_to: date | None, day: date) -> bool:
    """Whether a day lies in a version's validity; both ends belong to it."""
    return valid_from is not None and valid_from <= day and (valid_to is None or day <= valid_to)


def chosen(answer: Answer | None) -> Sequence[str]:
    """The values an answer consists of, as conditions compare them."""
    if answer is None:
        return ()
    if isinstance(answer, bool):
        return (YES if answer else NO,)
    return (answer,) if isinstance(answer, str) else answer
