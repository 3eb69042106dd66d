"""Reads how far a repair has come, as the rules of its steps look at it."""

from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.repair_models import Repair
from app.cases.rules.repairing import NO_REPAIR, Standing
from app.catalogue.rules import CaseKind
from app.departments.models import Unit
from app.kernel.db import rows

_STANDING: Final = (
    select(Repair.crew_id, Repair.is_danger, Repair.safety_done_at, Unit.path)
    .outerjoin(Unit, Unit.id == Repair.crew_id)
    .where(Repair.case_id == bindparam("case_id"))
)


def standing_of(session: Session, case: Case) -> Standing:
    """How far the repair has come; only matters of that kind have one."""
    if case.kind is not CaseKind.REPAIR:
        return NO_REPAIR
    found = rows(session, _STANDING, case_id=case.id)
    if not found:
        return NO_REPAIR
    row = found[0]
    return Standing(
        crew_id=row.crew_id,
        crew_path=row.path or "",
        is_danger=row.is_danger,
        is_safe=row.safety_done_at is not None,
    )
