"""A town for giving out work: a second handler in the works, and matters at every station."""

from datetime import date

from sqlalchemy.orm import Session

from app.accounts.models import Appointment, Staff
from app.accounts.rules import Role, Scope
from app.cases.kinds import Action
from app.cases.models import Case
from app.cases.rules import Facts
from tests.cases.walking import take
from tests.support.city import UNUSABLE, WORKS, City, a_case, first_category
from tests.support.clock import MONDAY_9AM


def a_colleague(session: Session, name: str, *, password_hash: str = UNUSABLE) -> int:
    """One more handler of the works."""
    staff = Staff(
        username=name,
        display_name=name.title(),
        password_hash=password_hash,
        unit_id=WORKS,
        must_change_password=False,
        password_changed_at=MONDAY_9AM,
        created_at=MONDAY_9AM,
    )
    session.add(staff)
    session.flush()
    session.add(
        Appointment(
            staff_id=staff.id,
            role=Role.HANDLER,
            unit_id=WORKS,
            scope=Scope.UNIT,
            valid_from=date(2026, 3, 2),
            granted_at=MONDAY_9AM,
        )
    )
    session.flush()
    return staff.id


def accepted(session: Session, city: City) -> Case:
    """A matter that waits for a dispatcher."""
    case = a_case(session)
    facts = Facts(category_id=first_category(session))
    return take(session, case, Action.ACCEPT, city[Role.CLERK], facts=facts)


def dispatched(session: Session, city: City) -> Case:
    """A matter that the works have not signed for yet."""
    case = accepted(session, city)
    return take(session, case, Action.DISPATCH, city[Role.DISPATCHER], facts=Facts(unit_id=WORKS))
