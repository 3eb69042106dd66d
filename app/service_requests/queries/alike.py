"""Finds applications of the same applicant for the same item that are still in hand.

Answers for warnings before one is saved; says nothing of what became of finished ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.cases.application_models import CaseApplication
from app.cases.kinds import FINAL, Status
from app.cases.models import Case
from app.kernel.db import rows
from app.service_items.models import ServiceItemVersion

_MOST: Final = 5
_OVER: Final = (*FINAL, Status.DECIDED, Status.ISSUING, Status.DELIVERED)
_IN_HAND: Final = (
    select(Case.number, Case.status, Case.opened_at)
    .join(CaseApplication, CaseApplication.case_id == Case.id)
    .join(ServiceItemVersion, ServiceItemVersion.id == CaseApplication.item_version_id)
    .where(
        Case.citizen_id == bindparam("citizen_id"),
        ServiceItemVersion.item_id == bindparam("item_id"),
        Case.status.not_in(_OVER),
    )
    .order_by(Case.id.desc())
    .limit(_MOST)
)


@dataclass(frozen=True, slots=True)
class AlikeLine:
    """One application as a warning names it."""

    number: str
    status: Status
    opened_at: datetime


def in_hand(session: Session, citizen_id: int, item_id: int) -> Sequence[AlikeLine]:
    """The newest undecided applications of this person for this item, whatever the version."""
    found = rows(session, _IN_HAND, citizen_id=citizen_id, item_id=item_id)
    return [AlikeLine(row.number, row.status, row.opened_at) for row in found]
