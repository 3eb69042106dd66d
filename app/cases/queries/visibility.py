"""Which cases a person may know about; every read of a case starts here.

Answers as SQL conditions only. Invisible and absent look the same above.
"""

from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    exists,
    false,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Grant, Permission, Scope
from app.cases.complaint_models import CaseRecusal
from app.cases.kinds import AccessRole
from app.cases.models import Case, CaseAccess, CaseAccused
from app.departments.models import Unit


@lru_cache(maxsize=512)
def visible_to(actor: Actor) -> Select[Case]:
    """Cases the actor may know about, as entities."""
    return select(Case).where(visible_clause(actor))


@lru_cache(maxsize=512)  # the same for every request of one person with the same appointments
def visible_clause(actor: Actor) -> ColumnElement[bool]:
    """The condition behind `visible_to`, for lists that select columns.

    An appointment reaches a case by its scope; a unit that had the case keeps
    seeing it (up to the end of its period: `sight_ends`). Confidential cases
    need an appointment cleared for them, or the case in one's own hands. A matter about
    oneself or the unit one stands under is never seen.
    """
    if actor.is_system:
        return true()
    grants = actor.grants_for(Permission.CASE_READ)
    if not grants:
        return false()
    return and_(or_(*(_through(grant, actor) for grant in grants)), not_about(actor))


def not_about(actor: Actor) -> ColumnElement[bool]:
    """Cases that are not about this person, their units, or the units they stand under.

    Nor such from which the person stepped back. A subquery on two small tables: lists and
    figures keep the indexes they are read from.
    """
    return Case.id.not_in(_kept_from(actor))


def is_somebody_accused(session: Session, actor: Actor) -> bool:
    """Whether any matter is kept from this person, so that figures must spare it."""
    return session.execute(_kept_from(actor).limit(1)).first() is not None


def _kept_from(actor: Actor) -> CompoundSelect[int]:
    return union_all(
        select(CaseAccused.case_id).where(_about(actor)),
        select(CaseRecusal.case_id).where(CaseRecusal.staff_id == actor.id),
    )


def _about(actor: Actor) -> ColumnElement[bool]:
    return or_(CaseAccused.unit_id.in_(actor.line_ids), CaseAccused.staff_id == actor.id)


def _through(grant: Grant, actor: Actor) -> ColumnElement[bool]:
    reach = _reach(grant, actor)
    if grant.may_see_confidential:
        return reach
    return and_(reach, or_(Case.is_confidential.is_(False), Case.handler_id == actor.id))


def _reach(grant: Grant, actor: Actor) -> ColumnElement[bool]:
    match grant.scope:
        case Scope.ALL:
            return true()
        case Scope.REGION:
            return Case.region_code.startswith(grant.region_code)
        case Scope.SUBTREE:
            subtree = select(Unit.id).where(Unit.path.startswith(grant.unit_path))
            return or_(Case.unit_id.in_(subtree), _had(CaseAccess.unit_id.in_(subtree)))
        case Scope.UNIT:
            return or_(Case.unit_id == grant.unit_id, _had(CaseAccess.unit_id == grant.unit_id))
        case Scope.SELF:
            return Case.handler_id == actor.id


def _had(units: ColumnElement[bool]) -> ColumnElement[bool]:
    # A unit that assists sees the matter while it does, and not a day longer.
    in_its_time = or_(CaseAccess.role != AccessRole.ASSISTING, CaseAccess.to_at.is_(None))
    return exists().where(CaseAccess.case_id == Case.id, units, in_its_time)


def sees_only_own_period(actor: Actor, *, unit_id: int, unit_path: str) -> bool:
    """Whether the actor's sight of the case rests on a period that may be over."""
    if actor.is_system:
        return False
    for grant in actor.grants_for(Permission.CASE_READ):
        if grant.scope in (Scope.ALL, Scope.REGION, Scope.SELF):
            return False
        if grant.scope is Scope.UNIT and grant.unit_id == unit_id:
            return False
        if grant.scope is Scope.SUBTREE and unit_path.startswith(grant.unit_path):
            return False
    return True
