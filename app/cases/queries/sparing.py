"""Who may be told of a matter: nobody it is about, and nobody who stepped back from it.

For messages inside the house, whose readers are members of staff and not yet actors.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import BindParameter, bindparam, exists, or_, select, union_all
from sqlalchemy.orm import Session

from app.accounts.models import Appointment, Staff
from app.cases.complaint_models import CaseRecusal
from app.cases.models import Case, CaseAccused
from app.departments.models import Unit
from app.departments.rules import is_within
from app.kernel.db import rows

_KEPT: Final = (
    select(Case.id, CaseAccused.staff_id, Unit.path)
    .outerjoin(CaseAccused, CaseAccused.case_id == Case.id)
    .outerjoin(Unit, Unit.id == CaseAccused.unit_id)
    .where(
        Case.number == bindparam("number"),
        or_(CaseAccused.case_id.is_not(None), exists().where(CaseRecusal.case_id == Case.id)),
    )
)
_RECUSED: Final = select(CaseRecusal.staff_id).where(CaseRecusal.case_id == bindparam("case_id"))
_IDS: Final[BindParameter[list[int]]] = bindparam("ids", expanding=True)
_LINES: Final = union_all(
    select(Staff.id.label("staff_id"), Unit.path)
    .join(Unit, Unit.id == Staff.unit_id)
    .where(Staff.id.in_(_IDS)),
    select(Appointment.staff_id, Unit.path)
    .join(Unit, Unit.id == Appointment.unit_id)
    .where(Appointment.staff_id.in_(_IDS)),
)


def who_may_be_told(session: Session, number: str, staff_ids: Collection[int]) -> list[int]:
    """These people without those from whom the matter of this number is kept."""
    kept = rows(session, _KEPT, number=number)
    if not kept:
        return list(staff_ids)
    case_id, accused_id, path = kept[0]
    away = {row.staff_id for row in rows(session, _RECUSED, case_id=case_id)} | {accused_id}
    if path is not None:
        found = rows(session, _LINES, ids=list(staff_ids))
        away |= {row.staff_id for row in found if is_within(row.path, path)}
    return [one for one in staff_ids if one not in away]
