"""Words of danger make a repair dangerous and urgent, by whichever way it comes in."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.kinds import Channel, Status
from app.cases.models import Case
from app.cases.rules import staff
from app.cases.service.historical import take_over
from app.cases.service.past_case import PastCase
from app.catalogue.queries import get_category
from app.catalogue.rules import CaseKind, Urgency
from app.facilities import queries as facilities
from app.facilities.rules import TypeView
from app.inspections import queries as rounds
from app.inspections import service as inspections
from app.inspections.rules import Result
from app.inspections.service import Said
from app.open311.rules.definitions import Answered
from app.open311.service import Report, open_request
from app.partners import service as partners
from app.partners.rules import KeyTerms, Right
from app.repairs.models import Repair
from app.repairs.rules import told_of
from app.repairs.service import take_in_open
from app.sla.rules import ClockKind
from tests.inspections.builders import TODAY, lamps, plan
from tests.repairs.mending import Works, a_repair, clock
from tests.support.city import CENTRE, DISTRICT_CODE, a_case
from tests.support.clock import MONDAY_9AM as NOW

WORDS = "灯杆下面有人触电了，请快来"


def by_portal(session: Session, works: Works) -> Case:
    return a_repair(session, works, body=WORDS, asset_id=works.lamp_id)


def by_clerk(session: Session, works: Works) -> Case:
    """As any other matter, with the category of lamps and the clerk's own grade."""
    kind = facilities.get_type(session, works.type_id)
    return a_case(
        session,
        doer=staff(works[Role.CLERK]),
        body=WORDS,
        category_id=kind.category_id,
        kind=CaseKind.REPAIR,
        urgency=Urgency.NORMAL,
    )


def by_program(session: Session, works: Works) -> Case:
    terms = KeyTerms("示例市民应用", frozenset({Right.CREATE}))
    key, _ = partners.make(session, terms, now=NOW)
    kind = facilities.get_type(session, works.type_id)
    sent = Report(kind, WORDS, Answered(), region_code=DISTRICT_CODE)
    return session.get_one(Case, open_request(session, sent, key_id=key.id, now=NOW).case_id)


def by_inspector(session: Session, works: Works) -> Case:
    lamps(session)
    plan(session, works.crew_ids[0])
    inspections.make_rounds(session, today=TODAY)
    walker = works.crews[0]
    walked = rounds.open_rounds(session, walker).items[0]
    stop = rounds.stops_of(session, walked.id)[0]
    said = Said(Result.FINDING, WORDS)
    found = inspections.say(
        session, walked.id, stop.asset_id, said, version=1, actor=walker, now=NOW
    )
    assert found is not None
    return found


def by_import(session: Session, works: Works) -> Case:
    kind = facilities.get_type(session, works.type_id)
    past = PastCase(
        "L-1", CaseKind.REPAIR, Channel.PHONE, "路灯", WORDS, CENTRE, NOW - timedelta(days=3),
        Status.REPORTED, category=get_category(session, kind.category_id),
    )  # fmt: skip
    keys = take_over(session, "elsewhere", [past])
    take_in_open(session, keys, now=NOW)
    return session.get_one(Case, keys[0], populate_existing=True)


DOORS: tuple[Callable[[Session, Works], Case], ...] = (
    by_portal,
    by_clerk,
    by_program,
    by_inspector,
    by_import,
)


def test_words_of_danger_count_by_whichever_way_a_repair_comes_in(works: Works) -> None:
    with works.city.db.begin() as session:
        cases = {door: door(session, works).id for door in DOORS}

    with works.city.db() as session:
        for door, key in cases.items():
            row, case = session.get_one(Repair, key), session.get_one(Case, key)
            safety = clock(session, case, ClockKind.SAFETY)
            assert (row.is_danger, row.dangers, case.urgency) == (True, [], Urgency.URGENT), door
            assert case.status is Status.REPORTED, door  # a person looks at it, whatever the type
            assert safety is not None, door
            assert row.safety_due_at == safety.due_at == NOW + timedelta(minutes=60), door
            resolve = clock(session, case, ClockKind.RESOLVE)
            limit = resolve.limit_code if resolve else None  # what is imported keeps the one it had
            assert limit == (None if door is by_import else "facility.0120.urgent"), door


def test_names_a_form_fills_in_are_no_words_of_danger_but_those_of_a_danger_are(
    works: Works,
) -> None:
    with works.city.db() as session:
        hole, fire = (a_type(session, code) for code in ("0206", "E0401"))

    assert told_of(hole, f"{hole.name.zh} {hole.forms[0].label.zh} 有点坑").words == ()
    assert told_of(hole, "路面塌陷了").words == ("塌陷",)
    assert told_of(fire, "路面塌陷").numbers == ("119", "120")
    assert told_of(None, "没有着火").words == ()


def a_type(session: Session, code: str) -> TypeView:
    return facilities.get_type_by_code(session, code)
