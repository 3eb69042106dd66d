"""Dispatchers send matters to units: one by one, as a selection, and two of them at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.kinds import FINAL, Action, Finding, Outcome, PauseGround, Status
from app.cases.models import Case, CaseAccess, CaseEvent
from app.cases.rules import Facts
from app.cases.workflows import TABLES
from app.catalogue.rules import CaseKind
from app.departments.models import Unit
from app.departments.service import announce_closing, close_unit
from app.dispatching import listening, queries
from app.dispatching.queries import Queue, Wanted
from app.dispatching.rules import HELD
from app.dispatching.service import sending
from app.dispatching.service.sending import Sending
from app.kernel.authors import MACHINE
from app.kernel.errors import DomainError, ForbiddenError, InvalidError
from app.notifications.models import StaffEntry
from tests.cases.walking import take, to_handling
from tests.complaints.walking import a_complaint, a_measure, found, investigated
from tests.dispatching.town import accepted, dispatched
from tests.support.city import WATER, WORKS, City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import an_edge

CLOSING = "单位撤并"


def test_a_bad_row_is_named_and_stops_nothing(city: City) -> None:
    with city.db.begin() as session:
        first, stale, crewless = (accepted(session, city) for _ in range(3))
        many = [
            Sending(first.id, first.version, WORKS),
            Sending(stale.id, stale.version - 1, WORKS),
            Sending(crewless.id, crewless.version, None),
        ]

        done = sending.send_many(
            session, many, note="", actor=city[Role.DISPATCHER], now=MONDAY_9AM
        )

    assert [bool(one.trouble) for one in done] == [False, True, True]
    with city.db() as session:
        states = [session.get_one(Case, one.case_id).status for one in many]
        assert states == [Status.DISPATCHED, Status.ACCEPTED, Status.ACCEPTED]


def test_whoever_asked_is_told_what_was_decided(city: City) -> None:
    with city.db.begin() as session:
        handler, dispatcher = city[Role.HANDLER], city[Role.DISPATCHER]
        case = dispatched(session, city)
        why = Facts(suggested_unit_id=WATER, evidence="管线权属证明")
        take(session, case, Action.REQUEST_RETURN, handler, note="属供水", facts=why)
        take(session, case, Action.REFUSE_RETURN, dispatcher, note="照片显示是路灯。")
        take(session, case, Action.REQUEST_RETURN, handler, note="仍属供水", facts=why)

        take(session, case, Action.ADJUDICATE, dispatcher, note="各执一词。")

    with city.db() as session:
        told = select(StaffEntry.msgid).order_by(StaffEntry.id)
        assert session.scalars(told.where(StaffEntry.staff_id == handler.id)).all() == [
            listening.REFUSED,
            listening.TO_RULE,
        ]


def test_a_return_is_accepted_and_sent_on_in_one_go(city: City) -> None:
    with city.db.begin() as session:
        case = dispatched(session, city)
        why = Facts(suggested_unit_id=WATER, evidence="管线权属证明")
        take(session, case, Action.REQUEST_RETURN, city[Role.HANDLER], note="属供水", facts=why)
        one = Sending(case.id, case.version, WATER)

        sending.send(session, one, note="", actor=city[Role.DISPATCHER], now=MONDAY_9AM)

    with city.db() as session:
        case = session.get_one(Case, case.id)
        assert (case.status, case.unit_id) == (Status.DISPATCHED, WATER)


def test_only_who_dispatches_sends(city: City) -> None:
    with city.db.begin() as session:
        case = accepted(session, city)

        one = Sending(case.id, case.version, WORKS)
        with pytest.raises(ForbiddenError):
            sending.send(session, one, note="", actor=city[Role.HANDLER], now=MONDAY_9AM)


def announce(city: City, unit_id: int = WORKS) -> None:
    with city.db.begin() as session:
        version = session.get_one(Unit, unit_id).version
        announce_closing(session, unit_id, version, by=MACHINE, now=MONDAY_9AM)


def suspended(session: Session, city: City) -> Case:
    case = to_handling(session, city, a_case(session))
    asked = Facts(ground=PauseGround.LITIGATION, until=MONDAY_9AM.date().replace(day=20))
    take(session, case, Action.REQUEST_SUSPENSION, city[Role.HANDLER], note="x", facts=asked)
    paper = Facts(document_no="1 号")
    return take(
        session, case, Action.APPROVE_SUSPENSION, city[Role.SUPERVISOR], text="y", facts=paper
    )


def test_an_abolished_unit_loses_no_matter(city: City) -> None:
    with city.db.begin() as session:
        handled, paused = to_handling(session, city, a_case(session)), suspended(session, city)
        fresh = dispatched(session, city)
    announce(city)

    with city.db.begin() as session:
        dispatcher = city[Role.DISPATCHER]
        queue = queries.list_queue(session, dispatcher, Wanted(Queue.ENDING), cursor=None)
        many = [Sending(row.id, row.version, WATER) for row in queue.items]
        done = sending.send_many(session, many, note=CLOSING, actor=dispatcher, now=MONDAY_9AM)

    assert {one.case_id for one in many} == {handled.id, paused.id, fresh.id}
    assert [one.trouble for one in done] == ["", "", ""]
    with city.db() as session:
        found = {case.id: case for case in session.scalars(select(Case))}
        assert {case.unit_id for case in found.values()} == {WATER}
        assert found[handled.id].status is Status.DISPATCHED
        assert (found[paused.id].status, found[paused.id].is_paused) == (Status.SUSPENDED, True)
        ended = select(CaseAccess.to_at).where(
            CaseAccess.unit_id == WORKS, CaseAccess.case_id == handled.id
        )
        assert session.scalars(ended).all() == [MONDAY_9AM]


def test_nothing_new_is_sent_to_a_unit_that_is_being_closed(city: City) -> None:
    announce(city)
    with city.db.begin() as session:
        case = accepted(session, city)

        one = Sending(case.id, case.version, WORKS)
        with pytest.raises(InvalidError) as refused:
            sending.send(session, one, note="", actor=city[Role.DISPATCHER], now=MONDAY_9AM)

        assert set(refused.value.fields) == {"unit_id"}


def test_a_unit_in_service_keeps_what_it_has(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))

        one = Sending(case.id, case.version, WATER)
        with pytest.raises(DomainError):
            sending.send(session, one, note=CLOSING, actor=city[Role.DISPATCHER], now=MONDAY_9AM)


def test_a_reply_under_way_stays_under_way_when_its_unit_is_closed(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        facts = Facts(outcome=Outcome.RESOLVED)
        take(session, case, Action.REPLY, city[Role.HANDLER], text="已修好。", facts=facts)
    announce(city)
    with city.db.begin() as session:
        one = Sending(case.id, session.get_one(Case, case.id).version, WATER)
        sending.send(session, one, note=CLOSING, actor=city[Role.DISPATCHER], now=MONDAY_9AM)

    with city.db() as session:
        case = session.get_one(Case, case.id)
        assert (case.status, case.unit_id) == (Status.REPLIED, WATER)


def test_a_unit_closes_once_its_work_is_elsewhere(city: City) -> None:
    announce(city, WATER)
    with city.db.begin() as session:
        version = session.get_one(Unit, WATER).version

        closed = close_unit(session, WATER, version, by=MACHINE, now=MONDAY_9AM)

        assert closed.is_active is False


def test_of_two_dispatchers_the_second_is_told_and_nothing_is_lost(engine: Engine, db: Db) -> None:
    city = a_city(db)
    with city.db.begin() as session:
        case = accepted(session, city)
    edge, start, version = an_edge(engine, StoppedClock()), Barrier(2), case.version

    def at_once(unit_id: int) -> str:
        start.wait()
        try:
            with edge.writing() as session:
                one = Sending(case.id, version, unit_id)
                sending.send(session, one, note="", actor=city[Role.DISPATCHER], now=MONDAY_9AM)
        except DomainError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(at_once, (WORKS, WATER)))

    assert ends == ["conflict", "done"]
    with city.db() as session:
        sent = select(CaseEvent.unit_id).where(CaseEvent.action == Action.DISPATCH)
        assert len(session.scalars(sent).all()) == 1
        leads = select(CaseAccess.unit_id).where(CaseAccess.to_at.is_(None))
        assert session.get_one(Case, case.id).unit_id in session.scalars(leads).all()


# Not in a unit's hands: taken in, being sent or ruled on, following another.
BETWEEN_UNITS = {
    Status.SUBMITTED,
    Status.ACCEPTED,
    Status.REPORTED,
    Status.VERIFIED,
    Status.RETURNING,
    Status.ADJUDICATING,
    Status.MERGED,
}


@pytest.mark.parametrize("kind", list(CaseKind))
def test_no_kind_of_matter_has_a_state_from_which_a_closing_unit_cannot_pass_it_on(
    kind: CaseKind,
) -> None:
    states = {s.source for s in TABLES[kind]} - FINAL - BETWEEN_UNITS - {Status.DISPATCHED}
    passed = {s.source for s in TABLES[kind] if s.action is Action.REDISTRIBUTE}

    assert passed == states
    assert states <= HELD


def test_a_complaint_under_investigation_or_with_measures_outlives_its_unit(city: City) -> None:
    with city.db.begin() as session:
        young = investigated(session, city, a_complaint(session))
        old = found(session, city, a_complaint(session), Finding.UPHELD)
        a_measure(session, city, old)
    announce(city)

    with city.db.begin() as session:
        dispatcher = city[Role.DISPATCHER]
        queue = queries.list_queue(session, dispatcher, Wanted(Queue.ENDING), cursor=None)
        many = [Sending(row.id, row.version, WATER) for row in queue.items]
        done = sending.send_many(session, many, note=CLOSING, actor=dispatcher, now=MONDAY_9AM)

    assert {one.case_id for one in many} == {young.id, old.id}
    assert [one.trouble for one in done] == ["", ""]
    with city.db() as session:
        found_now = [session.get_one(Case, case.id) for case in (young, old)]
        assert [case.unit_id for case in found_now] == [WATER, WATER]
        assert [case.status for case in found_now] == [Status.DISPATCHED, Status.MEASURES]
