"""Who follows the same matter: what reaches them with it, and what stays theirs alone."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases import service
from app.cases.kinds import Action, ApprovalKind, CallbackResult, Outcome, Status
from app.cases.models import Approval, Case, CaseEvent
from app.cases.queries import history, merging
from app.cases.rules import CITIZEN, Facts, StepInput
from app.ratings.queries import may_rate
from app.sla.rules import ClockKind
from tests.cases.joining import a_led_group, accepted, join, unjoin
from tests.cases.walking import HOUR, clock, take, to_handling
from tests.support.city import WATER, WORKS, City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def test_the_answer_reaches_everybody_and_the_end_closes_each(city: City) -> None:
    with city.db.begin() as session:
        master, followers = a_led_group(session, city, 2)
        handler, reviewer = city[Role.HANDLER], city[Role.REVIEWER]
        facts = Facts(outcome=Outcome.RESOLVED)
        text = "已修好。联系电话 17900001234。"
        take(session, master, Action.REPLY, handler, at=MONDAY_9AM + HOUR, text=text, facts=facts)
        take(session, master, Action.APPROVE_REPLY, reviewer, at=MONDAY_9AM + 2 * HOUR)

        assert [merging.shared_reply(session, one.id) for one in followers] == [
            "已修好。联系电话 ****。"
        ] * 2
        solved = Facts(callback_result=CallbackResult.SOLVED)
        take(session, master, Action.CLOSE, reviewer, at=MONDAY_9AM + 3 * HOUR, facts=solved)

        for one in followers:
            assert (one.status, one.closed_at) == (Status.CLOSED, MONDAY_9AM + 3 * HOUR)
            assert (one.on_time, one.outcome) == (True, Outcome.RESOLVED)
            assert one.callback_result is None
            assert one.first_response_at == MONDAY_9AM + 2 * HOUR
            assert may_rate(one)
            assert clock(session, one, ClockKind.RESOLVE).met_at == MONDAY_9AM + HOUR
            lines = [line.action for line in history.public_timeline(session, one)]
            assert lines == [Action.OPEN, Action.MERGE, Action.SHARED_REPLY, Action.END_WITH]


def test_who_says_theirs_is_different_reads_the_answer_once(city: City) -> None:
    with city.db.begin() as session:
        master, (one,) = a_led_group(session, city, 1)
        facts = Facts(outcome=Outcome.RESOLVED)
        take(session, master, Action.REPLY, city[Role.HANDLER], text="已修好。", facts=facts)
        take(session, master, Action.APPROVE_REPLY, city[Role.REVIEWER])
        given = StepInput(Action.CLAIM_DIFFERENT, one.version, text="我说的是桥下那盏")
        service.take_step(session, one, given, doer=CITIZEN, now=MONDAY_9AM)

        lines = [line.action for line in history.public_timeline(session, one)]
        assert lines.count(Action.SHARED_REPLY) == 1


def test_who_followed_is_called_back_alone_and_has_their_own_rework(city: City) -> None:
    with city.db.begin() as session:
        master, (one, other) = a_led_group(session, city, 2)
        _close(session, city, master)
        reviewer = city[Role.REVIEWER]
        unsolved = Facts(callback_result=CallbackResult.NOT_SOLVED)
        take(session, one, Action.CALL_BACK, reviewer, at=MONDAY_9AM + 5 * HOUR, facts=unsolved)
        take(session, one, Action.REWORK, reviewer, at=MONDAY_9AM + 6 * HOUR, note="仍未修好")

        assert (one.status, one.master_id, one.unit_id) == (Status.HANDLING, None, WORKS)
        assert clock(session, one, ClockKind.RESOLVE).is_open
        assert (master.status, other.status) == (Status.CLOSED, Status.CLOSED)


def _close(session: Session, city: City, master: Case) -> None:
    handler, reviewer = city[Role.HANDLER], city[Role.REVIEWER]
    facts = Facts(outcome=Outcome.RESOLVED)
    take(session, master, Action.REPLY, handler, at=MONDAY_9AM + HOUR, text="已修好", facts=facts)
    take(session, master, Action.APPROVE_REPLY, reviewer, at=MONDAY_9AM + 2 * HOUR)
    solved = Facts(callback_result=CallbackResult.SOLVED)
    take(session, master, Action.CLOSE, reviewer, at=MONDAY_9AM + 3 * HOUR, facts=solved)


def test_a_question_to_one_citizen_is_not_read_by_the_others(city: City) -> None:
    with city.db.begin() as session:
        master, (one,) = a_led_group(session, city, 1)
        take(session, master, Action.ASK_CITIZEN, city[Role.HANDLER], text="您住几号楼?")

        assert [line.action for line in history.public_timeline(session, one)] == [
            Action.OPEN,
            Action.MERGE,
        ]


def test_more_time_for_the_leading_matter_is_more_time_for_all_and_undone_with_the_merge(
    city: City,
) -> None:
    with city.db.begin() as session:
        master = to_handling(session, city, a_case(session))
        case = a_case(session)
        own = case.due_at
        join(session, city, case, master)
        asked = Facts(amount=5, evidence="热线办法第 15 条")
        take(session, master, Action.REQUEST_EXTENSION, city[Role.HANDLER], note="x", facts=asked)
        take(session, master, Action.APPROVE_EXTENSION, city[Role.UNIT_HEAD], text="材料在途")

        assert case.due_at == master.due_at != own
        said = history.public_timeline(session, case)[-1]
        assert (said.action, said.public_text) == (Action.PROGRESS, "材料在途")
        unjoin(session, city, case)
        assert case.due_at == own


def test_when_work_moves_to_another_unit_the_followers_move_too(city: City) -> None:
    with city.db.begin() as session:
        master = accepted(session, city)
        case = join(session, city, a_case(session), master)
        take(session, master, Action.DISPATCH, city[Role.DISPATCHER], facts=Facts(unit_id=WATER))

        assert case.unit_id == WATER


def test_who_joins_an_answered_matter_gets_the_answer_with_it(city: City) -> None:
    with city.db.begin() as session:
        master = to_handling(session, city, a_case(session))
        facts = Facts(outcome=Outcome.RESOLVED)
        take(session, master, Action.REPLY, city[Role.HANDLER], text="已修好", facts=facts)
        take(session, master, Action.APPROVE_REPLY, city[Role.REVIEWER])
        case = join(session, city, a_case(session), master)

        assert merging.shared_reply(session, case.id) == "已修好"
        assert case.reply_approved_at is not None


def test_when_the_first_citizen_withdraws_the_oldest_follower_leads_the_others(
    city: City,
) -> None:
    with city.db.begin() as session:
        master, (one, other) = a_led_group(session, city, 2)
        given = StepInput(Action.WITHDRAW, master.version)
        service.take_step(session, master, given, doer=CITIZEN, now=MONDAY_9AM + HOUR)

        assert (one.status, one.master_id) == (Status.SUBMITTED, None)
        assert (other.status, other.master_id) == (Status.MERGED, one.id)
        assert other.due_at == one.due_at


def test_a_follower_withdraws_theirs_and_nothing_else(city: City) -> None:
    with city.db.begin() as session:
        master, (one, other) = a_led_group(session, city, 2)
        given = StepInput(Action.WITHDRAW, one.version)
        service.take_step(session, one, given, doer=CITIZEN, now=MONDAY_9AM + HOUR)

        assert one.status is Status.WITHDRAWN
        assert (master.status, other.status) == (Status.HANDLING, Status.MERGED)


def test_mine_is_different_is_a_request_that_the_dispatcher_decides(city: City) -> None:
    with city.db.begin() as session:
        _master, (one, other) = a_led_group(session, city, 2)
        for case in (one, other):
            given = StepInput(Action.CLAIM_DIFFERENT, case.version, text="我说的是另一根灯杆")
            service.take_step(session, case, given, doer=CITIZEN, now=MONDAY_9AM)
        asked = session.scalars(select(Approval.kind)).all()
        who = city[Role.DISPATCHER]
        take(session, one, Action.GRANT_SEPARATION, who)
        take(session, other, Action.REFUSE_SEPARATION, who, text="照片上是同一根灯杆")

        assert asked == [ApprovalKind.SEPARATION] * 2
        assert (one.status, one.master_id) == (Status.SUBMITTED, None)
        assert other.status is Status.MERGED


def test_who_says_theirs_is_different_is_not_closed_before_that_is_decided(city: City) -> None:
    with city.db.begin() as session:
        master, (one,) = a_led_group(session, city, 1)
        given = StepInput(Action.CLAIM_DIFFERENT, one.version, text="我说的是另一根灯杆")
        service.take_step(session, one, given, doer=CITIZEN, now=MONDAY_9AM)
        _close(session, city, master)

        assert one.status is Status.MERGED
        take(
            session,
            one,
            Action.REFUSE_SEPARATION,
            city[Role.DISPATCHER],
            at=MONDAY_9AM + 4 * HOUR,
            text="照片上是同一根灯杆",
        )
        assert (one.status, one.on_time) == (Status.CLOSED, True)


def test_what_a_follower_adds_is_known_where_the_leading_matter_is_handled(city: City) -> None:
    with city.db.begin() as session:
        master, (one,) = a_led_group(session, city, 1)
        service.supplement(session, one, "又有一盏不亮了", now=MONDAY_9AM + HOUR)
        told = select(CaseEvent).where(CaseEvent.action == Action.FOLLOWER_SAID)

        line = session.scalars(told).one()

        assert (line.case_id, line.payload["other"]) == (master.id, one.number)
