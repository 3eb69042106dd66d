"""Repairs from the report to the file: in order, sent back, dangerous, put off, nobody's own."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.kinds import Action, DoerKind, NotFiled, Outcome, PauseGround, Status
from app.cases.models import Case, CaseEvent, CaseText
from app.cases.queries import get_case
from app.cases.rules import CITIZEN, Facts, StepInput
from app.cases.rules.repairing import PhotoStage, Work
from app.cases.service import take_step
from app.catalogue.models import Category
from app.desk.repairing.queries import list_ringing
from app.facilities.models import FacilityType
from app.facilities.queries import get_type_by_code
from app.kernel.errors import InvalidError, NotFoundError
from app.repairs import queries
from app.repairs.models import Repair
from app.repairs.rules import words_of
from app.sla.rules import ClockKind
from tests.repairs.mending import (
    LEAK,
    Works,
    a_photo,
    a_repair,
    clock,
    dispatched,
    on_site,
    shots,
    step,
    stocked,
)
from tests.support.city import WATER
from tests.support.clock import MONDAY_9AM

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEFORE, SAFETY, AFTER = PhotoStage.BEFORE, PhotoStage.SAFETY, PhotoStage.AFTER


def test_from_a_photo_in_the_street_to_a_checked_repair_done_twice(works: Works) -> None:
    mender, dispatcher = works.crews[0], works[Role.DISPATCHER]
    with works.city.db.begin() as session:
        lamps = stocked(session)
        case = a_repair(session, works, attachment_ids=(a_photo(session),))
        due_at = case.due_at
        on_site(session, works, case, at=MONDAY_9AM + HOUR)
        with pytest.raises(InvalidError) as refused:
            step(session, case, Action.FIX, mender, at=MONDAY_9AM + 2 * HOUR)
        done = Work(
            shots(session, AFTER), ((lamps.id, Decimal(2)),), Decimal("1.5"), 3000,
            MONDAY_9AM + 2 * HOUR, Decimal("114.000001"), Decimal("22.000001"),
        )  # fmt: skip
        step(session, case, Action.FIX, mender, at=MONDAY_9AM + 2 * HOUR, work=done)
        step(session, case, Action.REWORK, works.inspector, at=MONDAY_9AM + 3 * HOUR, note="仍闪烁")
        assert case.round == 2
        assert case.due_at == due_at
        step(session, case, Action.ARRIVE, mender, at=MONDAY_9AM + 4 * HOUR)
        again = replace(done, photos=shots(session, AFTER), materials=(), hours=Decimal(1))
        step(session, case, Action.FIX, mender, at=MONDAY_9AM + 5 * HOUR, work=again)
        step(session, case, Action.CHECK, works.inspector, at=MONDAY_9AM + DAY)
        step(session, case, Action.CLOSE, works.inspector, at=MONDAY_9AM + DAY, text="已更换灯头。")

    assert "photo" in refused.value.fields["photos"]
    with works.city.db() as session:
        row = session.get_one(Repair, case.id)
        resolve = clock(session, case, ClockKind.RESOLVE)
        assert case.status is Status.CLOSED
        assert case.outcome is Outcome.RESOLVED
        assert resolve is not None
        assert resolve.met_at == MONDAY_9AM + 5 * HOUR
        assert case.on_time is True
        assert case.reply_text == "已更换灯头。"
        assert (row.hours, row.cost, row.rework_count) == (Decimal("2.50"), 6000, 1)
        assert [used.cost for used in queries.materials_of(session, case.id)] == [17600]
        assert [photo.stage for photo in queries.photos_of(session, case.id)] == [
            BEFORE, AFTER, AFTER,
        ]  # fmt: skip
        with pytest.raises(NotFoundError):  # the crew sees it while it has it, not longer
            get_case(session, case.id, mender)
        assert get_case(session, case.id, dispatcher).id == case.id


def test_danger_is_fenced_in_time_and_only_then_put_off(works: Works) -> None:
    mender, head = works.crews[0], works[Role.UNIT_HEAD]
    until = (MONDAY_9AM + 30 * DAY).date()
    put_off = Facts(ground=PauseGround.SEASONAL_WORK, until=until, evidence="汛期停工令")
    with works.city.db.begin() as session:
        case = a_repair(session, works, dangers=(LEAK,), attachment_ids=(a_photo(session),))
        on_site(session, works, case, at=MONDAY_9AM + HOUR / 4)
        with pytest.raises(Exception, match="safety measure"):
            step(session, case, Action.REQUEST_SUSPENSION, head, note="等汛期过", facts=put_off)
        fenced = Work(shots(session, SAFETY))
        step(session, case, Action.SECURE, mender, at=MONDAY_9AM + HOUR / 3, work=fenced)
        step(session, case, Action.REQUEST_SUSPENSION, head, note="等汛期过", facts=put_off)
        order = Facts(document_no="市政〔2026〕7 号")
        above = works[Role.SUPERVISOR]
        step(session, case, Action.APPROVE_SUSPENSION, above, text="汛期后施工", facts=order)

    with works.city.db() as session:
        row = session.get_one(Repair, case.id)
        safety = clock(session, case, ClockKind.SAFETY)
        assert case.status is Status.SUSPENDED
        assert case.is_paused
        assert row.is_danger
        assert row.safety_due_at is not None
        assert safety is not None
        assert safety.on_time is True
        assert safety.met_at == row.safety_done_at


def test_a_known_lamp_without_danger_is_filed_by_rule_and_the_citizen_takes_others_back(
    works: Works,
) -> None:
    with works.city.db.begin() as session:
        known = a_repair(session, works, asset_id=works.lamp_id)
        filing, by = told_of_filing(session, known)
        kind = session.get_one(FacilityType, works.type_id)
        kind.is_filed_by_rule = False
        session.flush()
        looked_at = a_repair(session, works, asset_id=works.lamp_id)
        risky = a_repair(session, works, asset_id=works.lamp_id, dangers=(LEAK,))
        unknown = a_repair(session, works)
        nothing = Facts(not_filed=NotFiled.NOTHING_THERE)
        step(session, unknown, Action.NOT_FILE, works.inspector, text="现场正常", facts=nothing)
        taken_back = StepInput(Action.WITHDRAW, risky.version)
        take_step(session, risky, taken_back, doer=CITIZEN, now=MONDAY_9AM)

    with works.city.db() as session:
        assert (known.status, looked_at.status) == (Status.VERIFIED, Status.REPORTED)
        assert (by, filing) == (DoerKind.SYSTEM, f"立案条件：{kind.filing}")
        assert risky.status is Status.WITHDRAWN
        assert session.get_one(Repair, known.id).is_by_rule
        assert unknown.status is Status.NOT_FILED
        assert unknown.due_at is not None
        assert session.get_one(Repair, unknown.id).not_filed is NotFiled.NOTHING_THERE


def test_what_is_filed_as_another_facility_asks_for_its_photos_and_keeps_what_was_named(
    works: Works,
) -> None:
    with works.city.db.begin() as session:
        case = a_repair(session, works, dangers=(LEAK,))
        cover, bin_ = (get_type_by_code(session, code) for code in ("0101", "0303"))
        matter = session.scalars(select(Category).where(Category.code == "0101")).one()
        with pytest.raises(InvalidError) as refused:
            step(session, case, Action.FILE, works.inspector, facts=Facts(category_id=matter.id))
        other = Facts(category_id=bin_.category_id)
        step(session, case, Action.FILE, works.inspector, facts=other)

    with works.city.db() as session:
        row, filed = session.get_one(Repair, case.id), session.get_one(Case, case.id)
        assert list(refused.value.fields) == ["category_id"]
        assert (row.type_id, filed.category_id) == (bin_.id, bin_.category_id)
        assert (row.needs_before, row.needs_after) == (bin_.needs_before, bin_.needs_after)
        assert words_of(bin_, row.dangers, "zh") == ("漏电：触碰发麻、线头外露、冒火花",)
        assert cover.needs_before


def told_of_filing(session: Session, case: Case) -> tuple[str, DoerKind]:
    """What the history says of filing, and who did it."""
    wanted = select(CaseText.internal_text, CaseEvent.actor_kind).join(
        CaseEvent, CaseEvent.id == CaseText.event_id
    )
    row = session.execute(
        wanted.where(CaseEvent.case_id == case.id, CaseEvent.action == Action.FILE)
    ).one()
    return row.internal_text, row.actor_kind


def test_another_unit_gets_it_without_the_crew_and_nobodys_is_coordinated(works: Works) -> None:
    dispatcher = works[Role.DISPATCHER]
    with works.city.db.begin() as session:
        case = a_repair(session, works)
        dispatched(session, works, case)
        mine = Facts(crew_id=works.crew_ids[0])
        step(session, case, Action.ASSIGN_CREW, dispatcher, facts=mine)
        water = Facts(unit_id=WATER)
        step(session, case, Action.DISPATCH, dispatcher, note="应归供水", facts=water)
        nobodys = a_repair(session, works)
        step(session, nobodys, Action.FILE, works.inspector)
        step(session, nobodys, Action.COORDINATE, dispatcher, note="查无权属", facts=water)

    with works.city.db() as session:
        assert session.get_one(Repair, case.id).crew_id is None
        with pytest.raises(NotFoundError):
            get_case(session, case.id, works.crews[0])
        assert session.get_one(Repair, nobodys.id).is_territorial
        territorial = select(Case.id).join(Repair).where(Repair.is_territorial)
        assert list(session.scalars(territorial)) == [nobodys.id]


def test_two_reports_of_one_lamp_end_together_and_one_of_them_comes_back(works: Works) -> None:
    mender, dispatcher = works.crews[0], works[Role.DISPATCHER]
    with works.city.db.begin() as session:
        first = a_repair(session, works, attachment_ids=(a_photo(session),))
        second = a_repair(session, works)
        on_site(session, works, first)
        dispatched(session, works, second)
        same = Facts(master=first.number)
        step(session, second, Action.MERGE, dispatcher, note="同一盏灯", facts=same)
        done = Work(shots(session, AFTER))
        step(session, first, Action.FIX, mender, work=done)
        step(session, first, Action.CHECK, works.inspector)
        step(session, first, Action.CLOSE, works.inspector, text="已修复。")
        both = (first.status, second.status)
        again = StepInput(Action.REOPEN, first.version, text="又不亮了")
        take_step(session, first, again, doer=CITIZEN, now=MONDAY_9AM + DAY)

    with works.city.db() as session:
        assert both == (Status.CLOSED, Status.CLOSED)
        assert second.reply_text == "已修复。"
        assert (first.status, first.round) == (Status.SIGNED, 2)
        assert get_case(session, first.id, mender).id == first.id  # the crew sees it once more


def test_what_is_given_to_somebody_else_waits_at_the_spot_for_them_anew(works: Works) -> None:
    dispatcher, inspector = works[Role.DISPATCHER], works.inspector
    with works.city.db.begin() as session:
        given, back, sent = (a_repair(session, works, dangers=(LEAK,)) for _ in range(3))
        for case in (given, back, sent):
            on_site(session, works, case)
        other = Facts(crew_id=works.crew_ids[1])
        step(session, given, Action.ASSIGN_CREW, dispatcher, facts=other)
        step(session, back, Action.HAND_BACK, works.crews[0], note="没有升降车")
        asked = Facts(suggested_unit_id=WATER, evidence="供水管井盖")
        step(
            session, sent, Action.REQUEST_RETURN, works[Role.HANDLER], note="不归我们", facts=asked
        )
        step(session, sent, Action.ACCEPT_RETURN, dispatcher)

    with works.city.db() as session:
        rows = {one.id: session.get_one(Repair, one.id) for one in (given, back, sent)}
        crews = [row.crew_id for row in rows.values()]
        assert crews == [works.crew_ids[1], None, None]
        for row in rows.values():
            assert (row.on_way_at, row.on_site_at) == (None, None)
        ringing = {line.id for line in list_ringing(session, inspector)}
        assert {given.id, back.id} <= ringing
        with pytest.raises(NotFoundError):
            get_case(session, sent.id, works.crews[0])
