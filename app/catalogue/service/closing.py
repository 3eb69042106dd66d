"""Editing how matters are closed: the review of replies, call-backs, the sample; first filling.

What a reply was reviewed by stays in its history; an edit here reaches the next review only.
"""

import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import CatalogueSetting, Category, ReviewItem
from app.catalogue.queries.shelf import FOLLOW_UPS_KEY
from app.catalogue.rules import FollowUps, ReviewKind
from app.catalogue.service.revising import Edit, created, get_for_edit, require, revising
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

_CODE: Final = re.compile(r"[a-z0-9_.-]{2,48}")
_MOST_NAME: Final = 120
_MOST_NAME_EN: Final = 200
_BOUNDS: Final = {"attempts": (1, 10), "wait_hours": (0, 72), "share": (0, 100)}


@dataclass(frozen=True, slots=True)
class ReviewDraft:
    """What an administrator fills in about one item."""

    code: str
    kind: ReviewKind
    name: str
    name_en: str = ""
    position: int = 0


def add_review_item(session: Session, draft: ReviewDraft, *, edit: Edit) -> ReviewItem:
    """Add a point of the checklist or an evasive phrase.

    Raises:
        ForbiddenError, InvalidError: may not; a field cannot be accepted.
    """
    require(edit)
    _check(session, draft, own_id=None)
    item = ReviewItem()
    _fill(item, draft)
    created(session, item, edit)
    return item


def change_review_item(
    session: Session, item_id: int, draft: ReviewDraft, *, version: int, edit: Edit
) -> ReviewItem:
    """Change an item for the reviews from now on; it is no sample any more.

    Raises:
        ForbiddenError, NotFoundError, ConflictError, InvalidError: may not; gone;
            changed meanwhile; a field cannot be accepted.
    """
    item = get_for_edit(session, ReviewItem, item_id, version, edit)
    if draft.code != item.code:
        raise InvalidError(fields={"code": mark("The code of an item never changes.")})
    _check(session, draft, own_id=item_id)
    with revising(session, item, edit):
        _fill(item, draft)
        item.is_sample = False
    return item


def set_review_item_active(
    session: Session, item_id: int, *, is_active: bool, version: int, edit: Edit
) -> ReviewItem:
    """Switch an item off, or on again.

    Raises:
        ForbiddenError, NotFoundError, ConflictError: may not; gone; changed meanwhile.
    """
    item = get_for_edit(session, ReviewItem, item_id, version, edit)
    with revising(session, item, edit):
        item.is_active = is_active
    return item


def set_follow_ups(session: Session, wanted: FollowUps, *, edit: Edit) -> None:
    """Say how often is called, how far apart, and what share of silent closures is drawn.

    Raises:
        ForbiddenError, InvalidError: may not; a number is out of bounds.
    """
    require(edit)
    values = asdict(wanted)
    wrong = {
        name: mark("This number is out of bounds.")
        for name, (least, most) in _BOUNDS.items()
        if not least <= values[name] <= most
    }
    if wrong:
        raise InvalidError(fields=wrong)
    known = select(CatalogueSetting).where(CatalogueSetting.key == FOLLOW_UPS_KEY)
    setting = session.scalar(known.with_for_update())
    if setting is None:
        created(session, CatalogueSetting(key=FOLLOW_UPS_KEY, value=values), edit)
        return
    with revising(session, setting, edit):
        setting.value = values


def seed_closing(session: Session, *, now: datetime) -> int:
    """Fill the review and the evidence of categories once; every value shipped is a sample ([S]).

    Gives the number of items added: none where there are some already.
    """
    if session.scalar(select(ReviewItem.id).limit(1)) is not None:
        return 0
    shipped: dict[str, Any] = json.loads(
        files("app.catalogue.data").joinpath("closing.json").read_text(encoding="utf-8")
    )
    edit = Edit(now=now, actor=None, note="shipped")
    for position, entry in enumerate(shipped["review"], start=1):
        kind = ReviewKind(entry.pop("kind"))
        created(session, ReviewItem(kind=kind, position=position, is_sample=True, **entry), edit)
    for code, proofs in shipped["proofs"].items():
        category = session.scalar(select(Category).where(Category.code == code))
        if category is not None and not category.proofs:
            with revising(session, category, edit):
                category.proofs = proofs
    return len(shipped["review"])


def _fill(item: ReviewItem, draft: ReviewDraft) -> None:
    item.code, item.kind, item.position = draft.code, draft.kind, draft.position
    item.name, item.name_en = draft.name, draft.name_en


def _check(session: Session, draft: ReviewDraft, *, own_id: int | None) -> None:
    fields: dict[str, str] = {}
    if not _CODE.fullmatch(draft.code):
        fields["code"] = mark("A code is 2 to 48 small letters, digits, dots or hyphens.")
    elif session.scalar(_owner_of(draft.code)) not in (None, own_id):
        fields["code"] = mark("Another item has this code.")
    if not draft.name:
        fields["name"] = mark("Please enter the text.")
    for name, longest in (("name", _MOST_NAME), ("name_en", _MOST_NAME_EN)):
        if len(getattr(draft, name)) > longest:
            fields[name] = mark("This is too long.")
    if fields:
        raise InvalidError(fields=fields)


def _owner_of(code: str) -> Any:  # noqa: ANN401  # a Select of one column, which mypy names at length
    return select(ReviewItem.id).where(ReviewItem.code == code)
