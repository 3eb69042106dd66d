"""How tests of supervision get a matter in hand, levels, and an order on it."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.cases.models import Case
from app.supervision.models import SupervisionLevel, SupervisionOrder
from app.supervision.rules.orders import Act
from app.supervision.service import levels, orders
from app.supervision.service.orders import Wish
from tests.cases.walking import to_handling
from tests.support.city import City, a_case
from tests.support.clock import MONDAY_9AM

DAY = timedelta(days=1)
REASON, DEMAND = "逾期未复", "三日内到场并反馈。"


def in_hand(session: Session, city: City) -> Case:
    """A matter the handler has signed for, in a city whose ladder is set up."""
    levels.seed(session)
    return to_handling(session, city, a_case(session))


def level(session: Session, code: str = "daily") -> SupervisionLevel:
    return session.scalars(select(SupervisionLevel).filter_by(code=code)).one()


def issued(
    session: Session, city: City, case: Case, *, code: str = "daily", by: Actor | None = None
) -> SupervisionOrder:
    wish = Wish(level(session, code).id, REASON, DEMAND)
    actor = by or city[Role.SUPERVISOR]
    return orders.issue(session, case.id, wish, actor=actor, now=MONDAY_9AM)


def act(
    session: Session,
    order: SupervisionOrder,
    deed: Act,
    actor: Actor,
    *,
    words: str = "见文字",
    days: float = 0,
) -> SupervisionOrder:
    now = MONDAY_9AM + days * DAY
    return orders.act(session, order.id, deed, words, seen=order.version, actor=actor, now=now)
