"""Whom a step proposes where the directory has nobody: the unit that stands in, and how it is said.

No matter lies with nobody: where a line fails, the district or the intake centre is proposed.
"""

from collections.abc import Callable
from typing import Final

from sqlalchemy.orm import Session

from app.cases.kinds import Action
from app.cases.models import Case
from app.cases.rules import Field, Situation, Step
from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind, Proposal
from app.departments import queries as departments
from app.departments.queries.shelf import UnitView
from app.departments.rules import UnitKind
from app.dispatching import queries
from app.dispatching.rules import FALLBACK

_DISTRICT_DIGITS: Final = 6


def proposed(session: Session, case: Case, situation: Situation, step: Step) -> Proposal | None:
    """What the directory says; nothing where the step names no unit or nobody owns the thing."""
    is_asked = Field.UNIT in step.requires and step.action is not Action.COORDINATE
    if not is_asked or case.category_id is None:
        return None
    return catalogue.propose_unit(
        session, case.category_id, case.region_code, accused_unit_id=situation.accused_unit_id
    )


def stand_in(
    session: Session, case: Case, situation: Situation, step: Step, proposal: Proposal | None
) -> UnitView | None:
    """The unit proposed instead; None where the directory has one."""
    if step.action is Action.COORDINATE:
        return _of_the_place(session, case.region_code)
    if proposal is None or proposal.unit_id is not None:
        return None
    return queries.fallback_for(session, case.region_code, situation.accused_unit_id)


def _of_the_place(session: Session, region_code: str) -> UnitView | None:
    """Who coordinates what nobody owns (属地): the street's office, else the district."""
    codes = tuple({region_code, region_code[:_DISTRICT_DIGITS]} - {""})
    known = departments.views_of(session, (), codes)
    found = {unit.kind: unit for unit in known if not unit.is_ending}
    return found.get(UnitKind.STREET) or found.get(UnitKind.DISTRICT)


def facility_choices(session: Session, language: str) -> tuple[tuple[str, str], ...]:
    """Every type of facility, with its class before it: what a repair can be about."""
    return tuple(
        (str(entry.id), f"{first.name.within(language)} · {entry.name.within(language)}")
        for first in catalogue.list_categories(session)
        for entry in catalogue.list_categories(session, parent_id=first.id, kind=CaseKind.REPAIR)
        if entry.is_facility
    )


def chosen(proposal: Proposal | None, instead: UnitView | None) -> int | None:
    """The unit a form begins with."""
    if instead is not None:
        return instead.id
    return proposal.unit_id if proposal else None


def words_for(
    proposal: Proposal | None, instead: UnitView | None, language: str, say: Callable[[str], str]
) -> str:
    """What the proposal rests on, or who stands in."""
    if instead is None:
        return proposal.basis if proposal else ""
    name = instead.name_en if language == "en" and instead.name_en else instead.name
    return say(FALLBACK) % {"unit": name}
