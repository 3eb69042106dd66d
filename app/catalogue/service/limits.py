"""Editing time limits and choosing the profile in force.

A limit is copied on to a clock when it starts; editing here never rewrites history.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars.rules import LimitUnit
from app.catalogue.models import CatalogueSetting, Category, TimeLimit
from app.catalogue.queries.shelf import DEFAULT_PROFILE, PROFILE_KEY, limit_row
from app.catalogue.rules import CLOCK_KINDS, COMMON_PROFILE, BasisLevel, CaseKind, Urgency, gaps
from app.catalogue.service.revising import Edit, created, get_for_edit, require, revising
from app.departments.rules import is_region_code
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

_CODE: Final = re.compile(r"[a-z0-9_.-]{2,48}")
_MINUTES_PER_HOUR: Final = 60
_MOST: Final = 9999
_MOST_BASIS: Final = 300


@dataclass(frozen=True, slots=True)
class LimitDraft:
    """What an administrator fills in; see `TimeLimit` for the meaning of None."""

    profile: str
    code: str
    clock_kind: str
    unit: LimitUnit
    value: int
    basis_text: str
    basis_level: BasisLevel
    minutes: int = 0
    case_kind: CaseKind | None = None
    category_id: int | None = None
    urgency: Urgency | None = None
    region_code: str = ""
    close_of_business: bool = False
    is_sample: bool = False
    valid_from: date | None = None
    valid_to: date | None = None


def add_limit(session: Session, draft: LimitDraft, *, edit: Edit) -> TimeLimit:
    """Add a limit; clocks that start from now on may choose it.

    Raises:
        ForbiddenError, InvalidError: may not; a field cannot be accepted.
    """
    require(edit)
    _check(session, draft)
    limit = TimeLimit()
    _fill(limit, draft)
    created(session, limit, edit)
    return limit


def change_limit(
    session: Session, limit_id: int, draft: LimitDraft, *, version: int, on: date, edit: Edit
) -> TimeLimit:
    """Change a limit for clocks that start from now on.

    Raises:
        ForbiddenError, NotFoundError, ConflictError: may not; gone; changed meanwhile.
        InvalidError: a field cannot be accepted, or some clock would have no limit on `on`.
    """
    limit = get_for_edit(session, TimeLimit, limit_id, version, edit)
    _check(session, draft)
    already = _count_gaps(session, limit.profile, on)
    with revising(session, limit, edit):
        _fill(limit, draft)
    _refuse_new_gaps(session, limit.profile, on, already)
    return limit


def set_limit_active(
    session: Session, limit_id: int, *, is_active: bool, version: int, on: date, edit: Edit
) -> TimeLimit:
    """Switch a limit off, or on again.

    Raises:
        ForbiddenError, NotFoundError, ConflictError: may not; gone; changed meanwhile.
        InvalidError: some clock would have no limit on `on`.
    """
    limit = get_for_edit(session, TimeLimit, limit_id, version, edit)
    already = _count_gaps(session, limit.profile, on)
    with revising(session, limit, edit):
        limit.is_active = is_active
    _refuse_new_gaps(session, limit.profile, on, already)
    return limit


def activate_profile(session: Session, profile: str, *, on: date, edit: Edit) -> None:
    """Put a profile in force for clocks that start from now on.

    Raises:
        ForbiddenError: the actor may not manage the catalogue.
        InvalidError: there is no such profile, or it leaves some clock without a limit.
    """
    require(edit)
    if profile == COMMON_PROFILE or profile not in list_profiles(session):
        raise InvalidError(mark("There is no such profile of time limits."))
    if _count_gaps(session, profile, on):
        raise InvalidError(mark("This profile leaves some step without a time limit."))
    setting = session.scalar(select(CatalogueSetting).where(CatalogueSetting.key == PROFILE_KEY))
    if setting is None:
        created(session, CatalogueSetting(key=PROFILE_KEY, value={"profile": profile}), edit)
        return
    with revising(session, setting, edit):
        setting.value = {"profile": profile}


def list_profiles(session: Session) -> list[str]:
    """The profiles that have rows of their own, the shipped default first."""
    statement = select(TimeLimit.profile).where(TimeLimit.profile != COMMON_PROFILE).distinct()
    return sorted(session.scalars(statement), key=lambda name: (name != DEFAULT_PROFILE, name))


def _fill(limit: TimeLimit, draft: LimitDraft) -> None:
    limit.profile, limit.code, limit.clock_kind = draft.profile, draft.code, draft.clock_kind
    limit.case_kind, limit.category_id = draft.case_kind, draft.category_id
    limit.urgency, limit.region_code = draft.urgency, draft.region_code
    limit.unit, limit.value, limit.minutes = draft.unit, draft.value, draft.minutes
    limit.close_of_business = draft.close_of_business
    limit.basis_text, limit.basis_level = draft.basis_text, draft.basis_level
    limit.is_sample = draft.is_sample
    limit.valid_from, limit.valid_to = draft.valid_from, draft.valid_to


def _check(session: Session, draft: LimitDraft) -> None:
    fields = {**_check_scope(session, draft), **_check_length(draft), **_check_ground(draft)}
    if fields:
        raise InvalidError(fields=fields)


def _check_scope(session: Session, draft: LimitDraft) -> dict[str, str]:
    fields: dict[str, str] = {}
    if not _CODE.fullmatch(draft.code):
        fields["code"] = mark("A code is 2 to 48 small letters, digits, dots or hyphens.")
    if draft.clock_kind not in CLOCK_KINDS:
        fields["clock_kind"] = mark("Please choose a step.")
    if draft.profile not in (COMMON_PROFILE, *list_profiles(session)):
        fields["profile"] = mark("There is no such profile of time limits.")
    if draft.category_id is not None and session.get(Category, draft.category_id) is None:
        fields["category_id"] = mark("There is no such category.")
    if not is_region_code(draft.region_code):
        fields["region_code"] = mark("A region code has 2, 4, 6, 9 or 12 digits, or is empty.")
    return fields


def _check_length(draft: LimitDraft) -> dict[str, str]:
    fields: dict[str, str] = {}
    if not 0 <= draft.value <= _MOST or draft.value + draft.minutes <= 0:
        fields["value"] = mark("Please enter a whole number above zero.")
    if not 0 <= draft.minutes < _MINUTES_PER_HOUR:
        fields["minutes"] = mark("Minutes run from 0 to 59.")
    elif draft.minutes and not draft.unit.is_duration:
        fields["minutes"] = mark("Only limits in hours can have minutes.")
    if draft.close_of_business and draft.unit.is_duration:
        fields["close_of_business"] = mark("Only limits in days can end at close of business.")
    return fields


def _check_ground(draft: LimitDraft) -> dict[str, str]:
    fields: dict[str, str] = {}
    if not draft.basis_text:
        fields["basis_text"] = mark("Please say what this limit is based on.")
    elif len(draft.basis_text) > _MOST_BASIS:
        fields["basis_text"] = mark("This is too long.")
    if draft.is_sample and draft.basis_level is not BasisLevel.SYSTEM:
        # Rulebook: a sample value must never be shown as a legal limit.
        fields["basis_level"] = mark("A sample value cannot claim a law or a decree as its basis.")
    if draft.valid_from and draft.valid_to and draft.valid_to < draft.valid_from:
        fields["valid_to"] = mark("The last day lies before the first.")
    return fields


def _count_gaps(session: Session, profile: str, on: date) -> int:
    rows = [limit_row(row) for row in session.scalars(select(TimeLimit).where(TimeLimit.is_active))]
    profiles = list_profiles(session) if profile == COMMON_PROFILE else [profile]
    return sum(len(gaps(rows, profile=name, on=on)) for name in profiles)


def _refuse_new_gaps(session: Session, profile: str, on: date, already: int) -> None:
    session.flush()
    if _count_gaps(session, profile, on) > already:
        raise InvalidError(
            mark("This would leave some step without a time limit. Please add its successor first.")
        )
