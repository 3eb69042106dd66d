"""What a crew may take by itself (抢单): one rule for every page on which it can be taken.

Its unit must let it, the repair must be of its trade, and its day must have room; for an
emergency there always is.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.calendars import queries as calendars
from app.cases.service import Taken
from app.crews import queries as crews
from app.crews.queries import CrewView
from app.crews.rules.profile import can_do
from app.crews.service import turns
from app.facilities import queries as facilities
from app.kernel.errors import ConflictError, ForbiddenError
from app.kernel.messages import mark
from app.repairs import queries
from app.repairs.service.assigning import grab, hold_case


def may_take(
    session: Session, crew: CrewView, type_id: int | None, category_id: int | None
) -> bool:
    """Whether a repair of this type is of the crew's trade; one of no type is nobody's."""
    types = {one.id: one for one in facilities.list_types(session)}
    kind = types.get(type_id or 0) or facilities.type_of_category(session, category_id)
    return kind is not None and can_do(crew.skills, kind.code)


def take_from_pool(
    session: Session, case_id: int, crew_id: int, *, actor: Actor, now: datetime
) -> Taken:
    """Take for one's crew what no crew has; of several who do one wins.

    Raises:
        ForbiddenError: the unit does not let its crews take repairs, it is not one's crew, or
            not of its trade.
        ConflictError: another crew was faster, or the crew has a full day.
        NotFoundError: there is none to take for this crew.
    """
    crew = crews.get_crew(session, crew_id, today=crews.today_of(session, now))
    crews.check(crews.is_own(actor, crew))
    if crew.unit_id not in crews.open_pools(session):
        raise ForbiddenError(
            mark("This unit gives out its repairs itself: crews do not take them.")
        )
    # The matter before the crew, as whoever gives it does: two never wait for each other.
    hold_case(session, case_id)
    turns.hold(session, crew.id)
    _check_fits(session, crew, case_id, now)
    return grab(session, case_id, crew.id, actor=actor, now=now)


def _check_fits(session: Session, crew: CrewView, case_id: int, now: datetime) -> None:
    found = queries.find_free(session, crew.path, case_id)
    # What is not free is refused where it is grabbed, under a lock and with the reason.
    if found is None:
        return
    if not may_take(session, crew, found.type_id, found.category_id):
        raise ForbiddenError(mark("This crew does not repair that. Choose another."))
    if not queries.emergencies_of(found):  # an emergency cannot wait
        _check_room(session, crew, now)


def _check_room(session: Session, crew: CrewView, now: datetime) -> None:
    calendar = calendars.load(session).statutory
    since = calendar.start_of(calendar.local_date(now))
    taken = queries.taken_by(session, crew.id, since)
    if taken >= crew.capacity:
        raise ConflictError(
            mark("Your crew has a full day: %(taken)s of %(capacity)s. Nothing was changed."),
            taken=taken,
            capacity=crew.capacity,
        )
