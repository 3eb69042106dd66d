"""Thousands of tries by anybody at anything leave every matter whole, on both databases."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine

from app import wiring
from app.accounts.rules import Actor, Role, Scope
from app.cases.kinds import FINAL, Status
from app.kernel.events import wire
from app.kernel.vault import info_with
from app.supervision.service import levels
from tests.anybody.hall import Hall
from tests.support.city import ROOT, WATER, WORKS, City, Db, a_city, seat
from tests.support.clock import MONDAY_9AM
from tests.support.edges import a_vault

# Second ones of a role, so that four eyes are there, and a unit that assists.
_MORE = (
    ("handler2", Role.HANDLER, WORKS, Scope.UNIT),
    ("water", Role.HANDLER, WATER, Scope.UNIT),
    ("water_head", Role.UNIT_HEAD, WATER, Scope.UNIT),
    ("supervisor2", Role.SUPERVISOR, ROOT, Scope.ALL),
    ("reviewer2", Role.REVIEWER, ROOT, Scope.ALL),
)


@pytest.fixture
def city(db: Db) -> Iterator[City]:
    wire(wiring.SUBSCRIBERS)
    yield a_city(db)
    wire({})


def everybody(city: City) -> list[Actor]:
    with city.db.begin() as session:
        more = [seat(session, *who, now=MONDAY_9AM) for who in _MORE]
        levels.seed(session)
    # Somebody handles and supervises: not the same matter.
    handler, supervisor = more[0], more[3]
    both = replace(handler, appointments=(*handler.appointments, *supervisor.appointments))
    return [*city.people.values(), both, *more[1:]]


def test_whatever_anybody_tries_every_matter_stays_whole(engine: Engine, city: City) -> None:
    class Run(Hall):
        pass

    Run.engine, Run.info = engine, info_with(a_vault())
    Run.people, Run.reached = everybody(city), set()

    run_state_machine_as_test(
        Run,
        settings=settings(
            max_examples=settings().max_examples // 5,  # of the profile: 20 or 200
            stateful_step_count=18,
            phases=[Phase.generate],  # to shrink such a story takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )

    assert {Status.HANDLING, Status.REPLIED, Status.RETURNING} <= Run.reached
    assert len(Run.reached & FINAL) > 1
