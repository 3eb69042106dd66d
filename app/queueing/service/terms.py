"""Setting up how a hall takes bookings: its terms, and a plan for each service.

Asks for nothing itself; the pages of administration ask for `unit:manage` before.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark
from app.queueing.booking_models import BookingPlan, BookingRules
from app.queueing.queries import halls
from app.queueing.rules.booking import Terms, check_plan


def set_terms(
    session: Session, hall_id: int, terms: Terms, *, version: int, by: Author, now: datetime
) -> BookingRules:
    """Let a hall take bookings by these terms; `version` is 0 where it took none.

    Bookings made before stay as they are.

    Raises:
        NotFoundError: the hall gives no numbers.
        InvalidError: a number out of its bounds.
        ConflictError: somebody changed them meanwhile.
    """
    halls.get_rules(session, hall_id)
    terms.check()
    rules = session.get(BookingRules, hall_id)
    if (rules.version if rules else 0) != version:
        raise ConflictError(mark("Somebody else changed this while you were working on it."))
    if rules is None:
        rules = BookingRules(hall_id=hall_id)
        session.add(rules)
    for name, value in asdict(terms).items():
        setattr(rules, name, value)
    audit.note(session, by, "queue:booking", ("unit", hall_id), at=now, details=asdict(terms))
    session.flush()
    return rules


def set_plans(
    session: Session,
    hall_id: int,
    plans: Mapping[int, tuple[int, int]],
    *,
    by: Author,
    now: datetime,
) -> None:
    """Minutes and capacity of a window for these services; bookings made before stay.

    Raises:
        InvalidError: a service of another hall, or numbers out of their bounds, by field.
    """
    known = {one.id for one in halls.services_of(session, hall_id)}
    wrong: dict[str, str] = {}
    for service_id, (minutes, capacity) in plans.items():
        flaws = check_plan(minutes, capacity)
        wrong |= {f"{name}_{service_id}": words for name, words in flaws.items()}
        if service_id not in known:
            wrong["services"] = mark("Choose services of this hall.")
    if wrong:
        raise InvalidError(fields=wrong)
    for service_id, (minutes, capacity) in plans.items():
        plan = session.get(BookingPlan, service_id) or BookingPlan(service_id=service_id)
        plan.minutes, plan.capacity = minutes, capacity
        session.add(plan)
    details = {str(key): list(value) for key, value in plans.items()}
    audit.note(session, by, "queue:booking", ("unit", hall_id), at=now, details=details)
    session.flush()
