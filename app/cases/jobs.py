"""Work on cases that nobody presses a button for. Safe to run twice."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from app.calendars import queries as calendars
from app.cases.kinds import Action, ApprovalKind, Status
from app.cases.models import Approval, Case
from app.cases.queries import merging
from app.cases.rules import SYSTEM
from app.cases.service import following
from app.cases.service.unattended import take_each
from app.cases.workflows.merging import ENDINGS

_BATCH = 200


def resume_suspended(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Let every suspended matter go on once the day it was suspended until has passed.

    A suspension always has a date (rulebook §2.2): none can be forgotten.
    """
    today = calendars.load(session).statutory.local_date(now)
    take_each(session, partial(_over, session, today), Action.RESUME, now=now)


def _over(session: Session, today: date, after: int) -> Sequence[Case]:
    over = (
        select(Case)
        .join(Approval, Approval.case_id == Case.id)
        .where(
            Case.id > after,
            Case.status == Status.SUSPENDED,
            Approval.kind == ApprovalKind.SUSPENSION,
            Approval.was_granted.is_(True),
            Approval.until_on < today,
            Approval.id.in_(_latest_suspensions()),
        )
        .order_by(Case.id)
        .limit(_BATCH)
    )
    return session.scalars(over).all()


def end_followers(session: Session, _payload: dict[str, Any], *, now: datetime) -> None:
    """Let followers end whose leading matter has: from before followers ended with it.

    Whose citizen says that theirs is another matter waits for the decision on that.
    """
    led = aliased(Case)
    left = (
        select(Case.master_id)
        .join(led, led.id == Case.master_id)
        .where(Case.status == Status.MERGED, led.status.in_(tuple(ENDINGS)))
        .distinct()
        .limit(_BATCH)
    )
    for master_id in session.scalars(left).all():
        master = session.get_one(Case, master_id)
        followers = merging.ready_to_end(session, master.id)
        if followers:
            following.finish(session, master, followers, text="", doer=SYSTEM, now=now)


def _latest_suspensions() -> Select[int]:
    return (
        select(func.max(Approval.id))
        .where(Approval.kind == ApprovalKind.SUSPENSION, Approval.was_granted.is_(True))
        .group_by(Approval.case_id)
    )
