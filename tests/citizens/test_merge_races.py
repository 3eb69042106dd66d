"""Two merges of overlapping people at the same moment: one wins, nothing is half done."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from app.citizens.models import Citizen, CitizenMerge, CitizenMergeMove, Contact
from app.citizens.queries.merging import current_id
from app.citizens.service.merging import Pair, merge, unmerge
from app.kernel.errors import ConflictError
from tests.citizens.bare import CLERK, a_citizen
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.edges import an_edge

Db = sessionmaker[Session]


def at_once(engine: Engine, pairs: list[Pair]) -> list[str]:
    """What became of each merge, all begun at the same moment."""
    edge, start = an_edge(engine, StoppedClock()), Barrier(len(pairs))

    def go(pair: Pair) -> str:
        start.wait()
        try:
            with edge.writing() as session:
                merge(session, pair, take=frozenset(), reason="同", by=CLERK, now=MONDAY_9AM)
        except ConflictError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(len(pairs)) as pool:
        return sorted(pool.map(go, pairs))


PAIRS = {
    "into the same person": [(1, 2), (1, 3)],
    "a chain": [(1, 2), (2, 3)],
    "each into the other": [(1, 2), (2, 1)],
    "a ring": [(1, 2), (2, 3), (3, 1)],
}


@pytest.mark.parametrize("case", PAIRS)
def test_of_two_merges_that_share_somebody_one_wins(engine: Engine, db: Db, case: str) -> None:
    with db.begin() as session:
        for n in range(3):
            a_citizen(session, "张三", phone=f"1790000000{n}")

    ends = at_once(engine, [Pair(a, 1, b, 1) for a, b in PAIRS[case]])

    assert ends == ["conflict"] * (len(ends) - 1) + ["done"]
    with db() as session:
        won = session.scalars(select(CitizenMerge)).one()
        cells = session.scalars(select(CitizenMergeMove)).all()
        assert {cell.merge_id for cell in cells} == {won.id}
        owners = session.scalars(select(Contact.citizen_id)).all()
        assert won.merged_id not in owners
        assert sorted(owners).count(won.survivor_id) == 2  # their own and the other's
        states = dict(session.execute(select(Citizen.id, Citizen.version)).all())
        assert sum(states.values()) == 3 + 2  # only the two of them have counted


def test_two_who_undo_the_same_merge_undo_it_once(engine: Engine, db: Db) -> None:
    with db.begin() as session:
        a, b = a_citizen(session, "张三"), a_citizen(session, "张三")
        made = merge(
            session, Pair(a, 1, b, 1), take=frozenset(), reason="同", by=CLERK, now=MONDAY_9AM
        )
    edge, start = an_edge(engine, StoppedClock()), Barrier(2)

    def go(_: int) -> str:
        start.wait()
        try:
            with edge.writing() as session:
                unmerge(session, made, reason="错", by=CLERK, now=MONDAY_9AM)
        except ConflictError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(pool.map(go, range(2)))

    assert ends == ["conflict", "done"]
    with db() as session:
        assert [current_id(session, each) for each in (a, b)] == [a, b]


def test_a_chain_may_grow_at_one_end_while_it_is_undone_at_the_other(
    engine: Engine, db: Db
) -> None:
    with db.begin() as session:
        a, b, c = (a_citizen(session, "张三") for _ in range(3))
        made = merge(
            session, Pair(b, 1, a, 1), take=frozenset(), reason="同", by=CLERK, now=MONDAY_9AM
        )
    edge, start = an_edge(engine, StoppedClock()), Barrier(2)

    def grow() -> str:
        start.wait()
        try:
            with edge.writing() as session:
                pair = Pair(c, 1, b, 2)
                merge(session, pair, take=frozenset(), reason="同", by=CLERK, now=MONDAY_9AM)
        except ConflictError as error:
            return error.code
        return "done"

    def undo() -> str:
        start.wait()
        try:
            with edge.writing() as session:
                unmerge(session, made, reason="错", by=CLERK, now=MONDAY_9AM)
        except ConflictError as error:
            return error.code
        return "done"

    with ThreadPoolExecutor(2) as pool:
        ends = sorted(end.result() for end in (pool.submit(grow), pool.submit(undo)))

    assert ends == ["conflict", "done"]
