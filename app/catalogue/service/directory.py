"""Editing the dispatch directory: an ordered list, the first line that fits wins.

Every move and change is a revision; what was dispatched before stays where it is.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.catalogue.models import Category, DispatchRule
from app.catalogue.service.revising import Edit, created, get_for_edit, require, revising
from app.departments.models import Unit
from app.departments.rules import UnitKind, is_region_code, may_lead
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

_MOST_BASIS: Final = 300
_GRASSROOTS: Final = frozenset({UnitKind.STREET, UnitKind.COMMUNITY})


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """What an administrator fills in; no category means every category, no region everywhere."""

    category_id: int | None
    region_code: str
    unit_id: int
    basis: str = ""


def add_rule(
    session: Session, draft: RuleDraft, *, edit: Edit, before_id: int | None = None
) -> DispatchRule:
    """Add a line before another one, or at the end.

    Raises:
        ForbiddenError, InvalidError: may not; a field cannot be accepted.
    """
    require(edit)
    _check(session, draft)
    rule = DispatchRule(
        position=_place_before(session, before_id),
        category_id=draft.category_id,
        region_code=draft.region_code,
        unit_id=draft.unit_id,
        basis=draft.basis,
    )
    created(session, rule, edit)
    return rule


def change_rule(
    session: Session, rule_id: int, draft: RuleDraft, *, version: int, edit: Edit
) -> DispatchRule:
    """Change a line where it stands.

    Raises:
        ForbiddenError, NotFoundError, ConflictError, InvalidError: may not; gone;
            changed meanwhile; a field cannot be accepted.
    """
    rule = get_for_edit(session, DispatchRule, rule_id, version, edit)
    _check(session, draft)
    with revising(session, rule, edit):
        rule.category_id = draft.category_id
        rule.region_code = draft.region_code
        rule.unit_id = draft.unit_id
        rule.basis = draft.basis
    return rule


def set_rule_active(
    session: Session, rule_id: int, *, is_active: bool, version: int, edit: Edit
) -> DispatchRule:
    """Switch a line off, or on again.

    Raises:
        ForbiddenError, NotFoundError, ConflictError: may not; gone; changed meanwhile.
    """
    rule = get_for_edit(session, DispatchRule, rule_id, version, edit)
    with revising(session, rule, edit):
        rule.is_active = is_active
    return rule


def move_rule(
    session: Session, rule_id: int, *, is_up: bool, version: int, edit: Edit
) -> DispatchRule:
    """Let a line change places with the one above or below; at the end nothing happens.

    Raises:
        ForbiddenError, NotFoundError, ConflictError: may not; gone; changed meanwhile.
    """
    rule = get_for_edit(session, DispatchRule, rule_id, version, edit)
    beyond = DispatchRule.position < rule.position if is_up else (
        DispatchRule.position > rule.position
    )  # fmt: skip
    order = DispatchRule.position.desc() if is_up else DispatchRule.position.asc()
    neighbour = session.scalar(select(DispatchRule).where(beyond).order_by(order).limit(1))
    if neighbour is None:
        return rule
    here, there = rule.position, neighbour.position
    with revising(session, neighbour, edit):
        neighbour.position = here
    with revising(session, rule, edit):
        rule.position = there
    return rule


def _place_before(session: Session, before_id: int | None) -> int:
    before = session.get(DispatchRule, before_id) if before_id is not None else None
    if before is None:
        return (session.scalar(select(func.max(DispatchRule.position))) or 0) + 1
    position = before.position
    # Row by row: the version of each must rise, or two editors would cross unseen.
    for later in session.scalars(
        select(DispatchRule)
        .where(DispatchRule.position >= position)
        .order_by(DispatchRule.position.desc())
    ):
        later.position += 1
    return position


def _check(session: Session, draft: RuleDraft) -> None:
    fields: dict[str, str] = {}
    unit = session.get(Unit, draft.unit_id)
    if unit is None or not unit.is_active:
        fields["unit_id"] = mark("Please choose a unit that is in service.")
    elif not may_lead(unit.kind):
        fields["unit_id"] = mark("A crew gets its work from its unit, not from the directory.")
    elif unit.kind in _GRASSROOTS and not draft.basis:
        # Rulebook §2.3.4: departments' matters are not passed down to the grassroots.
        fields["basis"] = mark("Please say which duty list gives this to a street or community.")
    if not is_region_code(draft.region_code):
        fields["region_code"] = mark("A region code has 2, 4, 6, 9 or 12 digits, or is empty.")
    if draft.category_id is not None and session.get(Category, draft.category_id) is None:
        fields["category_id"] = mark("There is no such category.")
    if len(draft.basis) > _MOST_BASIS:
        fields["basis"] = mark("This is too long.")
    if fields:
        raise InvalidError(fields=fields)
