"""Whom a step proposes where the directory has nobody: the unit that stands in, and how it is said.

No matter lies with nobody: where a line fails, the district or the intake centre is proposed.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.rules import Situation
from app.catalogue.rules import Proposal
from app.departments.queries.shelf import UnitView
from app.dispatching import queries
from app.dispatching.rules import FALLBACK


def stand_in(
    session: Session, case: Case, situation: Situation, proposal: Proposal | None
) -> UnitView | None:
    """The unit proposed instead; None where the directory has one."""
    if proposal is None or proposal.unit_id is not None:
        return None
    return queries.fallback_for(session, case.region_code, situation.accused_unit_id)


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
