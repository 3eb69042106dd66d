"""The lists of the desk: who is offered which, and by what words."""

from datetime import timedelta

from sqlalchemy import select

from app.accounts.rules import Actor, Role
from app.cases import service
from app.cases.models import Case
from app.cases.queries import lists
from app.cases.queries.lists import Filter, LampState
from app.desk.views import CHIPS, chip_for
from app.supervision.rules import MEASURES
from tests.desk.stepping import Enter
from tests.support.city import City, a_case
from tests.support.clock import StoppedClock


def test_a_supervisor_finds_what_citizens_have_urged(
    city: City, person: Enter, number: str, clock: StoppedClock
) -> None:
    with city.db.begin() as session:
        quiet = a_case(session).number
        urged = session.scalars(select(Case).where(Case.number == number)).one()
        service.urge(session, urged, last_urged_at=None, now=clock.now())

    listed = person(Role.SUPERVISOR).get("/desk?view=urged")

    assert number in listed.text
    assert quiet not in listed.text


def test_only_who_supervises_is_offered_the_urged(city: City) -> None:
    def sees(actor: Actor) -> bool:
        return chip_for(actor, "urged") is not None

    assert sees(city[Role.SUPERVISOR])
    assert not sees(city[Role.HANDLER])


def test_a_step_past_its_limit_is_not_called_what_the_board_calls_a_broken_promise(
    city: City, number: str, clock: StoppedClock
) -> None:
    late = next(chip for chip in CHIPS if chip.key == "late")
    now = clock.now() + timedelta(days=3)  # nobody accepted it; the citizen's date is far off

    with city.db() as session:
        promised = Filter(lamp=LampState.BAD)
        broken = lists.count(session, city[Role.SUPERVISOR], promised, now=now)
        waiting = lists.worklist(session, city[Role.CLERK], late.wanted, now=now).items

    assert [row.number for row in waiting] == [number]
    assert str(broken) == "0"
    assert late.label not in {measure.name for measure in MEASURES}
