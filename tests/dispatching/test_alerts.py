"""A directory that cannot answer raises an alert and loses no matter."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.kinds import Action, Status
from app.cases.models import Case
from app.cases.rules import Facts, StepInput
from app.cases.service import take_step_as_staff
from app.catalogue.models import DispatchRule
from app.catalogue.service.directory import RuleDraft, add_rule, change_rule
from app.catalogue.service.revising import Edit
from app.departments.models import Unit
from app.departments.service import announce_closing, keep_open
from app.dispatching import queries
from app.dispatching.models import DirectoryAlert
from app.dispatching.queries import Queue, Wanted
from app.dispatching.rules import Fault
from app.dispatching.service import alerts
from app.kernel.authors import MACHINE
from app.notifications.models import StaffEntry
from tests.dispatching.town import accepted
from tests.support.city import (
    CENTRE,
    DISTRICT_CODE,
    WATER,
    WORKS,
    City,
    a_case,
    first_category,
)
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import an_edge

EDIT = Edit(now=MONDAY_9AM, actor=None)


def a_line(session: Session, unit_id: int = WORKS) -> DispatchRule:
    draft = RuleDraft(first_category(session), "", unit_id, "目录")
    return add_rule(session, draft, edit=EDIT)


def end(session: Session, unit_id: int = WORKS) -> None:
    unit = session.get_one(Unit, unit_id)
    announce_closing(session, unit_id, unit.version, by=MACHINE, now=MONDAY_9AM)


def standing(session: Session) -> list[DirectoryAlert]:
    wanted = select(DirectoryAlert).where(DirectoryAlert.cleared_at.is_(None))
    return list(session.scalars(wanted))


def test_a_matter_nobody_is_named_for_goes_to_the_centre_and_raises_an_alert(city: City) -> None:
    with city.db.begin() as session:
        case = accepted(session, city)

    with city.db() as session:
        (alert,) = standing(session)
        assert (alert.fault, alert.met) == (Fault.NOWHERE, 1)
        instead = queries.fallback_for(session, case.region_code, None)
        assert instead is not None
        assert instead.id == CENTRE
        queue = queries.list_queue(session, city[Role.DISPATCHER], Wanted(Queue.NEW), cursor=None)
        assert [row.id for row in queue.items] == [case.id]


def test_a_line_to_a_closed_unit_is_one_alert_however_many_matters_meet_it(city: City) -> None:
    with city.db.begin() as session:
        line = a_line(session)
        end(session)
        accepted(session, city)
        accepted(session, city)

    with city.db() as session:
        (alert,) = standing(session)
        assert (alert.fault, alert.rule_id, alert.unit_id, alert.met) == (
            Fault.CLOSED_UNIT,
            line.id,
            WORKS,
            2,
        )
        told = session.scalars(select(StaffEntry.staff_id)).all()
        assert told == [city[Role.ADMIN].id]


def test_an_alert_is_raised_before_any_matter_meets_it_and_cleared_once_mended(
    city: City,
) -> None:
    with city.db.begin() as session:
        line = a_line(session)
        end(session)
        alerts.watch(session, now=MONDAY_9AM)
        assert [alert.rule_id for alert in standing(session)] == [line.id]

        draft = RuleDraft(line.category_id, "", WATER, "目录")
        change_rule(session, line.id, draft, version=line.version, edit=EDIT)
        alerts.watch(session, now=MONDAY_9AM)

        assert standing(session) == []


def test_an_alert_comes_back_with_its_fault(city: City) -> None:
    with city.db.begin() as session:
        a_line(session)
        for _ in range(2):
            end(session)
            alerts.watch(session, now=MONDAY_9AM)
            assert len(standing(session)) == 1
            unit = session.get_one(Unit, WORKS)
            keep_open(session, WORKS, unit.version, by=MACHINE, now=MONDAY_9AM)
            alerts.watch(session, now=MONDAY_9AM)
            assert standing(session) == []


def test_a_gap_is_closed_by_a_line(city: City) -> None:
    with city.db.begin() as session:
        accepted(session, city)
        assert len(standing(session)) == 1

        a_line(session)
        alerts.watch(session, now=MONDAY_9AM)

        assert standing(session) == []


def test_whoever_a_matter_is_about_does_not_stand_in_for_nobody(city: City) -> None:
    with city.db() as session:
        assert queries.fallback_for(session, DISTRICT_CODE, CENTRE) is None


def test_two_matters_that_meet_the_same_gap_at_once_are_both_accepted(
    engine: Engine, city: City
) -> None:
    with city.db.begin() as session:
        cases = [a_case(session) for _ in range(2)]
        category = first_category(session)
    edge, start = an_edge(engine, StoppedClock()), Barrier(2)

    def accept(case: Case) -> None:
        given = StepInput(Action.ACCEPT, case.version, facts=Facts(category_id=category))
        start.wait()
        with edge.writing() as session:
            take_step_as_staff(session, case.id, given, actor=city[Role.CLERK], now=MONDAY_9AM)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(accept, cases))

    with city.db() as session:
        assert {case.status for case in session.scalars(select(Case))} == {Status.ACCEPTED}
        (alert,) = standing(session)
        assert alert.met == 2
