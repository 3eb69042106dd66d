"""Writing facility types: what only repairs need of a category; a new type brings its category.

Names, limits and the directory are kept in the catalogue. Repairs that run keep what they copied.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import Category
from app.catalogue.rules import CaseKind, Named
from app.catalogue.service import CategoryDraft, Edit, add_category
from app.catalogue.service.revising import require
from app.facilities.models import FacilityType
from app.facilities.rules import (
    Danger,
    Form,
    Repeats,
    category_code,
    class_of,
    danger_row,
    family_of,
    form_row,
    is_type_code,
    question_rows,
    read_questions,
)
from app.kernel import audit
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.geo import MAX_RADIUS
from app.kernel.messages import mark
from app.service_items.rules import Question

_LONGEST: Final = {"owner_name": 120, "filing": 300}
_MOST_MINUTES: Final = 60 * 24 * 7
_MOST_COUNT: Final = 10_000
_MOST_DAYS: Final = 3650
_OUT_OF_BOUNDS: Final = mark("This number is out of bounds.")


@dataclass(frozen=True, slots=True)
class TypeDraft:
    """What an administrator writes of a type."""

    owner_name: Named
    filing: Named
    forms: tuple[Form, ...]
    dangers: tuple[Danger, ...]
    questions: tuple[Question, ...]
    near_radius_m: int
    needs_before: bool
    needs_after: bool
    safety_minutes: int | None
    repeats: Repeats
    is_public: bool
    is_home: bool
    is_filed_by_rule: bool


def add_type(session: Session, code: str, name: Named, *, class_name: Named, edit: Edit) -> int:
    """Add a type with its category, and its class where that is new; gives the type's key.

    Raises:
        ForbiddenError, InvalidError: may not; a sentence by field.
    """
    require(edit)
    code = code.strip().upper()
    if not is_type_code(code):
        sentence = mark("A code is class and subclass, four digits, with an E before for events.")
        raise InvalidError(fields={"code": sentence})
    if session.scalar(select(FacilityType.id).where(FacilityType.code == code)) is not None:
        raise InvalidError(fields={"code": mark("There is a type with this code.")})
    parent = _class(session, class_of(code), class_name, edit)
    category = add_category(
        session, _category(category_code(code), name), parent_id=parent, edit=edit
    )
    added = FacilityType(category_id=category.id, code=code, family=family_of(code))
    session.add(added)
    session.flush()
    _note(session, edit, "facility_type.add", added, [])
    return added.id


def save_type(
    session: Session, type_id: int, draft: TypeDraft, *, version: int, edit: Edit
) -> None:
    """Change what repairs of a type are told and asked.

    Raises:
        ForbiddenError, NotFoundError, ConflictError, InvalidError: may not; gone; changed
            meanwhile; a sentence by field.
    """
    require(edit)
    one = session.get(FacilityType, type_id, populate_existing=True)
    if one is None:
        raise NotFoundError(mark("There is no such type of facility."))
    if one.version != version:
        raise ConflictError(
            mark("Somebody else changed this entry while you were editing. Nothing was saved."),
            stored={mark("Filing conditions"): one.filing},
            fresh={"version": str(one.version)},
        )
    if errors := _wrong(draft):
        raise InvalidError(fields=errors)
    before = _values(one)
    one.owner, one.owner_en = draft.owner_name.zh, draft.owner_name.en
    one.filing, one.filing_en = draft.filing.zh, draft.filing.en
    one.forms = [form_row(form) for form in draft.forms]
    one.dangers = [danger_row(danger) for danger in draft.dangers]
    one.questions = list(question_rows(_with_bounds(draft.questions, one)))
    one.near_radius_m = draft.near_radius_m
    one.needs_before, one.needs_after = draft.needs_before, draft.needs_after
    one.safety_minutes = draft.safety_minutes
    one.repeat_count, one.repeat_days = draft.repeats.count, draft.repeats.days
    one.repeat_in_district = draft.repeats.in_district
    one.is_public, one.is_home = draft.is_public, draft.is_home
    one.is_filed_by_rule, one.is_sample = draft.is_filed_by_rule, False
    session.flush()
    changed = [name for name, value in _values(one).items() if value != before[name]]
    _note(session, edit, "facility_type.change", one, changed)


def _with_bounds(questions: Iterable[Question], one: FacilityType) -> list[Question]:
    """The questions with what their lines do not say: bounds, and on which answer they hang."""
    had = {question.key: question for question in read_questions(one.questions)}
    return [
        replace(
            question,
            condition=had[question.key].condition,
            least=had[question.key].least,
            most=had[question.key].most,
        )
        if question.key in had and had[question.key].type is question.type
        else question
        for question in questions
    ]


def _wrong(draft: TypeDraft) -> dict[str, str]:
    minutes = draft.safety_minutes
    bounds = {
        "near_radius_m": 1 <= draft.near_radius_m <= MAX_RADIUS,
        "safety_minutes": minutes is None or 1 <= minutes <= _MOST_MINUTES,
        "repeat_count": 2 <= draft.repeats.count <= _MOST_COUNT,  # noqa: PLR2004  # once is no repeat
        "repeat_in_district": 2 <= draft.repeats.in_district <= _MOST_COUNT,  # noqa: PLR2004  # as above
        "repeat_days": 1 <= draft.repeats.days <= _MOST_DAYS,
    }
    errors = {name: _OUT_OF_BOUNDS for name, holds in bounds.items() if not holds}
    for name, longest in _LONGEST.items():
        text: Named = getattr(draft, name)
        if max(len(text.zh), len(text.en)) > longest:
            errors[name] = mark("This is too long.")
    keys = [form.key for form in draft.forms] + [danger.key for danger in draft.dangers]
    if len(keys) != len(set(keys)):
        errors["dangers"] = mark("A form and a danger have the same key.")
    return errors


def _class(session: Session, code: str, name: Named, edit: Edit) -> int:
    found = session.scalar(select(Category.id).where(Category.code == category_code(code)))
    if found is not None:
        return found
    if not name.zh:
        sentence = mark("This class is new: please say what it is called.")
        raise InvalidError(fields={"class_name": sentence})
    draft = _category(category_code(code), name)
    return add_category(session, draft, parent_id=None, edit=edit).id


def _category(code: str, name: Named) -> CategoryDraft:
    return CategoryDraft(
        code=code, name=name.zh, name_en=name.en, kinds=(CaseKind.REPAIR,), on_portal=False
    )


def _values(one: FacilityType) -> dict[str, Any]:
    """What the row says, by column; not its count of changes."""
    names = (column.key for column in FacilityType.__table__.columns)
    return {name: getattr(one, name) for name in names if name != "version"}


def _note(session: Session, edit: Edit, action: str, one: FacilityType, changed: list[str]) -> None:
    details: dict[str, Any] = {"code": one.code, "fields": changed}
    subject = ("facility_type", one.id)
    audit.note(session, edit.author, action, subject, at=edit.now, details=details)
