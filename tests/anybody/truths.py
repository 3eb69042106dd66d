"""What is true of every matter after whatever anybody tried (architecture §2, §4, §5, §6)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.kinds import FINAL, AccessRole, Action, Status
from app.cases.models import Approval, Case, CaseAccess, CaseEvent
from app.cases.service.recording import check_chain
from app.departments.models import Unit
from app.sla.models import Clock
from app.sla.rules import Subject
from app.supervision.models import SupervisionOrder
from app.supervision.rules.orders import Deed, OrderState, has_handled
from app.tasks import rules as task_rules
from app.tasks.models import Task


def trace(session: Session, case_id: int) -> tuple[object, ...]:
    """What a refused step must leave as it was."""
    case = session.get_one(Case, case_id)
    return case.status, case.version, case.event_seq, case.unit_id, case.handler_id, case.due_at


def check(session: Session, case: Case, *, now: datetime) -> None:
    """Every truth, each with its own sentence."""
    events = list(
        session.scalars(
            select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)
        )
    )
    _one_unit_leads(session, case)
    _the_history_tells_where_it_stands(case, events)
    _nobody_decides_on_their_own(session, case, events)
    _clocks_are_right(session, case, now)
    _what_follows_has_one_that_leads(session, case)
    _tasks_end_with_their_matter(session, case)
    _nobody_supervises_what_they_handle(session, case, events)


def _one_unit_leads(session: Session, case: Case) -> None:
    rows = session.execute(
        select(CaseAccess.role, CaseAccess.unit_id, CaseAccess.to_at).where(
            CaseAccess.case_id == case.id, CaseAccess.role != AccessRole.ASSISTING
        )
    ).all()
    led = [unit_id for role, unit_id, to_at in rows if role is AccessRole.MAIN and to_at is None]
    was_sent = any(role is AccessRole.MAIN for role, *_ in rows)
    # Until it is first sent to a unit, whoever took it in has it.
    assert led == [case.unit_id] if was_sent else [rows[0].unit_id] == [case.unit_id]
    assert session.get_one(Unit, case.unit_id).is_active


def _the_history_tells_where_it_stands(case: Case, events: Sequence[CaseEvent]) -> None:
    assert check_chain(events) is None
    assert [event.seq for event in events] == list(range(1, case.event_seq + 1))
    stands: Status | None = None
    for event in events:
        if event.to_status is not None:
            assert event.from_status in (stands, None)
            stands = event.to_status
        assert event.from_status in (None, stands) or event.to_status is not None
    assert stands is case.status
    assert (case.closed_at is not None) == (case.status in FINAL)


def _nobody_decides_on_their_own(session: Session, case: Case, events: Sequence[CaseEvent]) -> None:
    asked = session.scalars(select(Approval).where(Approval.case_id == case.id)).all()
    assert sum(each.decided_at is None for each in asked) <= 1
    for each in asked:
        assert each.decided_by is None or each.decided_by != each.requested_by
    replied_by = None
    for event in events:
        if event.action is Action.REPLY:
            replied_by = event.actor_id
        if event.action in (Action.APPROVE_REPLY, Action.RETURN_REPLY):
            assert event.actor_id != replied_by


def _clocks_are_right(session: Session, case: Case, now: datetime) -> None:
    subject = Subject.case(case.id)
    clocks = session.scalars(
        select(Clock).where(Clock.subject_type == subject.type, Clock.subject_id == subject.id)
    ).all()
    open_kinds = [clock.kind for clock in clocks if clock.is_open]
    assert len(open_kinds) == len(set(open_kinds))
    for clock in clocks:
        assert clock.budget >= 0
        assert clock.spent >= 0
        assert clock.opened_at <= now
        assert clock.met_at is None or clock.cancelled_at is None
        if clock.is_open:
            assert (clock.due_at is None) == clock.is_paused
    if case.status in FINAL:
        assert not open_kinds, f"{case.status} with {open_kinds} running"


def _what_follows_has_one_that_leads(session: Session, case: Case) -> None:
    if case.master_id is not None:
        master = session.get_one(Case, case.master_id)
        assert master.id != case.id
        assert master.master_id is None
        assert not case.is_confidential or master.is_confidential


def _tasks_end_with_their_matter(session: Session, case: Case) -> None:
    states = session.scalars(select(Task.state).where(Task.case_id == case.id)).all()
    if case.status in FINAL:
        assert not task_rules.OPEN.intersection(states)


def _nobody_supervises_what_they_handle(
    session: Session, case: Case, events: Sequence[CaseEvent]
) -> None:
    wanted = select(SupervisionOrder).where(SupervisionOrder.case_id == case.id)
    waiting = [order for order in session.scalars(wanted) if order.closed_at is None]
    assert len(waiting) <= 1
    for order in waiting:
        assert case.status not in FINAL or order.state is OrderState.ANSWERED
        assert order.unit_id == case.unit_id or case.status in FINAL
    for place, event in enumerate(events):
        if event.action is Action.SUPERVISE:
            before = [
                Deed(one.action, one.actor_kind, one.actor_id, dict(one.payload))
                for one in events[:place]
            ]
            assert event.actor_id is not None
            assert not has_handled(event.actor_id, None, before)
