"""Reads what a job has to act on: notices that are late, promises not kept, what can be filed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.cases.application_models import CaseApplication
from app.cases.kinds import Status
from app.cases.models import Case
from app.sla.models import OPEN, Clock
from app.sla.rules import PROVISIONAL_GRACE, ClockKind, Subject

BATCH: Final = 100
_TYPE: Final = Subject.case(0).type


def _late(kind: ClockKind, *states: Status) -> Select[Case]:
    return (
        select(Case)
        .join(Clock, and_(Clock.subject_type == _TYPE, Clock.subject_id == Case.id))
        .where(
            OPEN,
            Case.id > bindparam("after"),
            Clock.kind == kind,
            Clock.due_at < bindparam("second"),
            or_(~Clock.provisional, Clock.due_at < bindparam("graced")),
            Case.status.in_(states),
        )
        .order_by(Case.id)
        .limit(BATCH)
    )


_NOTICES: Final = _late(ClockKind.ONE_TIME_NOTICE, Status.RECEIVED)
_PROMISES: Final = _late(
    ClockKind.LATE_PAPERS, Status.ADMITTED, Status.REVIEWING, Status.SPECIAL_PROCEDURE
)
_TO_FILE: Final = (
    select(Case)
    .join(CaseApplication, CaseApplication.case_id == Case.id)
    .where(
        Case.status == Status.DELIVERED,
        Case.id > bindparam("after"),
        CaseApplication.delivered_at < bindparam("before"),
    )
    .order_by(Case.id)
    .limit(BATCH)
)


def late_notices(session: Session, after: int, *, now: datetime) -> Sequence[Case]:
    """Applications beyond this key of which nobody said in time what lacks, oldest first."""
    return session.scalars(_NOTICES, _at(now) | {"after": after}).all()


def broken_promises(session: Session, after: int, *, now: datetime) -> Sequence[Case]:
    """Applications beyond this key whose promised papers did not come in time."""
    return session.scalars(_PROMISES, _at(now) | {"after": after}).all()


def to_file(session: Session, after: int, *, before: datetime) -> Sequence[Case]:
    """What was posted before that moment, is beyond this key and not filed yet."""
    return session.scalars(_TO_FILE, {"before": before, "after": after}).all()


def _at(now: datetime) -> dict[str, datetime | int]:
    second = now.replace(microsecond=0)  # the due second is on time to its end
    return {"second": second, "graced": second - PROVISIONAL_GRACE}
