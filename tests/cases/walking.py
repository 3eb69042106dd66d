"""How tests take one matter through its steps: single steps, and whole stretches of them."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.cases import service
from app.cases.kinds import Action, Outcome
from app.cases.models import Case
from app.cases.rules import Facts, StepInput
from app.sla.models import Clock
from app.sla.rules import ClockKind
from tests.support.city import WORKS, City, first_category
from tests.support.clock import MONDAY_9AM

HOUR = timedelta(hours=1)


def take(
    session: Session,
    case: Case,
    action: Action,
    actor: Actor,
    *,
    at: datetime = MONDAY_9AM,
    note: str = "",
    text: str = "",
    facts: Facts | None = None,
) -> Case:
    given = StepInput(action, case.version, note=note, text=text, facts=facts or Facts())
    return service.take_step_as_staff(session, case.id, given, actor=actor, now=at).case


def to_handling(session: Session, city: City, case: Case, *, at: datetime = MONDAY_9AM) -> Case:
    category = Facts(category_id=first_category(session))
    take(session, case, Action.ACCEPT, city[Role.CLERK], at=at, facts=category)
    take(session, case, Action.DISPATCH, city[Role.DISPATCHER], at=at, facts=Facts(unit_id=WORKS))
    return take(session, case, Action.SIGN, city[Role.HANDLER], at=at)


def to_replied(session: Session, city: City, case: Case, *, at: datetime) -> Case:
    to_handling(session, city, case)
    facts = Facts(outcome=Outcome.RESOLVED)
    return take(session, case, Action.REPLY, city[Role.HANDLER], at=at, text="已修好", facts=facts)


def clock(session: Session, case: Case, kind: ClockKind) -> Clock:
    found = select(Clock).where(Clock.subject_id == case.id, Clock.kind == kind)
    return session.scalars(found.order_by(Clock.round.desc())).first() or Clock()
