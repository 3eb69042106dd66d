"""Gives the crews of the tests their skills, and finds them again."""

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.kinds import Action
from app.cases.models import Case
from app.crews import queries
from app.crews.queries import CrewView
from app.crews.service import profiles
from app.crews.service.profiles import ProfileDraft
from app.kernel.authors import MACHINE
from tests.repairs.mending import LAMP, Works, a_repair, dispatched, step
from tests.support.clock import MONDAY_9AM

ROUND_THE_CLOCK = ("00:00-24:00",) * 7


def skilled(works: Works, *, capacity: int = 8) -> Works:
    """Both crews can do lamps at any hour, so many a day."""
    with works.city.db.begin() as session:
        for crew_id in works.crew_ids:
            settle(session, crew_id, capacity=capacity)
    return works


def settle(
    session: Session, crew_id: int, *, capacity: int = 8, skills: tuple[str, ...] = (LAMP,)
) -> None:
    """Say what a crew can do."""
    crew = crew_view(session, crew_id)
    draft = ProfileDraft(skills, (), ROUND_THE_CLOCK, capacity)
    profiles.set_profile(
        session,
        crew,
        draft,
        version=crew.version,
        actor=Actor.system(),
        by=MACHINE,
        now=MONDAY_9AM,
    )


def crew_view(session: Session, crew_id: int) -> CrewView:
    today = queries.today_of(session, MONDAY_9AM)
    return queries.get_crew(session, crew_id, today=today)


def waiting(session: Session, works: Works) -> Case:
    """A repair with the works department, no crew yet."""
    return dispatched(session, works, a_repair(session, works))


def filed(session: Session, works: Works) -> Case:
    """A repair that is filed, with no unit yet."""
    case = a_repair(session, works)
    if case.accepted_at is None:
        step(session, case, Action.FILE, works.inspector)
    return case
