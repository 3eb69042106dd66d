"""What cannot wait: one rule for the board, its bell, the proposals of crews and their own list."""

from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.kinds import Action, Status
from app.cases.models import Case
from app.cases.rules import Facts
from app.catalogue.rules import Urgency
from app.crew.views import jobs_of
from app.crews.service.profiles import set_grabbing
from app.departments import queries as departments
from app.desk.repairing import queries as desk
from app.desk.repairing.queries import Wanted
from app.desk.repairing.weighing import look, weigh
from app.kernel.authors import MACHINE
from app.repairs import queries
from app.repairs.labels import emergency_labels
from app.repairs.models import Repair
from app.repairs.rules import WAITING, Emergency, emergencies
from app.repairs.service import take_from_pool
from tests.crews.mending import crew_view, skilled, waiting
from tests.repairs.mending import Works, a_repair, dispatched, step
from tests.support.clock import MONDAY_9AM as NOW

CRITICAL = Facts(urgency=Urgency.CRITICAL)


@pytest.mark.parametrize(
    ("urgency", "is_danger", "is_safe", "is_there", "why"),
    [
        (Urgency.URGENT, False, False, False, ()),
        (Urgency.CRITICAL, False, False, False, (Emergency.CRITICAL,)),
        (Urgency.CRITICAL, False, False, True, ()),
        (Urgency.NORMAL, True, False, False, (Emergency.DANGEROUS,)),
        (Urgency.NORMAL, True, False, True, (Emergency.DANGEROUS,)),
        (Urgency.NORMAL, True, True, False, ()),
        (Urgency.CRITICAL, True, True, False, (Emergency.CRITICAL,)),
        (Urgency.CRITICAL, True, False, False, (Emergency.DANGEROUS, Emergency.CRITICAL)),
    ],
)
def test_what_is_critical_waits_for_somebody_there_what_is_dangerous_for_a_safe_spot(
    urgency: Urgency, *, is_danger: bool, is_safe: bool, is_there: bool, why: tuple[Emergency, ...]
) -> None:
    facts = {"is_danger": is_danger, "is_safe": is_safe, "is_there": is_there}

    assert emergencies(Status.DISPATCHED, urgency, **facts) == why
    assert emergencies(Status.RETURNING, urgency, **facts) == why
    assert emergencies(Status.REPAIRED, urgency, **facts) == ()


def test_the_database_finds_the_same_emergencies_as_the_rule(works: Works) -> None:
    states = (Status.REPORTED, Status.ON_SITE, Status.ADJUDICATING, Status.SUSPENDED)
    flags = (False, True)
    with works.city.db.begin() as session:
        for status, urgency, is_danger, is_safe, is_there in product(
            states, (Urgency.CRITICAL, Urgency.URGENT), flags, flags, flags
        ):
            case = a_repair(session, works)
            row = session.get_one(Repair, case.id)
            case.status, case.urgency, row.is_danger = status, urgency, is_danger
            row.safety_done_at = NOW if is_safe else None
            row.on_site_at = NOW if is_there else None

    with works.city.db() as session:
        columns = (*queries.BOARD_COLUMNS, queries.IS_EMERGENCY.label("rings"))
        found = session.execute(select(*columns).join(Repair, Repair.case_id == Case.id)).all()
        said = {row.id: bool(queries.emergencies_of(row)) for row in found}
        assert {row.id: bool(row.rings) for row in found} == said
        assert sum(said.values()) == 3 * (5 + 2)
        assert Status.SUSPENDED not in WAITING


def test_a_repair_called_critical_rings_and_goes_first_until_the_crew_is_there(
    works: Works,
) -> None:
    skilled(works, capacity=1)
    mender, crew_id = works.crews[0], works.crew_ids[0]
    dispatcher, own = works[Role.DISPATCHER], Facts(crew_id=works.crew_ids[0])
    with works.city.db.begin() as session:
        usual = waiting(session, works)
        step(session, usual, Action.ASSIGN_CREW, dispatcher, facts=own)
        crew = crew_view(session, crew_id)
        head = works[Role.UNIT_HEAD]
        set_grabbing(session, crew, True, version=0, actor=head, by=MACHINE, now=NOW)
        told = a_repair(session, works)
        step(session, told, Action.FILE, works.inspector, facts=CRITICAL)
        dispatched(session, works, told)
        told.sort_at = usual.sort_at + timedelta(days=9)  # by its limit alone it would come last

        board = desk.list_board(session, dispatcher, Wanted(), cursor=None, now=NOW).items
        (ringing,) = desk.list_ringing(session, dispatcher)
        proposed = weigh(session, look(session, now=NOW), ringing).candidates
        take_from_pool(session, told.id, crew_id, actor=mender, now=NOW)  # though its day is full

        assert [row.id for row in board] == [told.id, usual.id]
        assert (ringing.id, emergency_labels(ringing)) == (told.id, ("Critical",))
        assert {one.crew_id for one in proposed} == set(works.crew_ids)
        assert on_list(session, crew_id) == [(told.id, ("Critical",)), (usual.id, ())]

        step(session, told, Action.ARRIVE, mender)

        assert desk.list_ringing(session, dispatcher) == []
        assert on_list(session, crew_id) == [(usual.id, ()), (told.id, ())]


def on_list(session: Session, crew_id: int) -> list[tuple[int, tuple[str, ...]]]:
    """What a crew has in hand as its phone and its route say it, and why it comes first."""
    found = queries.of_crew(session, crew_id)
    crew = departments.views_of(session, [crew_id])
    cards = [
        (job.id, job.why_first) for job in jobs_of(session, found, crew, now=NOW, language="en")
    ]
    held = desk.held_by(session, [crew_id])[crew_id]
    assert dict(cards) == {one.case_id: one.why_first for one in held}
    return cards
