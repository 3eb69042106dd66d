"""Asking for speed: counted each time, passed on once in a quiet time, answered in public words."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases import service
from app.cases.kinds import Action, Outcome
from app.cases.models import Case, CaseEvent
from app.cases.queries.history import public_timeline
from app.cases.rules import CITIZEN, Facts, OwnWorkError, StepInput, StepNotAllowedError
from app.catalogue import queries as catalogue
from app.catalogue.models import TimeLimit
from app.catalogue.rules import Urgency
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from tests.cases.walking import HOUR, take, to_handling
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM

DAY = timedelta(days=1)


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def test_the_first_urge_is_passed_on_and_waits_for_an_answer(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)

        urged = service.urge(session, case, now=MONDAY_9AM + HOUR)

        assert urged.is_passed_on
        assert urged.quiet_until == MONDAY_9AM + HOUR + DAY
        assert (case.urge_count, case.urge_open_at) == (1, MONDAY_9AM + HOUR)


def test_a_second_urge_in_the_quiet_time_is_counted_and_makes_no_screen_stale(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        service.urge(session, case, now=MONDAY_9AM)
        seen = case.version

        urged = service.urge(session, case, now=MONDAY_9AM + DAY - HOUR)

        assert not urged.is_passed_on
        assert (case.urge_count, case.version) == (2, seen)
        assert [line.action for line in public_timeline(session, case)].count(Action.URGE) == 1


def test_after_the_quiet_time_the_unit_is_told_again_and_the_waiting_began_with_the_first(
    city: City,
) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        service.urge(session, case, now=MONDAY_9AM)

        urged = service.urge(session, case, now=MONDAY_9AM + DAY)

        assert urged.is_passed_on
        assert (case.urged_at, case.urge_open_at) == (MONDAY_9AM + DAY, MONDAY_9AM)


def test_how_long_it_stays_quiet_is_data_and_shorter_in_an_emergency(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session, urgency=Urgency.CRITICAL)

        urged = service.urge(session, case, now=MONDAY_9AM)

        assert urged.quiet_until == MONDAY_9AM + 2 * HOUR


def test_where_no_quiet_time_is_set_it_is_a_day(city: City) -> None:
    with city.db.begin() as session:
        for limit in session.scalars(select(TimeLimit).where(TimeLimit.clock_kind == "urge_quiet")):
            limit.is_active = False
        session.flush()
        catalogue.snapshot(session)
        case = a_case(session)
        case.urged_at = MONDAY_9AM

        assert service.quiet_until(session, case) == MONDAY_9AM + DAY


def test_the_answer_is_read_by_the_citizen_and_ends_the_waiting(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        service.urge(session, case, now=MONDAY_9AM + HOUR)
        handler, later = city[Role.HANDLER], MONDAY_9AM + HOUR

        service.answer_urge(
            session, case.id, "明天上午到场。", seen=case.version, actor=handler, now=later
        )

        last = public_timeline(session, case)[-1]
        assert (last.action, last.public_text) == (Action.ANSWER_URGE, "明天上午到场。")
        assert case.urge_open_at is None


def test_an_answer_needs_words_an_urge_and_the_matter_in_hand(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        handler, supervisor = city[Role.HANDLER], city[Role.SUPERVISOR]

        def answer(text: str, *, supervises: bool = False) -> None:
            actor = supervisor if supervises else handler
            service.answer_urge(
                session, case.id, text, seen=case.version, actor=actor, now=MONDAY_9AM
            )

        with pytest.raises(ConflictError):
            answer("没有人催")
        service.urge(session, case, now=MONDAY_9AM)
        with pytest.raises(InvalidError):
            answer(" ")
        with pytest.raises(ForbiddenError):
            answer("我不经办", supervises=True)


def test_two_answers_to_one_urge_the_second_is_told_so(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        service.urge(session, case, now=MONDAY_9AM)
        seen, handler = case.version, city[Role.HANDLER]
        service.answer_urge(session, case.id, "在办", seen=seen, actor=handler, now=MONDAY_9AM)

        with pytest.raises(ConflictError):
            service.answer_urge(session, case.id, "在办", seen=seen, actor=handler, now=MONDAY_9AM)


def test_an_approved_reply_answers_the_urge_too_and_so_does_the_end(city: City) -> None:
    with city.db.begin() as session:
        replied = to_handling(session, city, a_case(session))
        service.urge(session, replied, now=MONDAY_9AM)
        resolved = Facts(outcome=Outcome.RESOLVED)
        take(session, replied, Action.REPLY, city[Role.HANDLER], text="已修好", facts=resolved)
        assert replied.urge_open_at is not None
        take(session, replied, Action.APPROVE_REPLY, city[Role.REVIEWER])
        withdrawn = a_case(session)
        service.urge(session, withdrawn, now=MONDAY_9AM)
        given = StepInput(Action.WITHDRAW, withdrawn.version)
        service.take_step(session, withdrawn, given, doer=CITIZEN, now=MONDAY_9AM)

        waiting = session.scalars(select(Case).where(Case.urge_open_at.is_not(None))).all()

        assert waiting == []
        with pytest.raises(StepNotAllowedError):
            service.urge(session, withdrawn, now=MONDAY_9AM)


def test_a_supervisor_reminds_the_unit_where_only_staff_read_it(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))

        service.remind(session, case.id, "请抓紧", actor=city[Role.SUPERVISOR], now=MONDAY_9AM)

        line = session.scalars(select(CaseEvent).order_by(CaseEvent.id.desc())).first()
        assert line is not None
        assert (line.action, line.is_public, case.urge_count) == (Action.REMIND, False, 0)


def test_nobody_reminds_themselves_nor_without_supervising(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        with pytest.raises(ForbiddenError):
            service.remind(session, case.id, "", actor=city[Role.HANDLER], now=MONDAY_9AM)
        case.handler_id = city[Role.SUPERVISOR].id

        with pytest.raises(OwnWorkError):
            service.remind(session, case.id, "", actor=city[Role.SUPERVISOR], now=MONDAY_9AM)
