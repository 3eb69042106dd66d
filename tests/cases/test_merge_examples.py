"""Any order of joining and taking out again keeps every matter whole (hypothesis)."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.kinds import Action, Status
from app.cases.merge_models import CaseMerge
from app.cases.models import Case, CaseEvent
from app.cases.rules import Facts
from app.cases.service.recording import check_chain
from app.kernel.errors import ConflictError, InvalidError
from app.sla.models import Clock
from tests.cases.joining import accepted, join_sent, unjoin
from tests.cases.walking import take, to_handling
from tests.support.city import WORKS, City, Db, a_case, a_city

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
SIZE = 5
PLACES = st.integers(0, SIZE - 1)
ACTS = st.lists(st.tuples(st.booleans(), PLACES, PLACES), max_size=14)


@dataclass(frozen=True)
class Stand:
    """What undoing a merge must give back."""

    status: Status
    unit_id: int
    handler_id: int | None
    due_at: object
    clocks: tuple[tuple[str, object], ...]


def stand_of(session: Session, case: Case) -> Stand:
    session.flush()
    running = select(Clock.kind, Clock.due_at).where(
        Clock.subject_id == case.id, Clock.met_at.is_(None), Clock.cancelled_at.is_(None)
    )
    clocks = tuple(sorted((str(kind), due) for kind, due in session.execute(running)))
    return Stand(case.status, case.unit_id, case.handler_id, case.due_at, clocks)


def some_matters(session: Session, city: City) -> list[Case]:
    """Some in every state from which a matter may be joined."""
    sent = accepted(session, city)
    take(session, sent, Action.DISPATCH, city[Role.DISPATCHER], facts=Facts(unit_id=WORKS))
    asked = to_handling(session, city, a_case(session))
    take(session, asked, Action.ASK_CITIZEN, city[Role.HANDLER], text="哪一盏?")
    in_hand = to_handling(session, city, a_case(session))
    other = to_handling(session, city, a_case(session))
    return [accepted(session, city), sent, asked, in_hand, other]


def join_any(session: Session, city: City, case: Case, master: Case) -> None:
    if case.status is Status.ACCEPTED:
        facts = Facts(master=master.number)
        take(session, case, Action.MERGE, city[Role.CLERK], note="同一处", facts=facts)
    else:
        join_sent(session, city, case, master)


def check_group(session: Session, cases: list[Case]) -> None:
    by_id = {case.id: case for case in cases}
    in_force = select(CaseMerge).where(CaseMerge.ended_at.is_(None))
    merges = {merge.follower_id: merge.master_id for merge in session.scalars(in_force)}
    for case in cases:
        assert (case.status is Status.MERGED) == (case.master_id is not None)
        assert merges.get(case.id) == case.master_id
        if case.master_id is not None:
            master = by_id[case.master_id]
            assert master.status is not Status.MERGED  # no chains
            assert (case.unit_id, case.due_at) == (master.unit_id, master.due_at)
        lines = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)
        assert check_chain(session.scalars(lines)) is None


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


@settings(suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_whatever_was_joined_comes_out_as_it_was(
    city: City, acts: list[tuple[bool, int, int]]
) -> None:
    with city.db() as session:
        cases = some_matters(session, city)
        before = [stand_of(session, case) for case in cases]
        for is_join, one, other in acts:
            try:
                if is_join:
                    join_any(session, city, cases[one], cases[other])
                else:
                    unjoin(session, city, cases[one])
            except (ConflictError, InvalidError):
                session.expire_all()
            check_group(session, cases)
        # The largest group first: who was taken along comes back with the one it followed.
        while joined := [case for case in cases if case.status is Status.MERGED]:
            unjoin(session, city, joined[-1])
        assert [stand_of(session, case) for case in cases] == before
