"""Open repairs that come from another system: what is dangerous by their words rings here as well.

History and limits are what they were; the short clock of the safety measure runs from now.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.catalogue.rules import CaseKind
from app.facilities import queries as facilities
from app.repairs.rules import told_of
from app.repairs.service.opening import begin


def take_in_open(session: Session, case_ids: Sequence[int], *, now: datetime) -> None:
    """Look through these matters just taken over for what is dangerous."""
    wanted = select(Case).where(
        Case.id.in_(case_ids), Case.kind == CaseKind.REPAIR, Case.closed_at.is_(None)
    )
    for case in session.scalars(wanted.order_by(Case.id)).all():
        kind = facilities.type_of_category(session, case.category_id)
        if told_of(kind, f"{case.title}\n{case.body}").words:
            begin(session, case, kind, now=now)
