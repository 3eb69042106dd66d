"""A complaint is never seen, got or decided by those it is about, nor by the line below them."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.cases import queries
from app.cases.kinds import Action, Status
from app.cases.models import Case
from app.cases.queries import lists
from app.cases.rules import NO_FACTS, Facts, StepNotAllowedError
from app.catalogue.rules import CaseKind
from app.kernel.errors import InvalidError, NotFoundError
from app.supervision.rules import Level, Window
from app.supervision.service import asked_of, spared
from tests.cases.walking import take
from tests.support.city import CENTRE, ROOT, WATER, WORKS, City, Db, a_case, a_city, first_category
from tests.support.clock import MONDAY_9AM


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def a_complaint(session: Session, city: City, about: Facts = NO_FACTS) -> Case:
    case = a_case(session, kind=CaseKind.COMPLAINT)
    facts = replace(about, category_id=first_category(session))
    return take(session, case, Action.ACCEPT, city[Role.CLERK], facts=facts)


def is_seen(city: City, number: str, actor: Actor) -> bool:
    with city.db() as session:
        try:
            queries.get_by_number(session, number, actor)
        except NotFoundError:
            return False
        listed = lists.worklist(session, actor, lists.Filter(), now=MONDAY_9AM).items
        return number in {row.number for row in listed}


def test_the_unit_complained_of_does_not_see_it_even_if_it_had_it_before(city: City) -> None:
    with city.db.begin() as session:
        number = a_complaint(session, city, Facts(accused_unit_id=WORKS)).number

    assert not is_seen(city, number, city[Role.HANDLER])
    assert not is_seen(city, number, city[Role.UNIT_HEAD])
    assert is_seen(city, number, city[Role.DISPATCHER])


def test_it_cannot_be_dispatched_to_the_unit_it_is_about(city: City) -> None:
    with city.db.begin() as session:
        case = a_complaint(session, city, Facts(accused_unit_id=WORKS))
        works = Facts(unit_id=WORKS)

        with pytest.raises(InvalidError) as refused:
            take(session, case, Action.DISPATCH, city[Role.DISPATCHER], facts=works)

        assert set(refused.value.fields) == {"unit_id"}


def test_a_person_complained_of_stands_for_their_unit_and_does_not_see_it(city: City) -> None:
    with city.db.begin() as session:
        number = a_complaint(session, city, Facts(accused_staff="handler")).number

    assert not is_seen(city, number, city[Role.HANDLER])
    assert not is_seen(city, number, city[Role.UNIT_HEAD])


def test_a_complaint_about_the_centre_leaves_it_at_once_and_the_unit_above_sends_it_on(
    city: City,
) -> None:
    with city.db.begin() as session:
        case = a_complaint(session, city, Facts(accused_unit_id=CENTRE))

        assert (case.status, case.unit_id) == (Status.ACCEPTED, ROOT)
        water = Facts(unit_id=WATER)
        take(
            session,
            case,
            Action.RULE,
            city[Role.SUPERVISOR],
            note="由供水公司纪检核查",
            facts=water,
        )
        assert (case.status, case.unit_id) == (Status.DISPATCHED, WATER)

    assert not is_seen(city, case.number, city[Role.DISPATCHER])
    assert not is_seen(city, case.number, city[Role.CLERK])
    assert is_seen(city, case.number, city[Role.SUPERVISOR])


def test_an_ordinary_matter_is_not_sent_round_the_dispatcher(city: City) -> None:
    with city.db.begin() as session:
        case = a_complaint(session, city)
        water = Facts(unit_id=WATER)
        with pytest.raises(StepNotAllowedError):
            take(session, case, Action.RULE, city[Role.SUPERVISOR], note="x", facts=water)


@pytest.mark.parametrize(
    ("about", "field"),
    [
        (Facts(accused_unit_id=ROOT), "accused_unit_id"),
        (Facts(accused_staff="x"), "accused_staff"),
    ],
)
def test_nobody_who_cannot_be_looked_into_is_named(city: City, about: Facts, field: str) -> None:
    with pytest.raises(InvalidError) as refused, city.db.begin() as session:
        a_complaint(session, city, about)

    assert set(refused.value.fields) == {field}
    with city.db() as after:
        assert after.scalars(select(Case)).all() == []


def test_figures_leave_it_out_for_those_it_is_about_and_for_nobody_else(city: City) -> None:
    with city.db.begin() as session:
        a_complaint(session, city, Facts(accused_unit_id=WORKS))

    with city.db() as session:
        for role, is_about in ((Role.UNIT_HEAD, True), (Role.SUPERVISOR, False)):
            asked = asked_of(city[role], seat=0, under=None, window=Window.MONTH, level=Level.EACH)
            left_out = spared(session, asked, city[role]).reach.sparing
            assert (left_out is not None) is is_about
