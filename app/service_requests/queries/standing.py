"""Reads how one application stands: what is applied for, its dates, what stopped its clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.cases.application_models import CaseApplication
from app.cases.kinds import ApprovalKind
from app.cases.models import Approval, Case
from app.kernel.db import rows
from app.sla import queries as clocks
from app.sla.models import Clock, ClockPause
from app.sla.rules import ClockKind, PauseKind, Subject

_NOTHING = timedelta()
_STOOD: Final = (
    select(
        ClockPause.legal_type,
        ClockPause.document_no,
        ClockPause.reason,
        func.coalesce(Staff.display_name, ""),
        ClockPause.from_at,
        ClockPause.to_at,
    )
    .outerjoin(Staff, Staff.id == ClockPause.approver_id)
    .where(ClockPause.clock_id == bindparam("clock_id"))
    .order_by(ClockPause.from_at)
)
_GRANTED: Final = (
    select(
        Approval.procedure,
        Approval.amount,
        Approval.evidence,
        Approval.document_no,
        func.coalesce(Staff.display_name, "").label("approver"),
    )
    .outerjoin(Staff, Staff.id == Approval.decided_by)
    .where(
        Approval.case_id == bindparam("case_id"),
        Approval.kind == bindparam("kind"),
        Approval.was_granted.is_(True),
    )
    .order_by(Approval.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Stood:
    """One interval in which the limit stood still, with the paper that allowed it."""

    kind: PauseKind
    document_no: str
    basis: str
    approver: str
    from_at: datetime
    to_at: datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """An application with its clocks, the latest of each kind, and what stopped them."""

    row: CaseApplication
    clocks: dict[ClockKind, Clock]
    stood: Sequence[Stood]

    def paused(self, now: datetime) -> timedelta:
        """How long its limits stood still altogether."""
        return sum(((one.to_at or now) - one.from_at for one in self.stood), _NOTHING)


def standing_of(session: Session, case: Case) -> Standing | None:
    """How the application stands; None for a matter taken in as an order."""
    row = session.get(CaseApplication, case.id)
    if row is None:
        return None
    latest = {clock.kind: clock for clock in clocks.list_clocks(session, Subject.case(case.id))}
    resolve = latest.get(ClockKind.RESOLVE)
    return Standing(row, latest, _stood(session, resolve) if resolve else ())


def granted_last(
    session: Session, case_id: int, kind: ApprovalKind
) -> Row[*tuple[Any, ...]] | None:
    """What was granted last of this kind on the matter, with the name of who granted it."""
    found = rows(session, _GRANTED, case_id=case_id, kind=kind)
    return found[0] if found else None


def _stood(session: Session, clock: Clock) -> list[Stood]:
    return [Stood(*row) for row in rows(session, _STOOD, clock_id=clock.id)]
