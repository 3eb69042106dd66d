"""The lists of the desk: who is offered which, and by what words."""

from datetime import timedelta

from sqlalchemy import select

from app.accounts.rules import Actor, Role
from app.cases import service
from app.cases.models import Case
from app.cases.queries import lists
from app.cases.queries.lists import Filter, LampState
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.desk.views import CHIPS, chip_for
from app.supervision.rules import MEASURES
from tests.desk.stepping import Enter, step
from tests.support.city import CITY_CODE, WORKS, City, a_case
from tests.support.clock import StoppedClock


def test_a_supervisor_finds_what_citizens_have_urged(
    city: City, person: Enter, number: str, clock: StoppedClock
) -> None:
    with city.db.begin() as session:
        quiet = a_case(session).number
        urged = session.scalars(select(Case).where(Case.number == number)).one()
        service.urge(session, urged, now=clock.now())

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


def a_crew(city: City) -> int:
    with city.db.begin() as session:
        crew = Unit(
            id=9,
            code="WORKS-1",
            name="市政抢修一班",
            name_en="Works crew 1",
            kind=UnitKind.CREW,
            parent_id=WORKS,
            path="/1/3/9/",
            region_code=CITY_CODE,
        )
        session.add(crew)
        session.flush()
        return crew.id


def test_units_are_offered_in_the_readers_language_and_crews_not_at_all(
    city: City, person: Enter, number: str
) -> None:
    a_crew(city)
    step(person(Role.CLERK), number, "accept")
    dispatcher = person(Role.DISPATCHER)

    chinese = dispatcher.get(f"/cases/{number}").form(field="unit_id").element.text
    dispatcher.http.cookies.set("lang", "en")
    english = dispatcher.get(f"/cases/{number}").form(field="unit_id").element.text

    assert "市政工程局" in chinese
    assert "抢修一班" not in chinese
    assert "Works" in english
    assert "市政工程局" not in english
    assert "crew" not in english.lower()


def test_a_crew_named_in_a_form_is_refused_in_a_sentence(
    city: City, person: Enter, number: str
) -> None:
    crew = a_crew(city)
    step(person(Role.CLERK), number, "accept")

    page = step(person(Role.DISPATCHER), number, "dispatch", unit_id=str(crew), note="就近派")

    assert page.status == 422
    assert "班组的活由所属单位安排" in page.text
    assert "就近派" in page.html


def test_the_english_case_page_gives_the_ground_of_a_limit_in_english(
    person: Enter, number: str
) -> None:
    clerk = person(Role.CLERK)
    clerk.http.cookies.set("lang", "en")

    page = clerk.get(f"/cases/{number}")

    assert "After the four grades of Beijing" in page.text
    assert "参照" not in page.text
