"""Editing the tree of categories.

Ids and codes stay for ever; a category that is no longer wanted is switched off.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import Category
from app.catalogue.rules import CaseKind, ProofKind, Urgency
from app.catalogue.service.revising import Edit, created, get_for_edit, require, revising
from app.kernel import pinyin
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark

MOST_LEVELS: Final = 2
_CODE: Final = re.compile(r"[A-Z0-9]{2,16}")
_LONGEST: Final = {"name": 60, "name_en": 120, "hint": 300, "hint_en": 300}


@dataclass(frozen=True, slots=True)
class CategoryDraft:
    """What an administrator fills in."""

    code: str
    name: str
    name_en: str = ""
    hint: str = ""
    hint_en: str = ""
    kinds: tuple[CaseKind, ...] = ()
    may_be_anonymous: bool = True
    on_portal: bool = True
    confidential: bool = False
    default_urgency: Urgency = Urgency.NORMAL
    position: int = 0
    proofs: tuple[ProofKind, ...] = ()


def spell(name: str) -> tuple[str, str]:
    """Pinyin initials and pinyin of a name, lower case: ("ldzm", "lu deng zhao ming").

    The reading is the common one; a heteronym may come out wrong, which costs a
    clerk one more key and no citizen anything.
    """
    kept = re.sub(r"[^\w]", "", name)
    initials = "".join(pinyin.first_letters(kept)).lower()
    return initials[:60], " ".join(pinyin.syllables(kept)).lower()[:300]


def add_category(
    session: Session, draft: CategoryDraft, *, parent_id: int | None, edit: Edit
) -> Category:
    """Add an entry under a parent, or at the first level.

    Raises:
        ForbiddenError, NotFoundError, InvalidError: see `Edit`; the parent is gone; a
            field cannot be accepted.
    """
    require(edit)
    level = 1
    if parent_id is not None:
        parent = session.get(Category, parent_id)
        if parent is None:
            raise NotFoundError(mark("There is no such category."))
        level = parent.level + 1
        if level > MOST_LEVELS or not parent.is_active:
            raise InvalidError(mark("Nothing can be added under this category."))
    _check(session, draft, own_id=None, parent_id=parent_id)
    category = Category(parent_id=parent_id, level=level, code=draft.code)
    _fill(category, draft)
    created(session, category, edit)
    return category


def change_category(
    session: Session, category_id: int, draft: CategoryDraft, *, version: int, edit: Edit
) -> Category:
    """Change what a category says; running cases keep the name they copied.

    Raises:
        ForbiddenError, NotFoundError, ConflictError, InvalidError: may not; gone;
            changed meanwhile; a field cannot be accepted.
    """
    category = get_for_edit(session, Category, category_id, version, edit)
    if draft.code != category.code:
        raise InvalidError(fields={"code": mark("The code of a category never changes.")})
    _check(session, draft, own_id=category_id, parent_id=category.parent_id)
    with revising(session, category, edit):
        _fill(category, draft)
    return category


def set_category_active(
    session: Session, category_id: int, *, is_active: bool, version: int, edit: Edit
) -> Category:
    """Switch a category off, or on again.

    Raises:
        ForbiddenError, NotFoundError, ConflictError: may not; gone; changed meanwhile.
        InvalidError: active entries stand under it, or its parent is switched off.
    """
    category = get_for_edit(session, Category, category_id, version, edit)
    if is_active:
        _require_active_parent(session, category)
    elif _has_active_children(session, category_id):
        raise InvalidError(
            mark("There are active categories under this one. Please switch those off first.")
        )
    with revising(session, category, edit):
        category.is_active = is_active
    return category


def _fill(category: Category, draft: CategoryDraft) -> None:
    category.name, category.name_en = draft.name, draft.name_en
    category.hint, category.hint_en = draft.hint, draft.hint_en
    category.initials, category.pinyin = spell(draft.name)
    category.kinds = [kind for kind in CaseKind if kind in draft.kinds]
    category.may_be_anonymous = draft.may_be_anonymous
    category.on_portal = draft.on_portal
    category.confidential = draft.confidential
    category.default_urgency = draft.default_urgency
    category.position = draft.position
    category.proofs = [proof for proof in ProofKind if proof in draft.proofs]


def _check(
    session: Session, draft: CategoryDraft, *, own_id: int | None, parent_id: int | None
) -> None:
    fields = _too_long(draft)
    if not _CODE.fullmatch(draft.code):
        fields["code"] = mark("A code is 2 to 16 capital letters or digits.")
    elif _is_taken(session, draft.code, own_id):
        fields["code"] = mark("Another category has this code.")
    if not draft.name:
        fields["name"] = mark("Please enter a name.")
    elif draft.name in _siblings(session, parent_id, own_id):
        fields["name"] = mark("Another category beside this one has this name.")
    if not draft.kinds:
        fields["kinds"] = mark("Please choose at least one kind of matter.")
    if fields:
        raise InvalidError(fields=fields)


def _too_long(draft: CategoryDraft) -> dict[str, str]:
    return {
        name: mark("This is too long.")
        for name, longest in _LONGEST.items()
        if len(getattr(draft, name)) > longest
    }


def _is_taken(session: Session, code: str, own_id: int | None) -> bool:
    found = session.scalar(select(Category.id).where(Category.code == code))
    return found is not None and found != own_id


def _siblings(session: Session, parent_id: int | None, own_id: int | None) -> Sequence[str]:
    statement = select(Category.name).where(
        Category.parent_id.is_(None) if parent_id is None else Category.parent_id == parent_id
    )
    if own_id is not None:
        statement = statement.where(Category.id != own_id)
    return session.scalars(statement).all()


def _has_active_children(session: Session, category_id: int) -> bool:
    statement = select(Category.id).where(Category.parent_id == category_id, Category.is_active)
    return session.scalar(statement.limit(1)) is not None


def _require_active_parent(session: Session, category: Category) -> None:
    if category.parent_id is None:
        return
    parent = session.get_one(Category, category.parent_id)
    if not parent.is_active:
        raise InvalidError(mark("Its parent is switched off. Please switch that on first."))
