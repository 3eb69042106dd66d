"""Reads the form that builds a segment: numbered rows of fields, as many as the page held.

What makes no sense yet is kept as typed, so that adding a row loses nothing.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Final

from pydantic import BaseModel, Field

from app.exports.rules import Format
from app.kernel.messages import mark
from app.kernel.text import clean_line, whole_number
from app.segments.rules import (
    LONGEST_PURPOSE,
    MOST_CONDITIONS,
    PARTS,
    SHORTEST_PURPOSE,
    Condition,
    Match,
    Part,
    Rule,
    UseKind,
    What,
)
from app.segments.service import NO_PURPOSE
from app.web.forms import RawForm

_NUMBER: Final = mark("Enter a whole number.")
FIRST_ROWS: Final = 2


@dataclass(frozen=True, slots=True)
class Typed:
    """The rule as far as it can be read, and what cannot be; `rows` is how many were shown."""

    rule: Rule
    errors: Mapping[str, str]
    rows: int
    values: Mapping[str, str]


def read(form: RawForm) -> Typed:
    """The conditions of a form; rows without a choice are left out, the others close up."""
    conditions: list[Condition] = []
    errors: dict[str, str] = {}
    values: dict[str, str] = {}
    for row in range(MOST_CONDITIONS):
        chosen = form.text(f"what-{row}")
        if chosen not in set(What):
            continue
        place = len(conditions)
        values |= _kept(form, row, place)
        conditions.append(_condition(form, row, place, What(chosen), errors))
    match = Match.ANY if form.text("match") == Match.ANY else Match.ALL
    rule = Rule(tuple(conditions), match, with_do_not_contact=bool(form.text("with")))
    values |= {name: form.text(name) for name in ("name", "match", "with")}
    return Typed(rule, errors, max(len(conditions), FIRST_ROWS), values)


def values_of(name: str, rule: Rule) -> dict[str, str]:
    """What the form shows of a rule that is kept."""
    shown = {
        "name": name,
        "match": str(rule.match),
        "with": "on" if rule.with_do_not_contact else "",
    }
    for place, condition in enumerate(rule.conditions):
        shown[f"what-{place}"] = str(condition.what)
        shown[f"not-{place}"] = "on" if condition.is_not else ""
        for part in PARTS[condition.what]:
            value = getattr(condition, part)
            shown[field_of(condition.what, part, place)] = "" if value is None else str(value)
    return shown


def field_of(what: What, part: Part, place: int) -> str:
    """The field a part is typed into; values to choose from have one for each kind."""
    return f"{what}-{place}" if part is Part.VALUE else f"{part}-{place}"


def _kept(form: RawForm, row: int, place: int) -> dict[str, str]:
    names = ["what", "not", *Part, *What]
    return {f"{name}-{place}": form.text(f"{name}-{row}") for name in names}


def _condition(
    form: RawForm, row: int, place: int, what: What, errors: dict[str, str]
) -> Condition:
    numbers: dict[Part, int | None] = {}
    for part in (Part.LEAST, Part.MOST, Part.DAYS):
        typed = unicodedata.normalize("NFKC", form.text(f"{part}-{row}")).strip()
        is_asked = part in PARTS[what]
        numbers[part] = whole_number(typed) if is_asked else None
        if is_asked and typed and numbers[part] is None:
            errors[f"{part}-{place}"] = _NUMBER
    is_chosen = Part.VALUE in PARTS[what]
    return Condition(
        what,
        is_not=bool(form.text(f"not-{row}")),
        least=numbers[Part.LEAST],
        most=numbers[Part.MOST],
        days=numbers[Part.DAYS],
        value=clean_line(form.text(f"{what}-{row}")) if is_chosen else "",
    )


class UseForm(BaseModel):
    """What the list is opened for."""

    SENTENCES: ClassVar[dict[str, str]] = {"purpose": NO_PURPOSE}

    kind: UseKind = Field(UseKind.LIST, title=mark("Kind of use"))
    purpose: Annotated[
        str,
        Field(title=mark("What for"), min_length=SHORTEST_PURPOSE, max_length=LONGEST_PURPOSE),
    ]


class ExportForm(BaseModel):
    """What the file is for, and how it is made."""

    SENTENCES: ClassVar[dict[str, str]] = {"reason": NO_PURPOSE}

    reason: Annotated[
        str,
        Field(title=mark("What for"), min_length=SHORTEST_PURPOSE, max_length=LONGEST_PURPOSE),
    ]
    format: Format = Field(Format.XLSX, title=mark("Format"))
    clear: bool = False
