"""What became different from one version of a service item to the next, field by field.

Pure; fields, materials and questions are compared as a file for exchange would hold them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.service_items.rules.columns import ITEM_COLUMNS, MATERIAL_COLUMNS, QUESTION_COLUMNS
from app.service_items.rules.content import Content, Material, Question
from app.service_items.rules.written import item_row, material_row, question_row, spoken

PartT = TypeVar("PartT", Material, Question)


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs; `part` names the material or question it belongs to.

    `field` is the column, `heading` its Chinese name. One side is empty where the whole part
    came or went.
    """

    part: str
    field: str
    heading: str
    before: str
    after: str


def changes(before: Content, after: Content) -> tuple[Change, ...]:
    """Every field in which two versions differ, in the order of the columns."""
    return (
        *_compared("", item_row(before), item_row(after), ITEM_COLUMNS),
        *_parts(before.materials, after.materials, material_row, MATERIAL_COLUMNS),
        *_parts(before.questions, after.questions, question_row, QUESTION_COLUMNS),
    )


def _compared(
    part: str, old: Mapping[str, object], new: Mapping[str, object], columns: Mapping[str, str]
) -> Iterator[Change]:
    for name, heading in columns.items():
        was, now = str(spoken(old.get(name))), str(spoken(new.get(name)))
        if was != now:
            yield Change(part, name, heading, was, now)


def _parts(
    before: Sequence[PartT],
    after: Sequence[PartT],
    row_of: Callable[[PartT], dict[str, object]],
    columns: Mapping[str, str],
) -> Iterator[Change]:
    old: dict[str, PartT] = {one.key: one for one in before}
    new: dict[str, PartT] = {one.key: one for one in after}
    for key in [*old, *(key for key in new if key not in old)]:
        was, now = old.get(key), new.get(key)
        named = was or now
        if named is None:
            continue
        yield from _compared(
            _name(named), row_of(was) if was else {}, row_of(now) if now else {}, columns
        )


def _name(part: Material | Question) -> str:
    return part.name.zh if isinstance(part, Material) else part.label.zh
