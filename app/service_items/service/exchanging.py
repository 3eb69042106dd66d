"""Taking items over from a file and giving them out; the shipped samples are such a file, too.

What is there already with the same words is left alone; what differs becomes a new version.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from importlib.resources import files
from typing import Any, Final

from sqlalchemy.orm import Session

from app.catalogue.service.revising import Edit, require
from app.departments import queries as departments
from app.kernel.errors import InvalidError
from app.kernel.messages import mark
from app.service_items import queries
from app.service_items.rules import Content, ItemVersion
from app.service_items.rules.written import (
    ReadItem,
    item_row,
    material_row,
    plain,
    question_row,
    read_item,
)
from app.service_items.service.editing import (
    Part,
    add_item,
    check_new,
    open_draft,
    save_draft,
)
from app.service_items.service.publishing import check_days, publish

FORMAT: Final = "civicwindow-service-items"
MOST_ITEMS: Final = 5000
_DATA: Final = "app.service_items.data"
_NOT_OURS: Final = mark("This is no file of service items.")


class Fate(StrEnum):
    """What becomes of an item of a file."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One item of a file: what becomes of it, and a sentence (msgid) per field that is wrong."""

    number: int
    code: str
    name: str
    fate: Fate
    is_draft: bool = False
    errors: Mapping[str, str] | None = None


