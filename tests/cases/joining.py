"""How tests join matters: a town's matters by the same citizen's words, merged and taken out."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.kinds import Action
from app.cases.models import Case
from app.cases.rules import Facts
from tests.cases.walking import take, to_handling
from tests.support.city import City, a_case, first_category
from tests.support.clock import MONDAY_9AM


def join(
    session: Session, city: City, case: Case, master: Case, *, at: datetime = MONDAY_9AM
) -> Case:
    """Join a matter nobody has accepted or sent out yet."""
    facts = Facts(master=master.number)
    return take(session, case, Action.MERGE, city[Role.CLERK], at=at, note="同一处", facts=facts)


def join_sent(
    session: Session, city: City, case: Case, master: Case, *, at: datetime = MONDAY_9AM
) -> Case:
    """Join a matter that is with a unit already."""
    facts = Facts(master=master.number)
    who = city[Role.DISPATCHER]
    return take(session, case, Action.MERGE, who, at=at, note="同一处", facts=facts)


def unjoin(session: Session, city: City, case: Case, *, at: datetime = MONDAY_9AM) -> Case:
    """Take it out again."""
    who = city[Role.DISPATCHER]
    return take(session, case, Action.UNMERGE, who, at=at, note="不是同一处")


def a_led_group(session: Session, city: City, followers: int) -> tuple[Case, list[Case]]:
    """A matter in hand and so many that follow it."""
    master = to_handling(session, city, a_case(session))
    return master, [join(session, city, a_case(session), master) for _ in range(followers)]


def accepted(session: Session, city: City, **given: object) -> Case:
    """A matter that was taken on and not sent out yet."""
    case = a_case(session, **given)  # type: ignore[arg-type]  # keywords are those of NewCase
    facts = Facts(category_id=first_category(session))
    return take(session, case, Action.ACCEPT, city[Role.CLERK], facts=facts)
