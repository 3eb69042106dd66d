"""Who stands behind a matter, and who may know where that is confidential (匿名保密).

The one place that reads `case_identities`; whatever else looks for a matter's citizen finds
nobody there.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.cases.complaint_models import CaseConfidant, CaseIdentity
from app.cases.models import Case
from app.kernel.db import rows

_BEHIND: Final = select(CaseIdentity.citizen_id).where(CaseIdentity.case_id == bindparam("case_id"))
_MAY_KNOW: Final = select(CaseConfidant.id).where(
    CaseConfidant.case_id == bindparam("case_id"), CaseConfidant.staff_id == bindparam("staff_id")
)
_CONFIDANTS: Final = (
    select(
        CaseConfidant.staff_id,
        Staff.display_name,
        CaseConfidant.named_at,
        CaseConfidant.reason,
    )
    .join(Staff, Staff.id == CaseConfidant.staff_id)
    .where(CaseConfidant.case_id == bindparam("case_id"))
    .order_by(CaseConfidant.id)
)


def citizen_behind(session: Session, case: Case) -> int | None:
    """Whose matter it is, confidential or not: for messages to them and their own page.

    Never for anything staff read; those ask `may_know` first.
    """
    if not case.is_identity_secret:
        return case.citizen_id
    found = rows(session, _BEHIND, case_id=case.id)
    return found[0].citizen_id if found else None


def may_know(session: Session, case: Case, staff_id: int) -> bool:
    """Whether this member of staff may see who is behind the matter."""
    if not case.is_identity_secret:
        return True
    return bool(rows(session, _MAY_KNOW, case_id=case.id, staff_id=staff_id))


def confidants(session: Session, case_id: int) -> Sequence[Row[*tuple[Any, ...]]]:
    """Who may see the confidential complainant, since when and why, in order."""
    return rows(session, _CONFIDANTS, case_id=case_id)


def matters_of(citizen_ids: Sequence[int]) -> Select[int]:
    """The keys of confidential matters of these people: for their own page and their rights."""
    return select(CaseIdentity.case_id).where(CaseIdentity.citizen_id.in_(citizen_ids))
