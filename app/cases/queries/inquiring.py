"""How far the investigation of a complaint has come, as far as the rules need it."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, bindparam, exists, func, select
from sqlalchemy.orm import Session

from app.cases.complaint_models import CaseComplaint, CaseInquiry, CaseMeasure, CaseRecusal
from app.cases.models import Case
from app.cases.rules import Inquiry
from app.catalogue.rules import CaseKind
from app.kernel.db import rows

_HERE: Final = CaseMeasure.case_id == bindparam("case_id")
_MEASURES: Final = select(func.count()).where(_HERE).scalar_subquery()
_LATE_FROM: Final = (
    select(func.min(CaseMeasure.late_from))
    .where(_HERE, CaseMeasure.proved_at.is_(None))
    .scalar_subquery()
)
_INQUIRY: Final = (
    select(
        exists().where(CaseInquiry.case_id == bindparam("case_id")),
        CaseComplaint.finding,
        CaseComplaint.proposed_by,
        CaseComplaint.confirmed_by,
        _MEASURES,
        _LATE_FROM,
        CaseComplaint.recheck_until,
        CaseComplaint.rechecked_at,
    )
    .select_from(Case)
    .outerjoin(CaseComplaint, CaseComplaint.case_id == Case.id)
    .where(Case.id == bindparam("case_id"))
)
_RECUSED: Final = select(CaseRecusal.staff_id).where(CaseRecusal.case_id == bindparam("case_id"))


def inquiry_of(session: Session, case: Case) -> Inquiry:
    """Where the investigation stands; only complaints have one."""
    if case.kind is not CaseKind.COMPLAINT:
        return Inquiry()
    (row,) = rows(session, _INQUIRY, case_id=case.id)
    return _inquiry(row)


def _inquiry(row: Row[*tuple[Any, ...]]) -> Inquiry:
    lines, finding, proposed_by, confirmed_by, measures, late_from, until, rechecked_at = row
    return Inquiry(
        has_lines=bool(lines),
        finding=finding,
        found_by=frozenset(one for one in (proposed_by, confirmed_by) if one is not None),
        measures=measures,
        late_from=late_from,
        recheck_until=until,
        was_rechecked=rechecked_at is not None,
    )


def complaints_of(session: Session, case_ids: Sequence[int]) -> dict[int, CaseComplaint]:
    """What is kept of these complaints beside the cases, by case; where anything was."""
    wanted = select(CaseComplaint).where(CaseComplaint.case_id.in_(case_ids))
    return {row.case_id: row for row in session.scalars(wanted)}


def recused_from(session: Session, case_id: int) -> Sequence[int]:
    """Who stepped back from the matter."""
    return [row.staff_id for row in rows(session, _RECUSED, case_id=case_id)]
