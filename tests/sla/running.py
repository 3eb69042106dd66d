"""Clocks set running for a test: one subject, one limit, one Monday morning."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.calendars.rules import LimitUnit
from app.catalogue.rules import BasisLevel, ChosenLimit
from app.sla import service
from app.sla.models import Clock
from app.sla.rules import ClockKind, Subject
from app.sla.service import Approval
from tests.calendars.samples import at

Db = sessionmaker[Session]
CASE = Subject.case(7)
PAPER = Approval("样挂〔2026〕3号", approver_id=5, reason="等待鉴定")
MONDAY = at("2026-03-02 10:00")
RESOLVE = ClockKind.RESOLVE


def a_limit(value: int = 5, unit: LimitUnit = LimitUnit.WORK_DAY) -> ChosenLimit:
    return ChosenLimit(
        code="resolve.normal",
        unit=unit,
        value=value,
        close_of_business=False,
        basis_text="样例",
        basis_level=BasisLevel.CITY,
        is_sample=True,
        region_code="",
    )


def begin(db: Db, *, limit: ChosenLimit | None = None, now: datetime = MONDAY) -> int:
    with db.begin() as session:
        clock = service.start(session, CASE, RESOLVE, limit or a_limit(), now=now)
        session.flush()
        return clock.id


def the_clock(session: Session, clock_id: int | None = None) -> Clock:
    wanted = select(Clock)
    return session.scalars(wanted.where(Clock.id == clock_id) if clock_id else wanted).one()
