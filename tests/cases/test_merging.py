"""The same matter: one leads, the others follow, and each can be taken out again as it was."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Select, select

from app.accounts.rules import Actor, Role
from app.cases import service
from app.cases.kinds import Action, Status
from app.cases.merge_models import CaseMerge
from app.cases.models import CaseAccused, CaseEvent
from app.cases.rules import CITIZEN, Facts, StepInput, StepNotAllowedError
from app.cases.service.recording import check_chain
from app.catalogue.rules import CaseKind
from app.departments.models import Unit
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.sla.models import Clock
from app.sla.rules import ClockKind
from tests.cases.joining import a_led_group, accepted, join, join_sent, unjoin
from tests.cases.walking import HOUR, take, to_handling
from tests.support.city import WATER, WORKS, City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def test_a_merged_matter_stays_open_and_shows_the_date_of_the_one_it_follows(city: City) -> None:
    with city.db.begin() as session:
        master = to_handling(session, city, a_case(session))
        case = a_case(session, now=MONDAY_9AM + timedelta(days=1))
        join(session, city, case, master, at=MONDAY_9AM + timedelta(days=1))

        assert (case.status, case.closed_at) == (Status.MERGED, None)
        assert case.due_at == master.due_at
        assert (case.unit_id, case.handler_id) == (WORKS, None)
        assert case.number != master.number
        open_clocks = select(Clock).where(Clock.subject_id == case.id, Clock.cancelled_at.is_(None))
        assert session.scalars(open_clocks).all() == []


@pytest.mark.parametrize("days", [0, 1, 40])
def test_undoing_a_merge_gives_back_state_unit_handler_and_every_date(
    city: City, days: int
) -> None:
    with city.db.begin() as session:
        master = to_handling(session, city, a_case(session))
        case = to_handling(session, city, a_case(session))
        before = (case.status, case.unit_id, case.handler_id, case.due_at, case.next_due_at)
        dates = {c.kind: c.due_at for c in session.scalars(_open(case.id))}
        join_sent(session, city, case, master)
        later = MONDAY_9AM + timedelta(days=days)
        unjoin(session, city, case, at=later)

        after = (case.status, case.unit_id, case.handler_id, case.due_at, case.next_due_at)
        assert after == before
        assert {c.kind: c.due_at for c in session.scalars(_open(case.id))} == dates
        assert (case.master_id, case.closed_at, case.on_time) == (None, None, None)
        events = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)
        assert check_chain(session.scalars(events)) is None


def _open(case_id: int) -> Select[Clock]:
    return select(Clock).where(
        Clock.subject_id == case_id, Clock.met_at.is_(None), Clock.cancelled_at.is_(None)
    )


def test_where_its_unit_is_closed_by_then_it_goes_back_to_dispatch(city: City) -> None:
    with city.db.begin() as session:
        master = to_handling(session, city, a_case(session))
        case = accepted(session, city)
        take(session, case, Action.DISPATCH, city[Role.DISPATCHER], facts=Facts(unit_id=WATER))
        join_sent(session, city, case, master)
        session.get_one(Unit, WATER).is_active = False
        unjoin(session, city, case, at=MONDAY_9AM + HOUR)

        assert case.status is Status.ACCEPTED
        assert case.unit_id not in (WATER, WORKS)
        assert {c.kind for c in session.scalars(_open(case.id))} == {
            ClockKind.RESOLVE,
            ClockKind.DISPATCH,
        }


def test_who_followed_a_merged_matter_follows_along_and_comes_back_with_it(city: City) -> None:
    with city.db.begin() as session:
        first, (follower,) = a_led_group(session, city, 1)
        second = to_handling(session, city, a_case(session))
        join_sent(session, city, first, second)

        assert (first.master_id, follower.master_id) == (second.id, second.id)
        unjoin(session, city, first)
        assert (first.master_id, follower.master_id) == (None, first.id)
        assert first.status is Status.HANDLING
        unjoin(session, city, follower)
        assert (follower.status, follower.master_id) == (Status.SUBMITTED, None)


def test_a_follower_taken_out_of_the_larger_group_stays_out(city: City) -> None:
    with city.db.begin() as session:
        first, (follower,) = a_led_group(session, city, 1)
        second = to_handling(session, city, a_case(session))
        join_sent(session, city, first, second)
        unjoin(session, city, follower)
        unjoin(session, city, first)

        assert (follower.status, follower.master_id) == (Status.SUBMITTED, None)
        in_force = session.scalars(select(CaseMerge).where(CaseMerge.ended_at.is_(None))).all()
        assert in_force == []


def test_a_matter_is_not_joined_to_itself_nor_to_what_follows_it(city: City) -> None:
    with city.db.begin() as session:
        master, (follower,) = a_led_group(session, city, 1)

        for number in (master.number, follower.number):
            facts = Facts(master=number)
            with pytest.raises(InvalidError) as refused:
                take(session, master, Action.MERGE, city[Role.DISPATCHER], note="x", facts=facts)
            assert set(refused.value.fields) == {"master"}


@pytest.mark.parametrize("is_secret", [True, False])
def test_secrecy_is_not_mixed(city: City, *, is_secret: bool) -> None:
    with city.db.begin() as session:
        master = a_case(session, is_confidential=is_secret)
        case = a_case(session)
        case.is_confidential = not is_secret
        session.flush()
        cleared = _cleared(city)

        with pytest.raises(InvalidError) as refused:
            take(session, case, Action.MERGE, cleared, note="x", facts=Facts(master=master.number))

        assert "secrecy" in refused.value.fields["master"]


def test_two_confidential_matters_are_joined(city: City) -> None:
    with city.db.begin() as session:
        master, case = (a_case(session, is_confidential=True) for _ in range(2))
        facts = Facts(master=master.number)
        take(session, case, Action.MERGE, _cleared(city), note="同一处", facts=facts)

        assert case.status is Status.MERGED


def _cleared(city: City) -> Actor:
    clerk = city[Role.CLERK]
    grant = replace(clerk.appointments[0], may_see_confidential=True)
    return replace(clerk, appointments=(grant,))


def test_matters_about_different_people_are_looked_into_apart(city: City) -> None:
    with city.db.begin() as session:
        master = a_case(session, kind=CaseKind.COMPLAINT)
        case = a_case(session, kind=CaseKind.COMPLAINT)
        session.add(CaseAccused(case_id=master.id, unit_id=WORKS, named_at=MONDAY_9AM))
        session.flush()

        with pytest.raises(InvalidError) as refused:
            join(session, city, case, master)

        assert "different" in refused.value.fields["master"]


def test_a_complaint_is_not_hidden_under_a_request_for_help(city: City) -> None:
    with city.db.begin() as session:
        master, case = a_case(session), a_case(session, kind=CaseKind.COMPLAINT)

        with pytest.raises(InvalidError):
            join(session, city, case, master)


def test_nothing_is_joined_to_a_matter_that_has_ended(city: City) -> None:
    with city.db.begin() as session:
        master, case = a_case(session), a_case(session)
        given = StepInput(Action.WITHDRAW, master.version)
        service.take_step(session, master, given, doer=CITIZEN, now=MONDAY_9AM)

        with pytest.raises(InvalidError) as refused:
            join(session, city, case, master)

        assert "ended" in refused.value.fields["master"]


def test_while_a_request_waits_nothing_is_joined(city: City) -> None:
    with city.db.begin() as session:
        master, case = a_case(session), to_handling(session, city, a_case(session))
        asked = Facts(amount=5, evidence="热线办法第 15 条")
        take(session, case, Action.REQUEST_EXTENSION, city[Role.HANDLER], note="待料", facts=asked)

        with pytest.raises(StepNotAllowedError):
            join_sent(session, city, case, master)


def test_a_stale_screen_and_a_second_press_join_nothing(city: City) -> None:
    with city.db.begin() as session:
        master, case = a_case(session), a_case(session)
        seen = case.version
        join(session, city, case, master)
        again = StepInput(Action.MERGE, seen, note="x", facts=Facts(master=master.number))

        with pytest.raises(ConflictError):
            service.take_step_as_staff(
                session, case.id, again, actor=city[Role.CLERK], now=MONDAY_9AM
            )

        assert len(session.scalars(select(CaseMerge)).all()) == 1


def test_a_handler_joins_nothing(city: City) -> None:
    with city.db.begin() as session:
        master = a_case(session)
        case = to_handling(session, city, a_case(session))

        with pytest.raises(ForbiddenError):
            take(
                session,
                case,
                Action.MERGE,
                city[Role.HANDLER],
                note="x",
                facts=Facts(master=master.number),
            )


def test_joining_does_not_make_the_screen_of_who_handles_the_leading_matter_stale(
    city: City,
) -> None:
    with city.db.begin() as session:
        master = to_handling(session, city, a_case(session))
        seen = master.version
        join(session, city, a_case(session), master)

        assert master.version == seen
