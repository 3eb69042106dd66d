"""Finds applications of the same applicant for the same item that are still in hand.

Answers for warnings before one is saved; says nothing of what became of finished ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, case, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.application_models import CaseApplication
from app.cases.kinds import FINAL, Status
from app.cases.models import Case
from app.cases.queries.visibility import visible_clause
from app.departments.models import Unit
from app.kernel.db import rows
from app.service_items.models import ServiceItemVersion

_MOST: Final = 5
_OVER: Final = (*FINAL, Status.DECIDED, Status.ISSUING, Status.DELIVERED)
_IN_HAND: Final = (
    select(
        Case.number,
        Case.status,
        Case.opened_at,
        Unit.name.label("unit"),
        Unit.name_en.label("unit_en"),
        Unit.phone.label("phone"),
    )
    .join(Unit, Unit.id == Case.unit_id)
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
    """One application as a warning names it.

    Whoever may not see it learns where to ask and nothing else: the rest is None then.
    """

    unit: str
    unit_en: str
    phone: str
    number: str | None = None
    status: Status | None = None
    opened_at: datetime | None = None


def in_hand(session: Session, actor: Actor, citizen_id: int, item_id: int) -> Sequence[AlikeLine]:
    """The newest undecided applications of this person for this item, whatever the version."""
    found = rows(session, _for(actor), citizen_id=citizen_id, item_id=item_id)
    return [_line(row) for row in found]


@lru_cache(maxsize=512)
def _for(actor: Actor) -> Select[Any]:
    return _IN_HAND.add_columns(case((visible_clause(actor), True), else_=False).label("is_seen"))


def _line(row: Row[*tuple[Any, ...]]) -> AlikeLine:
    where = AlikeLine(row.unit, row.unit_en, row.phone)
    if not row.is_seen:
        return where
    return replace(where, number=row.number, status=row.status, opened_at=row.opened_at)
