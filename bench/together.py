"""`python -m bench.together`: one leading matter with 500 followers, and one reply to 200 matters.

Each step is timed once as its user waits for it, on both databases, beside the same with one;
aims: no step of the leading matter above two seconds (issue 4).
"""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from app import migrating, wiring
from app.accounts.rules import Role
from app.cases import service as cases
from app.cases.kinds import Action, CallbackResult, Outcome, Status
from app.cases.models import Case
from app.cases.rules import Facts, Proof, StepInput
from app.cases.service import closing
from app.desk.bulk import queries as bulk_queries
from app.desk.bulk import service as bulk
from app.desk.bulk.rules import BulkDeed
from app.kernel.db import make_engine
from app.kernel.events import wire
from app.kernel.vault import info_with
from tests.support.city import WORKS, City, a_case, a_city, first_category
from tests.support.clock import MONDAY_9AM
from tests.support.databases import Server, find_initdb, private_server
from tests.support.edges import a_vault

FOLLOWERS: Final = 500
REPLIES: Final = 200
_AIM: Final = 2.0  # seconds
_NOW: Final = MONDAY_9AM


def main() -> None:
    """Print seconds for each step, with one and with many."""
    wire(wiring.SUBSCRIBERS)
    for name, engine in _databases():
        print(f"\n{name}")
        city = a_city(sessionmaker(engine, expire_on_commit=False, info=info_with(a_vault())))
        one, many = _led(city, 1), _led(city, FOLLOWERS)
        for step, seconds in many.items():
            sign = "✓" if seconds <= _AIM else "✗"
            times = seconds / one[step]
            print(
                f"{step:22} {one[step]:6.3f} s with 1, {seconds:6.3f} s with {FOLLOWERS}"
                f" ({times:.1f} times; aim {_AIM:.0f} s {sign})"
            )
        one_reply, replies = _replied(city, 1), _replied(city, REPLIES)
        print(
            f"{'bulk reply':22} {one_reply:6.3f} s to 1, {replies:6.3f} s to {REPLIES}"
            f" ({replies / one_reply:.1f} times)"
        )


def _databases() -> Iterator[tuple[str, Engine]]:
    with tempfile.TemporaryDirectory(prefix="bench-together-") as folder:
        with _engine(f"sqlite:///{Path(folder) / 'bench.db'}") as engine:
            yield "SQLite", engine
        initdb = find_initdb()
        if initdb is None:
            print("\nPostgreSQL is not installed here: left out.")
            return
        with (
            private_server(initdb, durable=True) as url,
            Server(url, "bench").database() as database,
            _engine(database) as engine,
        ):
            yield "PostgreSQL", engine


@contextmanager
def _engine(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    migrating.upgrade(engine)
    yield engine.execution_options(writing=True)
    engine.dispose()


def _led(city: City, followers: int) -> dict[str, float]:
    """Seconds each step of a matter takes that leads so many."""
    with city.db.begin() as session:
        master = _in_hand(session, city)
        others = [a_case(session, now=_NOW) for _ in range(followers)]
    joining = _timed(city, partial(_join_all, city=city, others=others, master=master))
    steps: dict[str, tuple[Action, Role, Facts]] = {
        "reply": (Action.REPLY, Role.HANDLER, Facts(outcome=Outcome.RESOLVED)),
        "reply approved": (Action.APPROVE_REPLY, Role.REVIEWER, Facts()),
        "closed with followers": (
            Action.CLOSE,
            Role.REVIEWER,
            Facts(callback_result=CallbackResult.SOLVED),
        ),
    }
    seconds = {"a follower joined": joining / followers}
    for name, (action, role, facts) in steps.items():
        seconds[name] = _timed(
            city,
            partial(_do, city=city, case=master, action=action, role=role, facts=facts),
        )
    with city.db() as session:
        ended = session.get_one(Case, others[-1].id).status
    if ended is Status.MERGED:
        msg = "the followers did not end with their leading matter"
        raise RuntimeError(msg)
    return seconds


def _in_hand(session: Session, city: City) -> Case:
    case = a_case(session, now=_NOW)
    accepted = Facts(category_id=first_category(session))
    _do(session, city, case, Action.ACCEPT, Role.CLERK, accepted)
    _do(session, city, case, Action.DISPATCH, Role.DISPATCHER, Facts(unit_id=WORKS))
    _do(session, city, case, Action.SIGN, Role.HANDLER, Facts())
    return case


def _join_all(session: Session, city: City, others: Sequence[Case], master: Case) -> None:
    facts = Facts(master=master.number)
    for other in others:
        _do(session, city, other, Action.MERGE, Role.CLERK, facts)


def _do(session: Session, city: City, case: Case, action: Action, role: Role, facts: Facts) -> None:
    stored = session.get_one(Case, case.id)
    points = tuple(point.code for point in closing.points_of(session, stored))
    given = StepInput(
        action,
        stored.version,
        note="同一处",
        text="已修复",
        facts=facts,
        proof=Proof(statement="已现场核实", lacking="未拍照"),
        points=points,
    )
    cases.take_step_as_staff(session, case.id, given, actor=city[role], now=_NOW)


def _replied(city: City, matters: int) -> float:
    """Seconds one reply to so many matters takes, from the press to the last one done."""
    with city.db.begin() as session:
        numbers = [_in_hand(session, city).number for _ in range(matters)]
        handler = city[Role.HANDLER]
        run = bulk.gather(session, handler, numbers=numbers, now=_NOW)
        given = {"outcome": "resolved", "text": "已修复", "note": "统一答复"}
        bulk.plan(session, handler, run.id, BulkDeed.REPLY, given, now=_NOW)

    def press(session: Session) -> None:
        begun = bulk.begin(session, handler, run.id, now=_NOW)
        while bulk_queries.rows_of(session, begun.id, most=1):
            bulk.go_on(session, begun, handler, now=_NOW)

    return _timed(city, press)


def _timed(city: City, work: Callable[[Session], object]) -> float:
    began = perf_counter()
    with city.db.begin() as session:
        work(session)
    return perf_counter() - began


if __name__ == "__main__":
    main()
