"""One step being taken, as the effects behind it see it, and handing a matter to a unit.

Apart from the effects themselves, so that each kind of matter keeps its own beside.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.kinds import AccessRole
from app.cases.models import Approval, Case, CaseAccess
from app.cases.rules import Doer, StepInput


@dataclass(frozen=True, slots=True)
class Deed:
    """One step being taken: on which case, with what, by whom, when, and its request if any."""

    session: Session
    case: Case
    given: StepInput
    doer: Doer
    now: datetime
    approval: Approval | None = None


Payload = dict[str, Any]
Effect = Callable[[Deed], Payload]


def hand_to(session: Session, case: Case, unit_id: int, *, now: datetime) -> int:
    """Make a unit the one lead of the case; the one before keeps sight of its own period."""
    open_rows = select(CaseAccess).where(
        CaseAccess.case_id == case.id,
        CaseAccess.role == AccessRole.MAIN,
        CaseAccess.to_at.is_(None),
    )
    for row in session.scalars(open_rows):
        row.to_at = now
    case.unit_id, case.handler_id, case.handing_to_id = unit_id, None, None
    session.add(CaseAccess(case_id=case.id, unit_id=unit_id, role=AccessRole.MAIN, from_at=now))
    return unit_id
