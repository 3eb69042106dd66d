"""Repairs given to crews: two who do it at once, full days, turns, reasons, and nobody's land."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.kinds import Status
from app.cases.models import Case
from app.cases.repair_models import Repair
from app.crews.models import CrewPool
from app.desk.repairing.giving import NOT_PROPOSED, Giving, ask_head, give, give_in_turn
from app.kernel.errors import ConflictError, DomainError, ForbiddenError, InvalidError
from app.notifications.queries import inbox
from tests.crews.mending import filed, settle, skilled, waiting
from tests.repairs.mending import Works
from tests.support.city import WORKS
from tests.support.clock import MONDAY_9AM as NOW
from tests.support.clock import StoppedClock
from tests.support.edges import an_edge


def crew_of(works: Works, case: Case) -> int | None:
    with works.city.db() as session:
        return session.get_one(Repair, case.id).crew_id


def at_once(engine: Engine, deeds: list[Callable[[Session], object]]) -> list[DomainError | None]:
    """What was said to each of those who began in the same moment; None: it was done."""
    edge, start = an_edge(engine, StoppedClock()), Barrier(len(deeds))

    def go(deed: Callable[[Session], object]) -> DomainError | None:
        start.wait()
        try:
            with edge.writing() as session:
                deed(session)
        except DomainError as error:
            return error
        return None

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(go, deeds))


def giving(works: Works, case: Case, crew: int, note: str = "") -> Callable[[Session], object]:
    one = Giving(case.id, case.version, works.crew_ids[crew], note)
    return lambda session: give(session, one, actor=works[Role.DISPATCHER], now=NOW)


def test_of_two_dispatchers_one_wins_and_the_other_is_shown_both_crews(
    engine: Engine, works: Works
) -> None:
    with works.city.db.begin() as session:
        case = waiting(session, works)

    said = at_once(engine, [giving(works, case, 0), giving(works, case, 1)])

    (refused,) = [error for error in said if error is not None]
    winner = 0 if said[0] is None else 1
    assert isinstance(refused, ConflictError)
    assert refused.stored["It lies with the crew"] == f"抢修 {winner} 班"
    assert refused.stored["You chose the crew"] == f"抢修 {1 - winner} 班"
    assert crew_of(works, case) == works.crew_ids[winner]


def test_the_last_place_of_a_crews_day_is_given_once_and_no_day_is_overrun_unnoticed(
    engine: Engine, works: Works
) -> None:
    skilled(works, capacity=1)
    with works.city.db.begin() as session:
        first, second = waiting(session, works), waiting(session, works)

    said = at_once(engine, [giving(works, first, 0), giving(works, second, 0)])

    (refused,) = [error for error in said if error is not None]
    assert isinstance(refused, InvalidError)
    assert refused.fields == {"note": NOT_PROPOSED}
    left = second if said[0] is None else first
    assert crew_of(works, left) is None
    with works.city.db.begin() as session:
        giving(works, left, 0, "只有这个班组有登高车")(session)
    assert crew_of(works, left) == works.crew_ids[0]


def test_turns_go_round_and_survive_a_restart(works: Works) -> None:
    given = []
    for _ in range(3):  # each in a session of its own: nothing is remembered but in the table
        with works.city.db.begin() as session:
            case = waiting(session, works)
            crew = give_in_turn(
                session, case.id, case.version, actor=works[Role.UNIT_HEAD], now=NOW
            )
            given.append(crew.id)

    assert given == [works.crew_ids[0], works.crew_ids[1], works.crew_ids[0]]
    with works.city.db() as session:
        assert session.get_one(CrewPool, WORKS).last_crew_id == works.crew_ids[0]


def test_another_crew_takes_over_with_a_reason_and_one_that_cannot_never(works: Works) -> None:
    with works.city.db.begin() as session:
        case = filed(session, works)
        giving(works, case, 0)(session)  # sent to the unit of the crew in the same breath
        assert (case.status, case.unit_id) == (Status.DISPATCHED, WORKS)
    with works.city.db.begin() as session, pytest.raises(InvalidError) as silent:
        giving(works, case, 1)(session)
    with works.city.db.begin() as session:
        giving(works, case, 1, "一班车坏了")(session)
        settle(session, works.crew_ids[0], skills=("0206",))
    case.version += 1
    with works.city.db.begin() as session, pytest.raises(InvalidError) as unable:
        giving(works, case, 0, "试试")(session)

    assert "note" in silent.value.fields
    assert "crew_id" in unable.value.fields
    assert crew_of(works, case) == works.crew_ids[1]


def test_where_no_crew_can_go_the_head_of_the_unit_is_asked(works: Works) -> None:
    with works.city.db.begin() as session:
        for crew_id in works.crew_ids:
            settle(session, crew_id, skills=("0206",))
        case = waiting(session, works)
        with pytest.raises(InvalidError):
            give_in_turn(session, case.id, case.version, actor=works[Role.DISPATCHER], now=NOW)
        told = ask_head(session, case.id, actor=works[Role.DISPATCHER], now=NOW)
        with pytest.raises(ForbiddenError):
            ask_head(session, case.id, actor=works[Role.REVIEWER], now=NOW)

    assert told == 1
    with works.city.db() as session:
        entries = inbox.list_entries(
            session, works[Role.UNIT_HEAD].id, only_unread=True, cursor=None
        ).items
        assert [one.link for one in entries] == [f"/repairs/give/{case.id}"]
