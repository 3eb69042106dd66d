"""Work on cases that nobody presses a button for. Safe to run twice."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.cases import service
from app.cases.kinds import Action, ApprovalKind, Status
from app.cases.models import Approval, Case
from app.cases.rules import SYSTEM, StepInput

_BATCH = 200


def resume_suspended(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Let every suspended matter go on once the day it was suspended until has passed.

    A suspension always has a date (rulebook §2.2): none can be forgotten.
    """
    today = calendars.load(session).statutory.local_date(now)
    over = (
        select(Case)
        .join(Approval, Approval.case_id == Case.id)
        .where(
            Case.status == Status.SUSPENDED,
            Approval.kind == ApprovalKind.SUSPENSION,
            Approval.was_granted.is_(True),
            Approval.until_on < today,
            Approval.id.in_(_latest_suspensions()),
        )
        .order_by(Case.id)
        .limit(_BATCH)
    )
    for case in session.scalars(over).all():
        given = StepInput(Action.RESUME, case.version)
        service.take_step(session, case, given, doer=SYSTEM, now=now)


def _latest_suspensions() -> Select[int]:
    return (
        select(func.max(Approval.id))
        .where(Approval.kind == ApprovalKind.SUSPENSION, Approval.was_granted.is_(True))
        .group_by(Approval.case_id)
    )
