"""What happens to cases while nobody presses a button."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases import jobs, listening, service
from app.cases.kinds import Action, PauseGround, Status
from app.cases.models import Case, CaseEvent
from app.cases.queries import lists
from app.cases.queries.lists import Filter, LampState
from app.cases.rules import Facts, StepInput
from app.kernel import events
from app.sla import service as sla
from app.sla.events import ClockBreached, ClockChanged
from tests.cases.walking import take, to_handling
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM


@pytest.fixture
def city(db: Db) -> Iterator[City]:
    events.wire(
        {ClockBreached: (listening.on_breach,), ClockChanged: (listening.on_clock_changed,)}
    )
    yield a_city(db)
    events.wire({})


def test_a_crossed_limit_is_written_down_once_however_often_the_job_runs(city: City) -> None:
    late = MONDAY_9AM + timedelta(days=60)
    with city.db.begin() as session:
        number = a_case(session).number
    for _ in range(2):
        with city.db.begin() as session:
            sla.sweep_breaches(session, now=late)

    with city.db() as after:
        case = after.scalars(select(Case).where(Case.number == number)).one()
        lines = after.scalars(select(CaseEvent.action).order_by(CaseEvent.seq)).all()
        overdue = Filter(lamp=LampState.BAD)

        assert lines.count(Action.BREACH) == 2  # acceptance and handling
        assert lines.count(Action.WARN) == 2
        found = lists.worklist(after, city[Role.SUPERVISOR], overdue, now=late).items
        assert [row.number for row in found] == [case.number]


def test_a_suspension_ends_by_itself_after_its_day(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        to_handling(session, city, case)
        asked = Facts(ground=PauseGround.LITIGATION, until=date(2026, 3, 9))
        take(session, case, Action.REQUEST_SUSPENSION, city[Role.HANDLER], note="x", facts=asked)
        paper = Facts(document_no="1 号")
        take(session, case, Action.APPROVE_SUSPENSION, city[Role.SUPERVISOR], text="y", facts=paper)
        case_id = case.id

    on_the_day = MONDAY_9AM + timedelta(days=7)
    for now, expected in (
        (on_the_day, Status.SUSPENDED),
        (on_the_day + timedelta(days=1), Status.HANDLING),
    ):
        with city.db.begin() as session:
            jobs.resume_suspended(session, {}, now=now)
        with city.db() as after:
            assert after.get_one(Case, case_id).status is expected


def test_lists_put_the_most_pressing_first_and_count_what_they_show(city: City) -> None:
    with city.db.begin() as session:
        older = a_case(session, now=MONDAY_9AM).number
        newer = a_case(session, now=MONDAY_9AM + timedelta(hours=1)).number
        ended = a_case(session)
        given = Facts()
        take(
            session,
            ended,
            Action.ANSWER_ON_SPOT,
            city[Role.CLERK],
            text="请拨打 12345",
            facts=given,
        )
    now = MONDAY_9AM + timedelta(hours=2)

    with city.db() as session:
        clerk = city[Role.CLERK]
        first = lists.worklist(session, clerk, Filter(), now=now, size=1)
        second = lists.worklist(session, clerk, Filter(), now=now, cursor=first.next_cursor)

        assert [row.number for row in (*first.items, *second.items)] == [older, newer]
        assert lists.count(session, clerk, Filter(), now=now).value == 2
        done = lists.worklist(session, clerk, Filter(is_open=False), now=now).items
        assert [row.number for row in done] == [ended.number]


def test_the_desk_offers_notes_on_any_case_in_sight(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        event = service.add_note(
            session, case.id, "请先电话核实", actor=city[Role.CLERK], now=MONDAY_9AM
        )

        assert event.is_public is False


def test_a_crossed_limit_does_not_make_the_screen_of_a_person_stale(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        to_handling(session, city, case)
        case_id, seen = case.id, case.version
    with city.db.begin() as session:
        sla.sweep_breaches(session, now=MONDAY_9AM + timedelta(days=60))

    with city.db.begin() as session:
        given = StepInput(Action.CONTACT, seen, note="已电话联系")
        taken = service.take_step_as_staff(
            session, case_id, given, actor=city[Role.HANDLER], now=MONDAY_9AM + timedelta(days=60)
        )

        assert taken.case.version == seen + 1
        actions = session.scalars(select(CaseEvent.action)).all()
        assert Action.BREACH in actions
