"""What the system does with supervision orders by itself: follows clocks and matters, proposes.

It decides nothing: whether an overdue order is raised is a person's word.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.cases.events import CaseClosed, CaseMoved
from app.cases.kinds import FINAL, Action
from app.cases.models import Case
from app.cases.service.recording import by_system, record
from app.sla import queries as clocks
from app.sla import service as sla
from app.sla.events import ClockBreached, ClockChanged, ClockDid
from app.sla.rules import ClockKind, Subject, Threshold
from app.supervision import queries
from app.supervision.models import SupervisionAct, SupervisionOrder
from app.supervision.queries import orders
from app.supervision.rules.ladder import next_for_orders
from app.supervision.rules.orders import ENDS, Act, OrderState, is_overdue
from app.supervision.service import telling

_TYPE: Final = Subject.supervision(0).type


def on_breach(session: Session, event: ClockBreached) -> None:
    """Tell the unit that an order is due soon; propose a higher level once it is overdue."""
    if event.subject.type != _TYPE:
        return
    order = session.get_one(SupervisionOrder, event.subject.id)
    case = session.get_one(Case, order.case_id)
    if event.threshold is Threshold.WARN:
        if order.state not in ENDS and order.state is not OrderState.ANSWERED:
            telling.unit_of(session, order, case, telling.NEAR, now=event.at)
        return
    propose_if_late(session, order, case, now=event.at)


def propose_if_late(
    session: Session, order: SupervisionOrder, case: Case, *, now: datetime
) -> None:
    """Propose the next level if the unit owes its answer; nothing happens twice."""
    if order.proposed_level_id is not None or not is_overdue(order.state, order.due_at, now):
        return
    telling.supervisor_of(session, order, case, telling.LATE, now=now)
    telling.unit_of(session, order, case, telling.LATE, now=now)
    above = next_for_orders(queries.rungs(session), order.level_id)
    if above is None:
        return
    order.proposed_level_id = above.id
    _write(session, order, case, Act.PROPOSE, now)


def on_moved(session: Session, event: CaseMoved) -> None:
    """The order goes to the next unit with the matter, which signs for it anew."""
    if event.step.target in FINAL:
        return
    # Not by a list of steps: applications and repairs come into other hands by steps of their own.
    order = orders.find_open(session, event.case.id)
    if order is None or order.unit_id == event.case.unit_id:
        return
    order.unit_id, order.answered_at = event.case.unit_id, None
    order.move(OrderState.ISSUED)
    _write(session, order, event.case, Act.PASSED_ON, event.at)
    telling.unit_of(session, order, event.case, telling.ISSUED, now=event.at)


def on_closed(session: Session, event: CaseClosed) -> None:
    """Where the matter has ended nobody owes an answer; one that was given is still judged."""
    order = orders.find_open(session, event.case.id)
    if order is None or order.state is OrderState.ANSWERED:
        return
    order.move(OrderState.WITHDRAWN)
    order.closed_at, order.proposed_level_id = event.at, None
    clock = clocks.find_open(session, Subject.supervision(order.id), ClockKind.SUPERVISION)
    if clock is not None:
        sla.cancel_clock(session, clock, now=event.at)
    _write(session, order, event.case, Act.ENDED, event.at)
    telling.supervisor_of(session, order, event.case, telling.ENDED, now=event.at)


def on_clock_changed(session: Session, event: ClockChanged) -> None:
    """A change of the calendar moved the date of an order."""
    if event.subject.type == _TYPE and event.what is ClockDid.RECOMPUTED:
        session.get_one(SupervisionOrder, event.subject.id).due_at = event.clock.due_at


def _write(session: Session, order: SupervisionOrder, case: Case, deed: Act, now: datetime) -> None:
    line = by_system(Action.SUPERVISION, now, order=order.number, did=str(deed))
    event = record(session, case, line)
    session.add(SupervisionAct(order_id=order.id, at=now, act=deed, event_id=event.id))
    session.flush()
