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
from app.demo.year import silent
from app.kernel.events import wire
from app.kernel.vault import info_with
from app.supervision.service import levels
from tests.anybody.hall import Hall
from tests.anybody.outside import Outside
from tests.repairs.mending import Works, the_works
from tests.service_requests.applying import INSTANT, PERMIT, an_item
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


@pytest.fixture
def works(db: Db) -> Iterator[Works]:
    wire(silent(wiring.SUBSCRIBERS))
    yield the_works(db)
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

    try_anything(Run, share=5)  # of the profile: 20 or 200 stories

    assert {Status.HANDLING, Status.REPLIED, Status.RETURNING} <= Run.reached
    assert len(Run.reached & FINAL) > 1


def test_repairs_and_applications_stay_whole_too(engine: Engine, works: Works) -> None:
    class Run(Outside):
        pass

    Run.engine, Run.info = engine, info_with(a_vault())
    Run.people, Run.reached = [*everybody(works.city), *works.crews], set()
    Run.works = works
    with works.city.db.begin() as session:
        Run.items = tuple(
            an_item(session, works.city, content, code=f"990100A00{number}")
            for number, content in enumerate((PERMIT, INSTANT), start=1)
        )

    try_anything(Run, share=10)

    assert {Status.ON_SITE, Status.REPAIRED, Status.REVIEWING, Status.DECIDED} <= Run.reached
    assert len(Run.reached & FINAL) > 1


def try_anything(machine: type[Hall], *, share: int) -> None:
    """Run a share of the profile's number of stories."""
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=settings().max_examples // share,
            stateful_step_count=18,
            phases=[Phase.generate],  # to shrink such a story takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
