"""One more row about matters: where they wait, what hangs on them, who looks back at them.

Each makes a matter of its own; what it does not need is left as it came.
"""

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.cases import service as cases
from app.cases.application_models import CaseApplication
from app.cases.complaint_models import CaseMeasure
from app.cases.kinds import ApprovalKind, Status
from app.cases.models import Approval, CaseEvent
from app.catalogue.rules import CaseKind
from app.followups.models import Callback, SampleCheck, SampleDraw
from app.service_items.models import ServiceItemVersion
from app.service_items.service import add_item
from app.signals.models import Signal, SignalCase
from app.signals.rules import Level
from app.sla.models import Clock
from app.sla.rules import ClockKind
from app.supervision.models import SupervisionLevel, SupervisionOrder
from app.supervision.service import levels
from app.tasks.models import Task
from tests.service_items.builders import SYSTEM, a_content
from tests.support.city import WORKS, a_case, first_category
from tests.support.clock import MONDAY_9AM


def accepted(session: Session, _n: int) -> None:
    a_case(session).status = Status.ACCEPTED


def unsigned(session: Session, _n: int) -> None:
    case = a_case(session)
    case.status, case.unit_id = Status.DISPATCHED, WORKS


def placed_repair(session: Session, n: int) -> None:
    """One more repair, far enough from the others for a mark of its own."""
    lon = Decimal("83.01") + n * Decimal("0.05")
    case = a_case(session, lon=lon, lat=Decimal("39.05"))
    case.kind = CaseKind.REPAIR


def suspended(session: Session, _n: int) -> None:
    case = a_case(session)
    case.status = Status.SUSPENDED
    session.add(
        Approval(
            case_id=case.id,
            kind=ApprovalKind.SUSPENSION,
            requested_at=MONDAY_9AM,
            reason="冬季",
            until_on=MONDAY_9AM.date(),
            decided_at=MONDAY_9AM,
            was_granted=True,
        )
    )


def task(session: Session, _n: int) -> None:
    case = a_case(session)
    case.unit_id = WORKS
    event = session.scalars(select(CaseEvent.id).where(CaseEvent.case_id == case.id)).one()
    session.add(
        Task(
            case_id=case.id,
            unit_id=WORKS,
            asked_at=MONDAY_9AM,
            asked_event_id=event,
            due_at=MONDAY_9AM,
        )
    )


def signal(session: Session, _n: int) -> None:
    signal = Signal(
        level=Level.YELLOW,
        category_id=first_category(session),
        region_code="990101",
        persons=5,
        raised_at=MONDAY_9AM,
        last_at=MONDAY_9AM,
    )
    session.add(signal)
    session.flush()
    session.add(SignalCase(signal_id=signal.id, case_id=a_case(session).id))


def urged(session: Session, _n: int) -> None:
    cases.urge(session, a_case(session), now=MONDAY_9AM)


def order(session: Session, n: int) -> None:
    levels.seed(session)
    level_id = session.scalars(select(SupervisionLevel.id)).first() or 0
    case = a_case(session)
    supervisor = session.scalars(select(Staff.id).where(Staff.username == "supervisor")).one()
    session.add(
        SupervisionOrder(
            number=f"DB{n}",
            case_id=case.id,
            unit_id=case.unit_id,
            level_id=level_id,
            reason="逾期",
            demand="反馈",
            issued_at=MONDAY_9AM,
            issued_by=supervisor,
        )
    )


def measure(session: Session, n: int) -> None:
    case = a_case(session, kind=CaseKind.COMPLAINT)
    session.add(
        CaseMeasure(
            case_id=case.id,
            unit_id=case.unit_id,
            what=f"整改{n}",
            due_on=MONDAY_9AM.date(),
            late_from=MONDAY_9AM,
            laid_down_at=MONDAY_9AM,
        )
    )


def called_back(session: Session, _n: int) -> None:
    case = a_case(session)
    session.add(Callback(case_id=case.id, round=1, opened_at=MONDAY_9AM, next_at=MONDAY_9AM))


def drawn(session: Session, n: int) -> None:
    draw = session.scalars(select(SampleDraw)).first()
    if draw is None:
        draw = SampleDraw(
            period="2026-02",
            starts_at=MONDAY_9AM,
            ends_at=MONDAY_9AM,
            share=10,
            seed="s",
            among=n,
            drawn=n,
            digest="",
            at=MONDAY_9AM,
        )
        session.add(draw)
        session.flush()
    session.add(SampleCheck(draw_id=draw.id, case_id=a_case(session).id))


def application(session: Session, n: int) -> None:
    version = session.scalars(select(ServiceItemVersion.id)).first()
    if version is None:
        add_item(session, a_content(), code="990100-A", basic_code="SL-A", edit=SYSTEM)
        version = session.scalars(select(ServiceItemVersion.id)).first() or 0
    case = a_case(session, kind=CaseKind.SERVICE_REQUEST)
    session.add(
        CaseApplication(
            case_id=case.id,
            item_version_id=version,
            item_name="许可",
            place=f"p{n}",
            received_at=MONDAY_9AM,
        )
    )


def late_application(session: Session, n: int) -> None:
    """One that passed its promised limit yesterday."""
    application(session, n)
    session.flush()
    for clock in session.scalars(select(Clock).where(Clock.kind == ClockKind.RESOLVE)):
        clock.due_at = MONDAY_9AM - timedelta(days=1)
