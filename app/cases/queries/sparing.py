"""Who may be told of a matter: nobody it is about, and nobody who stepped back from it.

For messages inside the house, whose readers are members of staff and not yet actors.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
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
_CASE_IDS: Final[BindParameter[list[int]]] = bindparam("case_ids", expanding=True)
_ACCUSED_IN: Final = (
    select(CaseAccused.case_id, CaseAccused.staff_id, Unit.path)
    .join(Unit, Unit.id == CaseAccused.unit_id)
    .where(CaseAccused.case_id.in_(_CASE_IDS))
)
_RECUSED_IN: Final = select(CaseRecusal.case_id, CaseRecusal.staff_id).where(
    CaseRecusal.case_id.in_(_CASE_IDS)
)
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


def kept_from(
    session: Session, case_ids: Collection[int], staff_ids: Collection[int]
) -> Mapping[int, Collection[int]]:
    """Who must not get which of these matters; a matter kept from nobody is not among them.

    As in `visible_clause`: whom a matter is about, whoever belongs to the unit it is about or
    to one under it, and whoever stepped back.
    """
    away: dict[int, set[int]] = defaultdict(set)
    for row in rows(session, _RECUSED_IN, case_ids=list(case_ids)):
        away[row.case_id].add(row.staff_id)
    accused = rows(session, _ACCUSED_IN, case_ids=list(case_ids))
    lines = rows(session, _LINES, ids=list(staff_ids)) if accused else ()
    for row in accused:
        if row.staff_id is not None:
            away[row.case_id].add(row.staff_id)
        away[row.case_id] |= {one.staff_id for one in lines if is_within(one.path, row.path)}
    return away