def read_document(text: str) -> list[ReadItem]:
    """The items of a JSON document.

    Raises:
        InvalidError: it is no such document, or holds too many.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise InvalidError(fields={"file": _NOT_OURS}) from error
    items = document.get("items") if isinstance(document, dict) else None
    if not isinstance(items, list) or document.get("format") != FORMAT:
        raise InvalidError(fields={"file": _NOT_OURS})
    if len(items) > MOST_ITEMS:
        raise InvalidError(fields={"file": mark("These are too many rows. Divide the list.")})
    return [_read(item) for item in items if isinstance(item, dict)]


def written(versions: Iterable[ItemVersion]) -> str:
    """These versions as a JSON document that `read_document` reads back."""
    items = [
        {
            **codes_of(version),
            **item_row(version.content),
            "materials": [material_row(one) for one in version.content.materials],
            "questions": [question_row(one) for one in version.content.questions],
        }
        for version in versions
    ]
    return json.dumps({"format": FORMAT, "items": items}, ensure_ascii=False, indent=1)


def codes_of(version: ItemVersion) -> dict[str, object]:
    """The codes and days of a version by column."""
    return {
        "code": version.code,
        "basic_code": version.basic_code,
        "valid_from": version.valid_from.isoformat() if version.valid_from else None,
        "valid_to": version.valid_to.isoformat() if version.valid_to else None,
    }


def foresee(session: Session, items: Sequence[ReadItem], *, today: date) -> list[Outcome]:
    """What would become of each item; nothing is written."""
    doubles = _doubles(items)
    return [
        _foreseen(session, number, item, today, is_double=number in doubles)
        for number, item in enumerate(items, start=1)
    ]


def take_over(
    session: Session, items: Sequence[ReadItem], *, today: date, edit: Edit
) -> list[Outcome]:
    """Take over what can be; items with a first day are published, the others wait as drafts.

    Raises:
        ForbiddenError: the editor may not manage the catalogue.
    """
    require(edit)
    outcomes = foresee(session, items, today=today)
    for outcome, item in zip(outcomes, items, strict=True):
        if outcome.fate is Fate.NEW:
            _set_in_force(session, _added(session, item, edit), item, today, edit)
        elif outcome.fate is Fate.CHANGED:
            _set_in_force(session, _changed(session, item, edit), item, today, edit)
    return outcomes


def seed(session: Session, *, now: datetime) -> int:
    """Add the shipped sample items whose codes are missing; gives how many were added.

    A unit this house does not have is left out of them.
    """
    edit = Edit(now=now, actor=None, note="shipped")
    text = files(_DATA).joinpath("samples.json").read_text(encoding="utf-8")
    known = queries.keys_by_code(session)
    missing = [item for item in read_document(text) if item.code not in known]
    for item in missing:
        content = _of_this_house(session, item.content)
        version_id = _added(session, replace(item, content=content), edit, is_sample=True)
        _set_in_force(session, version_id, item, now.date(), edit)
    return len(missing)


def _read(item: Mapping[str, Any]) -> ReadItem:
    return read_item(_cells(item), _rows(item.get("materials")), _rows(item.get("questions")))


def _rows(parts: object) -> list[dict[str, str]]:
    several = parts if isinstance(parts, list) else []
    return [_cells(part) for part in several if isinstance(part, dict)]


def _cells(row: Mapping[str, Any]) -> dict[str, str]:
    parts = ("materials", "questions")
    return {name: plain(value) for name, value in row.items() if name not in parts}


def _doubles(items: Sequence[ReadItem]) -> set[int]:
    seen: set[str] = set()
    found = set()
    for number, item in enumerate(items, start=1):
        if item.code in seen:
            found.add(number)
        seen.add(item.code)
    return found


def _foreseen(
    session: Session, number: int, item: ReadItem, today: date, *, is_double: bool
) -> Outcome:
    is_draft = item.valid_from is None
    item_id = queries.keys_by_code(session).get(item.code)
    errors = dict(item.errors)
    if is_double:
        errors["code"] = mark("This code stands twice in the file.")
    newest = queries.newest_of(session, item_id) if item_id is not None else None
    if newest is not None and not errors and _same(newest.content, item.content):
        return Outcome(number, item.code, item.content.name.zh, Fate.SAME)
    errors = check_new(session, item.content, item.code, item.basic_code, item_id) | errors
    if item.valid_from is not None:
        before = queries.last_published(session, item_id) if item_id is not None else None
        errors |= check_days(item.valid_from, item.valid_to, before, today)
    fate = Fate.NEW if item_id is None else Fate.CHANGED
    return Outcome(
        number,
        item.code,
        item.content.name.zh,
        Fate.REFUSED if errors else fate,
        is_draft,
        errors,
    )


def _same(one: Content, other: Content) -> bool:
    return _bare(one) == _bare(other)


def _bare(content: Content) -> Content:
    """Without what no file of exchange holds: keys and examples."""
    return replace(
        content,
        materials=tuple(replace(m, id=0, file="", file_type="") for m in content.materials),
    )


def _added(session: Session, item: ReadItem, edit: Edit, *, is_sample: bool = False) -> int:
    return add_item(
        session,
        item.content,
        code=item.code,
        basic_code=item.basic_code,
        edit=edit,
        is_sample=is_sample,
    )


def _changed(session: Session, item: ReadItem, edit: Edit) -> int:
    version_id = open_draft(session, queries.keys_by_code(session)[item.code], edit=edit)
    content = _with_examples(item.content, queries.get_version(session, version_id).content)
    for part in (Part.QUESTIONS, Part.MATERIALS, Part.FIELDS):
        lock = queries.get_version(session, version_id).lock
        save_draft(session, version_id, content, part=part, lock=lock, edit=edit)
    return version_id


def _with_examples(content: Content, before: Content) -> Content:
    """The content with the examples its materials had under the same short names."""
    had = {material.key: material for material in before.materials}
    return replace(
        content,
        materials=tuple(
            replace(m, file=had[m.key].file, file_type=had[m.key].file_type) if m.key in had else m
            for m in content.materials
        ),
    )


def _set_in_force(
    session: Session, version_id: int, item: ReadItem, today: date, edit: Edit
) -> None:
    if item.valid_from is None:
        return
    publish(
        session,
        version_id,
        valid_from=item.valid_from,
        valid_to=item.valid_to,
        today=today,
        lock=queries.get_version(session, version_id).lock,
        edit=edit,
    )


def _of_this_house(session: Session, content: Content) -> Content:
    unit = departments.find_by_code(session, content.unit_code) if content.unit_code else None
    return content if unit is not None else replace(content, unit_code="")
