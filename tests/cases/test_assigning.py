"""Who a matter may be given to: people of the unit that has it, or whoever takes it on."""

from dataclasses import replace

import pytest

from app.accounts.rules import Actor, Grant, Role, Scope
from app.cases import service
from app.cases.kinds import Action
from app.cases.models import Case
from app.cases.rules import Facts, StepInput
from app.kernel.errors import InvalidError
from tests.support.city import CITY_CODE, ROOT, WORKS, City, Db, a_case, a_city, first_category
from tests.support.clock import MONDAY_9AM


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def step(city: City, case_id: int, action: Action, actor: Actor, **facts: int) -> None:
    with city.db.begin() as session:
        version = session.get_one(Case, case_id).version
        given = StepInput(action, version, facts=Facts(**facts))  # type: ignore[arg-type]  # ids
        service.take_step_as_staff(session, case_id, given, actor=actor, now=MONDAY_9AM)


@pytest.fixture
def case_id(city: City) -> int:
    with city.db.begin() as session:
        found = a_case(session).id
        category = first_category(session)
    step(city, found, Action.ACCEPT, city[Role.CLERK], category_id=category)
    step(city, found, Action.DISPATCH, city[Role.DISPATCHER], unit_id=WORKS)
    step(city, found, Action.SIGN, city[Role.HANDLER])
    return found


def test_somebody_of_a_unit_above_may_take_a_matter_on(city: City, case_id: int) -> None:
    seat = Grant(Role.HANDLER, ROOT, "/1/", CITY_CODE, Scope.SUBTREE)
    above = replace(city[Role.SUPERVISOR], appointments=(seat,))

    step(city, case_id, Action.ASSIGN, above, handler_id=above.id)

    with city.db() as session:
        assert session.get_one(Case, case_id).handler_id == above.id


def test_a_matter_is_not_given_to_somebody_of_another_unit(city: City, case_id: int) -> None:
    with pytest.raises(InvalidError):
        step(city, case_id, Action.ASSIGN, city[Role.HANDLER], handler_id=city[Role.CLERK].id)
