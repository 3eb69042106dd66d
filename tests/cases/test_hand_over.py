"""A matter is handed over inside its unit and stays with the first until the next accepts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.cases import service as cases
from app.cases.kinds import Action
from app.cases.models import Case
from app.cases.queries.history import timeline
from app.cases.rules import Facts, StepInput
from app.kernel.errors import DomainError, ForbiddenError, InvalidError
from tests.cases.walking import take, to_handling
from tests.dispatching.town import a_colleague
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import an_edge

WHY = "出差一周，请接手。"


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def colleague(session: Session, city: City, name: str = "second") -> Actor:
    return replace(city[Role.HANDLER], id=a_colleague(session, name), username=name)


def handed(session: Session, city: City, to: Actor) -> Case:
    case = to_handling(session, city, a_case(session))
    facts = Facts(handler_id=to.id)
    return take(session, case, Action.HAND_OVER, city[Role.HANDLER], note=WHY, facts=facts)


def test_the_first_keeps_it_until_the_next_accepts(city: City) -> None:
    with city.db.begin() as session:
        second = colleague(session, city)
        case = handed(session, city, second)
        assert (case.handler_id, case.handing_to_id) == (city[Role.HANDLER].id, second.id)

        take(session, case, Action.ACCEPT_HAND_OVER, second)

    with city.db() as session:
        case = session.get_one(Case, case.id)
        assert (case.handler_id, case.handing_to_id) == (second.id, None)
        lines = [line.action for line in timeline(session, case, second)]
        assert lines[-2:] == [Action.HAND_OVER, Action.ACCEPT_HAND_OVER]


def test_refused_with_a_reason_it_stays(city: City) -> None:
    with city.db.begin() as session:
        second = colleague(session, city)
        case = handed(session, city, second)
        with pytest.raises(InvalidError):
            take(session, case, Action.REFUSE_HAND_OVER, second)

        take(session, case, Action.REFUSE_HAND_OVER, second, note="手上已满。")

    with city.db() as session:
        case = session.get_one(Case, case.id)
        assert (case.handler_id, case.handing_to_id) == (city[Role.HANDLER].id, None)


def test_only_the_person_asked_accepts(city: City) -> None:
    with city.db.begin() as session:
        case = handed(session, city, colleague(session, city))

        for other in (city[Role.HANDLER], city[Role.UNIT_HEAD]):
            with pytest.raises(ForbiddenError):
                take(session, case, Action.ACCEPT_HAND_OVER, other)


def test_it_is_handed_to_nobody_outside_the_unit_and_not_to_oneself(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))

        for wrong in (city[Role.CLERK], city[Role.HANDLER]):
            facts = Facts(handler_id=wrong.id)
            with pytest.raises(InvalidError):
                take(session, case, Action.HAND_OVER, city[Role.HANDLER], note=WHY, facts=facts)


def test_nobody_hands_over_what_a_colleague_has_in_hand(city: City) -> None:
    with city.db.begin() as session:
        second = colleague(session, city)
        case = to_handling(session, city, a_case(session))

        for other in (second, city[Role.UNIT_HEAD]):
            facts = Facts(handler_id=city[Role.UNIT_HEAD].id)
            with pytest.raises(ForbiddenError):
                take(session, case, Action.HAND_OVER, other, note=WHY, facts=facts)


def test_an_assignment_by_the_head_ends_the_waiting(city: City) -> None:
    with city.db.begin() as session:
        second = colleague(session, city)
        case = handed(session, city, second)

        facts = Facts(handler_id=city[Role.UNIT_HEAD].id)
        take(session, case, Action.ASSIGN, city[Role.UNIT_HEAD], facts=facts)

        assert (case.handler_id, case.handing_to_id) == (city[Role.UNIT_HEAD].id, None)


def test_of_two_who_take_a_matter_on_one_has_it(engine: Engine, db: Db) -> None:
    city = a_city(db)
    with city.db.begin() as session:
        second = colleague(session, city)
        case = to_handling(session, city, a_case(session))
        session.get_one(Case, case.id).handler_id = None
    people = {actor.id: actor for actor in (second, city[Role.UNIT_HEAD])}
    edge, start, version = an_edge(engine, StoppedClock()), Barrier(2), case.version

    def at_once(actor: Actor) -> str:
        start.wait()
        try:
            with edge.writing() as session:
                given = StepInput(Action.ASSIGN, version, facts=Facts(handler_id=actor.id))
                cases.take_step_as_staff(session, case.id, given, actor=actor, now=MONDAY_9AM)
        except DomainError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        ends = dict(zip(people, pool.map(at_once, people.values()), strict=True))

    assert sorted(ends.values()) == ["conflict", "done"]
    with city.db() as session:
        assert ends[session.get_one(Case, case.id).handler_id or 0] == "done"
