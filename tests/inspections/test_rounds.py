"""Rounds: made once, walked stop by stop, a finding becomes a repair, what fails again is named."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.rules import Role
from app.cases.kinds import Status
from app.cases.repair_models import Repair
from app.facilities import queries as facilities
from app.facilities.models import FacilityType
from app.inspections import jobs, queries, service
from app.inspections.models import InspectionRound
from app.inspections.rules import Result, RoundState, state_of
from app.inspections.service import Said
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from tests.inspections.builders import SYSTEM, TODAY, lamps, plan
from tests.repairs.mending import a_repair, the_works
from tests.support.city import DISTRICT_CODE
from tests.support.clock import MONDAY_9AM


def test_a_round_is_made_once_begins_on_a_working_day_and_is_missed_when_nobody_walks(
    db: sessionmaker[Session],
) -> None:
    works = the_works(db)
    saturday = date(2026, 3, 7)
    with works.city.db.begin() as session:
        lamps(session)
        plan(session, works.crew_ids[0], starts_on=saturday, days=2)

    with works.city.db.begin() as session:
        early = service.make_rounds(session, today=TODAY)
        made = service.make_rounds(session, today=saturday)
        jobs.make_rounds(session, {}, now=MONDAY_9AM + timedelta(days=6))

    with works.city.db() as session:
        rounds = queries.open_rounds(session, works[Role.SUPERVISOR]).items
        assert (early, made) == (0, 1)
        assert [(one.begins_on, one.due_on, one.total) for one in rounds] == [
            (date(2026, 3, 9), date(2026, 3, 11), 4)
        ]
        assert queries.count_missed(session, works[Role.SUPERVISOR], today=date(2026, 3, 11)) == 0
        assert queries.count_missed(session, works[Role.SUPERVISOR], today=date(2026, 3, 12)) == 1
        assert session.scalar(select(func.count()).select_from(InspectionRound)) == 1


def test_a_finding_opens_a_repair_of_that_facility_and_the_last_stop_finishes_the_round(
    db: sessionmaker[Session],
) -> None:
    works = the_works(db)
    with works.city.db.begin() as session:
        codes = lamps(session)
        plan(session, works.crew_ids[0], codes=codes)
        service.make_rounds(session, today=TODAY)
    walker, stranger = works.crews

    with works.city.db.begin() as session:
        walked = queries.open_rounds(session, walker).items[0]
        stops = queries.stops_of(session, walked.id)
        tell: dict[str, Any] = {"version": 1, "actor": walker, "now": MONDAY_9AM}
        with pytest.raises(InvalidError) as wordless:
            service.say(session, walked.id, stops[0].asset_id, Said(Result.FINDING), **tell)
        case = service.say(
            session,
            walked.id,
            stops[0].asset_id,
            Said(Result.FINDING, "灯杆检修门缺失，线头外露", ("live",)),
            **tell,
        )
        service.say(session, walked.id, stops[1].asset_id, Said(Result.FINE), **tell)
        with pytest.raises(ConflictError):
            service.say(session, walked.id, stops[1].asset_id, Said(Result.FINE), **tell)
        with pytest.raises(NotFoundError):
            queries.get_round(session, stranger, walked.id)
        service.say(
            session,
            walked.id,
            stops[2].asset_id,
            Said(Result.OUT_OF_REACH, "围挡内"),
            **tell,
        )

    with works.city.db() as session:
        assert case is not None
        repair = session.get_one(Repair, case.id)
        done = queries.done_rounds(session, walker).items[0]
        said = queries.checks_of(session, stops[0].asset_id)[0]
        assert [stop.code for stop in stops] == codes
        assert wordless.value.fields.keys() == {"note"}
        assert (repair.asset_id, repair.is_danger) == (stops[0].asset_id, True)
        assert case.place == "样板路 0 号"
        assert (done.done, done.total, done.findings) == (3, 3, 1)
        assert (said.result, said.note) == (Result.FINDING, "灯杆检修门缺失，线头外露")
        assert (
            state_of(done.begins_on, done.due_on, is_finished=True, today=TODAY) is RoundState.DONE
        )


def test_three_repairs_of_a_lamp_within_ninety_days_are_pointed_out(
    db: sessionmaker[Session],
) -> None:
    works = the_works(db)
    days = (0, 60, 80, 100)
    with works.city.db.begin() as session:
        for day in days:
            a_repair(session, works, now=MONDAY_9AM + timedelta(days=day), asset_id=works.lamp_id)

    with works.city.db() as session:
        kind = facilities.get_type(session, works.type_id)
        then = MONDAY_9AM + timedelta(days=160)
        later = MONDAY_9AM + timedelta(days=101)
        assert queries.repeated_of(session, works.lamp_id, kind, now=then) is None
        found = queries.repeated_of(session, works.lamp_id, kind, now=later)
        listed = queries.repeated_assets(session, now=later)
        history = queries.repairs_of(session, works[Role.SUPERVISOR], works.lamp_id)
        assert found is not None
        assert (found.count, found.rule, found.days) == (3, 3, 90)
        assert [one.asset.id for one in listed if one.asset] == [works.lamp_id]
        assert queries.repeated_types(session, now=later) == []
        assert len(history) == len(days)


def test_a_type_that_fails_again_and_again_in_one_district_is_pointed_out(
    db: sessionmaker[Session],
) -> None:
    works = the_works(db)
    with works.city.db.begin() as session:
        session.get_one(FacilityType, works.type_id).repeat_in_district = 3
        for day in (0, 20, 40, 60):
            a_repair(session, works, now=MONDAY_9AM + timedelta(days=day))
        for day in (40, 60):
            a_repair(session, works, now=MONDAY_9AM + timedelta(days=day), region_code="990103")
        none = a_repair(session, works, now=MONDAY_9AM + timedelta(days=60))
        none.status = Status.NOT_FILED
        for region in ("", "9901", "990100"):  # where none is said stands the city
            a_repair(session, works, now=MONDAY_9AM + timedelta(days=20)).region_code = region

    with works.city.db() as session:
        found, nowhere = sorted(
            queries.repeated_types(session, now=MONDAY_9AM + timedelta(days=100)),
            key=lambda one: one.district,
            reverse=True,
        )
        later = queries.repeated_types(session, now=MONDAY_9AM + timedelta(days=120))
        assert (found.kind.id, found.district) == (works.type_id, DISTRICT_CODE[:6])
        assert (found.count, found.rule, found.days) == (3, 3, 90)
        assert found.last_at == MONDAY_9AM + timedelta(days=60)
        assert (nowhere.kind.id, nowhere.district, nowhere.count) == (works.type_id, "", 3)
        assert later == []


def test_a_plan_says_what_it_lacks_and_pauses_without_making_up_for_it(
    db: sessionmaker[Session],
) -> None:
    works = the_works(db)
    with works.city.db.begin() as session:
        lamps(session)
        with pytest.raises(InvalidError) as refused:
            plan(session, works.crew_ids[0], name=" ", type_id=None, every=0, inspector="nobody")
        plan_id = plan(session, works.crew_ids[0])
        seen = queries.get_plan(session, plan_id)
        service.set_plan_active(
            session, plan_id, is_active=False, version=seen.version, today=TODAY, edit=SYSTEM
        )
        while_off = service.make_rounds(session, today=TODAY + timedelta(days=30))
        service.set_plan_active(
            session,
            plan_id,
            is_active=True,
            version=seen.version + 1,
            today=TODAY + timedelta(days=30),
            edit=SYSTEM,
        )
        following = queries.get_plan(session, plan_id).next_on

    assert refused.value.fields.keys() == {"name", "type", "every", "inspector"}
    assert while_off == 0
    assert following == date(2026, 4, 6)
