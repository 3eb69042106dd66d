"""One matter from the citizen's report to its end, through the real services."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases import queries, service
from app.cases.kinds import Action, CallbackResult, PauseGround, Status
from app.cases.models import Approval, CaseEvent
from app.cases.queries import history
from app.cases.rules import CITIZEN, SYSTEM, Facts, StepInput, StepNotAllowedError
from app.cases.service.recording import check_chain
from app.kernel.errors import ConflictError, InvalidError
from app.sla.models import Clock
from app.sla.rules import ClockKind
from tests.cases.walking import HOUR, clock, take, to_handling, to_replied
from tests.support.city import WATER, WORKS, City, Db, a_case, a_city, first_category
from tests.support.clock import MONDAY_9AM


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def test_a_report_is_accepted_dispatched_signed_handled_reviewed_called_back_and_closed(
    city: City,
) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        to_replied(session, city, case, at=MONDAY_9AM + HOUR)
        reviewer = city[Role.REVIEWER]
        take(session, case, Action.APPROVE_REPLY, reviewer, at=MONDAY_9AM + 2 * HOUR)
        facts = Facts(callback_result=CallbackResult.SOLVED)
        take(session, case, Action.CLOSE, reviewer, at=MONDAY_9AM + 3 * HOUR, facts=facts)
        number = case.number

    with city.db() as after:
        closed = queries.get_by_number(after, number, city[Role.SUPERVISOR])
        lines = history.public_timeline(after, closed)
        events = after.scalars(select(CaseEvent).order_by(CaseEvent.seq)).all()

        assert closed.status is Status.CLOSED
        assert closed.closed_at == MONDAY_9AM + 3 * HOUR
        assert closed.on_time is True
        assert closed.reply_text == "已修好"
        assert [line.action for line in lines] == [
            Action.OPEN,
            Action.ACCEPT,
            Action.DISPATCH,
            Action.SIGN,
            Action.APPROVE_REPLY,
            Action.CLOSE,
        ]
        assert check_chain(events) is None
        assert all(not c.is_open for c in after.scalars(select(Clock)))


def test_the_clock_is_met_when_the_reply_was_given_not_when_it_was_approved(city: City) -> None:
    replied_at = MONDAY_9AM + timedelta(days=2)
    with city.db.begin() as session:
        case = to_replied(session, city, a_case(session), at=replied_at)
        late = replied_at + timedelta(days=30)
        take(session, case, Action.APPROVE_REPLY, city[Role.REVIEWER], at=late)

        assert clock(session, case, ClockKind.RESOLVE).met_at == replied_at
        assert case.on_time is True


def test_a_stale_screen_is_refused_and_nothing_is_written(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        facts = Facts(category_id=first_category(session))
        stale = StepInput(Action.ACCEPT, case.version - 1, facts=facts)

        with pytest.raises(ConflictError):
            service.take_step_as_staff(
                session, case.id, stale, actor=city[Role.CLERK], now=MONDAY_9AM
            )

    with city.db() as after:
        assert after.scalars(select(CaseEvent.action)).all() == [Action.OPEN]


def test_rework_opens_a_new_clock_and_hides_the_old_reply(city: City) -> None:
    with city.db.begin() as session:
        case = to_replied(session, city, a_case(session), at=MONDAY_9AM + HOUR)
        take(session, case, Action.APPROVE_REPLY, city[Role.REVIEWER], at=MONDAY_9AM + 2 * HOUR)
        at = MONDAY_9AM + 3 * HOUR
        take(session, case, Action.REWORK, city[Role.REVIEWER], at=at, note="市民说还是不亮")

        assert case.status is Status.HANDLING
        assert (case.round, case.reply_approved_at, case.on_time) == (2, None, None)
        assert clock(session, case, ClockKind.RESOLVE).round == 2
        assert case.due_at is not None


def test_a_returned_matter_goes_back_to_dispatch_while_its_clock_runs_on(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        to_handling(session, city, case)
        due = case.due_at
        facts = Facts(suggested_unit_id=WATER, evidence="三定方案第 4 条")
        take(session, case, Action.REQUEST_RETURN, city[Role.HANDLER], note="属供水", facts=facts)

        assert (case.status, case.due_at) == (Status.RETURNING, due)
        take(session, case, Action.ACCEPT_RETURN, city[Role.DISPATCHER])
        take(session, case, Action.DISPATCH, city[Role.DISPATCHER], facts=Facts(unit_id=WATER))

        assert (case.unit_id, case.due_at) == (WATER, due)


def test_after_a_ruling_the_unit_cannot_return_it_again(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        to_handling(session, city, case)
        facts = Facts(suggested_unit_id=WATER, evidence="三定方案第 4 条")
        take(session, case, Action.REQUEST_RETURN, city[Role.HANDLER], note="属供水", facts=facts)
        take(session, case, Action.ADJUDICATE, city[Role.DISPATCHER], note="请裁定")
        ruling = Facts(unit_id=WORKS)
        take(session, case, Action.RULE, city[Role.SUPERVISOR], note="归市政", facts=ruling)

        with pytest.raises(StepNotAllowedError):
            take(session, case, Action.REQUEST_RETURN, city[Role.HANDLER], note="x", facts=facts)


def test_an_extension_moves_the_date_once_somebody_else_grants_it(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        to_handling(session, city, case)
        before = case.due_at
        asked = Facts(amount=5, evidence="热线办法第 15 条")
        take(session, case, Action.REQUEST_EXTENSION, city[Role.HANDLER], note="待料", facts=asked)

        assert case.due_at == before
        take(session, case, Action.APPROVE_EXTENSION, city[Role.UNIT_HEAD], text="材料到货后维修")

        assert before is not None
        assert case.due_at is not None
        assert case.due_at > before


def test_suspension_stops_the_clock_until_it_is_resumed(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        to_handling(session, city, case)
        asked = Facts(ground=PauseGround.SEASONAL_WORK, until=date(2026, 4, 1))
        take(session, case, Action.REQUEST_SUSPENSION, city[Role.HANDLER], note="冬季", facts=asked)
        paper = Facts(document_no="市政〔2026〕7 号")
        centre = city[Role.SUPERVISOR]
        take(session, case, Action.APPROVE_SUSPENSION, centre, text="开春后施工", facts=paper)

        assert (case.status, case.is_paused, case.due_at) == (Status.SUSPENDED, True, None)
        spring = datetime(2026, 4, 1, 2, tzinfo=UTC)
        take(session, case, Action.RESUME, city[Role.HANDLER], at=spring)

        assert case.is_paused is False
        assert case.due_at is not None
        assert case.due_at > spring


def test_a_second_request_waits_until_the_first_is_decided(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        to_handling(session, city, case)
        take(
            session,
            case,
            Action.REQUEST_TERMINATION,
            city[Role.HANDLER],
            note="无法联系",
            facts=Facts(evidence="热线办法第 21 条"),
        )

        asked = Facts(amount=5, evidence="热线办法第 15 条")
        with pytest.raises(StepNotAllowedError):
            take(session, case, Action.REQUEST_EXTENSION, city[Role.HANDLER], note="x", facts=asked)
        assert session.scalars(select(Approval)).one().decided_at is None


@pytest.mark.parametrize("amount", [0, 61])
def test_an_extension_of_no_sense_is_refused(city: City, amount: int) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        to_handling(session, city, case)

        asked = Facts(amount=amount, evidence="热线办法第 15 条")
        with pytest.raises(InvalidError):
            take(session, case, Action.REQUEST_EXTENSION, city[Role.HANDLER], note="x", facts=asked)


def test_the_citizen_answers_a_question_and_the_clock_never_stood_still(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        to_handling(session, city, case)
        due = case.due_at
        take(session, case, Action.ASK_CITIZEN, city[Role.HANDLER], text="哪一根灯杆?")

        assert history.open_question(session, case) == "哪一根灯杆?"
        assert case.due_at == due
        given = StepInput(Action.ANSWER_QUESTION, case.version, text="门口左边第二根")
        service.take_step(session, case, given, doer=CITIZEN, now=MONDAY_9AM + HOUR)

        assert case.status is Status.HANDLING
        assert history.open_question(session, case) == ""


def test_the_citizen_withdraws_and_every_clock_ends(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        given = StepInput(Action.WITHDRAW, case.version, note="已自行解决")
        service.take_step(session, case, given, doer=CITIZEN, now=MONDAY_9AM + HOUR)

        assert case.status is Status.WITHDRAWN
        assert case.closed_at == MONDAY_9AM + HOUR
        assert all(not c.is_open for c in session.scalars(select(Clock)))


def test_nothing_can_be_added_to_a_matter_that_has_ended(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        given = StepInput(Action.WITHDRAW, case.version)
        service.take_step(session, case, given, doer=CITIZEN, now=MONDAY_9AM)

        with pytest.raises(StepNotAllowedError):
            service.supplement(session, case, "补充", now=MONDAY_9AM)


def test_a_changed_line_of_history_is_found_out(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        events = list(session.scalars(select(CaseEvent).order_by(CaseEvent.seq)))

        assert check_chain(events) is None
        session.expunge_all()
        events[1].payload = {"category": "forged"}
        assert check_chain(events) == 2
        assert check_chain([events[0], *events[2:]]) == events[2].seq
        assert case.event_seq == len(events)


def test_a_suspended_matter_can_be_resumed_by_the_system(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        to_handling(session, city, case)
        asked = Facts(ground=PauseGround.LITIGATION, until=date(2026, 3, 9))
        take(session, case, Action.REQUEST_SUSPENSION, city[Role.HANDLER], note="x", facts=asked)
        paper = Facts(document_no="1 号")
        take(session, case, Action.APPROVE_SUSPENSION, city[Role.SUPERVISOR], text="y", facts=paper)
        given = StepInput(Action.RESUME, case.version)
        service.take_step(session, case, given, doer=SYSTEM, now=MONDAY_9AM + 200 * HOUR)

        assert case.status is Status.HANDLING


def test_a_suspended_matter_waits_for_no_first_contact(city: City) -> None:
    with city.db.begin() as session:
        case = a_case(session)
        to_handling(session, city, case)
        asked = Facts(ground=PauseGround.SEASONAL_WORK, until=date(2026, 4, 1))
        take(session, case, Action.REQUEST_SUSPENSION, city[Role.HANDLER], note="冬季", facts=asked)
        paper = Facts(document_no="7 号")
        take(session, case, Action.APPROVE_SUSPENSION, city[Role.SUPERVISOR], text="y", facts=paper)

        assert (case.next_clock, case.next_due_at) == ("", None)
