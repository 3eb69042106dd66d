"""Two people at one group in the same moment: neither act is lost, and nothing is half done."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.kinds import Action, CallbackResult, Outcome, Status
from app.cases.merge_models import CaseMerge
from app.cases.models import Case, CaseEvent
from app.cases.rules import Facts
from app.cases.service.recording import check_chain
from app.kernel.errors import ConflictError, InvalidError
from tests.cases.joining import join
from tests.cases.walking import HOUR, take, to_handling
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import an_edge

Act = Callable[[Session], object]


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def at_once(engine: Engine, acts: list[Act]) -> list[str]:
    """What became of each act, begun at the same moment; who was told to try again does, once."""
    edge, start = an_edge(engine, StoppedClock()), Barrier(len(acts))

    def once(act: Act) -> str:
        try:
            with edge.writing() as session:
                act(session)
        except InvalidError as error:
            return next(iter(error.fields.values()))
        return "done"

    def go(act: Act) -> str:
        start.wait()
        try:
            return once(act)
        except ConflictError:
            return once(act)

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(go, acts))


def answered(session: Session, city: City) -> Case:
    master = to_handling(session, city, a_case(session))
    facts = Facts(outcome=Outcome.RESOLVED)
    take(session, master, Action.REPLY, city[Role.HANDLER], text="已修好", facts=facts)
    return take(session, master, Action.APPROVE_REPLY, city[Role.REVIEWER])


def check_history(session: Session, case_id: int) -> None:
    lines = select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.seq)
    assert check_chain(session.scalars(lines)) is None


def test_joining_a_matter_while_it_is_closed_ends_in_one_of_two_ways(
    engine: Engine, city: City
) -> None:
    with city.db.begin() as session:
        master, case = answered(session, city), a_case(session)
        first, second = master.id, case.id

    def close(session: Session) -> None:
        solved = Facts(callback_result=CallbackResult.SOLVED)
        one = session.get_one(Case, first)
        take(session, one, Action.CLOSE, city[Role.REVIEWER], at=MONDAY_9AM + HOUR, facts=solved)

    def merge(session: Session) -> None:
        join(session, city, session.get_one(Case, second), session.get_one(Case, first))

    ends = at_once(engine, [close, merge])

    assert ends[0] == "done"
    with city.db() as session:
        master, case = session.get_one(Case, first), session.get_one(Case, second)
        merges = session.scalars(select(CaseMerge)).all()
        assert master.status is Status.CLOSED
        if ends[1] == "done":
            assert (case.status, case.master_id) == (Status.CLOSED, first)
            assert [merge.ended_at is not None for merge in merges] == [True]
        else:
            assert "ended" in ends[1]
            assert (case.status, merges) == (Status.SUBMITTED, [])
        check_history(session, first)
        check_history(session, second)


def test_each_into_the_other_makes_one_lead_and_one_follow(engine: Engine, city: City) -> None:
    with city.db.begin() as session:
        first, second = a_case(session).id, a_case(session).id

    def merge(one: int, other: int) -> Act:
        def act(session: Session) -> None:
            join(session, city, session.get_one(Case, one), session.get_one(Case, other))

        return act

    ends = at_once(engine, [merge(first, second), merge(second, first)])

    assert sorted(end == "done" for end in ends) == [False, True]
    with city.db() as session:
        states = sorted(session.scalars(select(Case.status)))
        assert states == [Status.MERGED, Status.SUBMITTED]
        assert len(session.scalars(select(CaseMerge)).all()) == 1


def test_two_who_join_others_to_one_matter_both_do(engine: Engine, city: City) -> None:
    with city.db.begin() as session:
        master, *others = (a_case(session).id for _ in range(3))

    def merge(one: int) -> Act:
        def act(session: Session) -> None:
            join(session, city, session.get_one(Case, one), session.get_one(Case, master))

        return act

    ends = at_once(engine, [merge(one) for one in others])

    assert ends == ["done", "done"]
    with city.db() as session:
        led = session.scalars(select(Case.id).where(Case.master_id == master)).all()
        assert set(led) == set(others)
        check_history(session, master)
