"""The same matter: one leads, the others follow, and each can be taken out again as it was."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.cases import service
from app.cases.kinds import Action, ApprovalKind, CallbackResult, Outcome, Status
from app.cases.merge_models import CaseMerge
from app.cases.models import Approval, Case, CaseAccused, CaseEvent
from app.cases.queries import history, merging
from app.cases.rules import CITIZEN, Facts, StepInput, StepNotAllowedError
from app.cases.service.recording import check_chain
from app.catalogue.rules import CaseKind
from app.departments.models import Unit
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.ratings.queries import may_rate
from app.sla.models import Clock
from app.sla.rules import ClockKind
from tests.cases.joining import a_led_group, accepted, join, join_sent, unjoin
from tests.cases.walking import HOUR, clock, take, to_handling
from tests.support.city import WATER, WORKS, City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def test_a_merged_matter_stays_open_and_shows_the_date_of_the_one_it_follows(city: City) -> None:
    with city.db.begin() as session:
        master = to_handling(session, city, a_case(session))
        case = a_case(session, now=MONDAY_9AM + timedelta(days=1))
        join(session, city, case, master, at=MONDAY_9AM + timedelta(days=1))

        assert (case.status, case.closed_at) == (Status.MERGED, None)
        assert case.due_at == master.due_at
        assert (case.unit_id, case.handler_id) == (WORKS, None)
        assert case.number != master.number
        open_clocks = select(Clock).where(Clock.subject_id == case.id, Clock.cancelled_at.is_(None))
        assert session.scalars(open_clocks).all() == []


@pytest.mark.parametrize("days", [0, 1, 40])
def test_undoing_a_merge_gives_back_state_unit_handler_and_every_date(
    city: City, days: int
) -> None:
    with city.db.begin() as session:
        master = to_handling(session, city, a_case(session))
        case = to_handling(session, city, a_case(session))
        before = (case.status, case.unit_id, case.handler_id, case.due_at, case.next_due_at)
        dates = {c.kind: c.due_at for c in session.scalars(_open(case.id))}
        join_sent(session, city, case, master)
        later = MONDAY_9AM + timedelta(days=days)
        unjoin(session, city, case, at=later)

        after = (case.status, case.unit_id, case.handler_id, case.due_at, case.next_due_at)
        assert after == before
        assert {c.kind: c.due_at for c in session.scalars(_open(case.id))} == dates
        assert (case.master_id, case.closed_at, case.on_time) == (None, None, None)
        events = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)
        assert check_chain(session.scalars(events)) is None


def _open(case_id: int) -> Select[Clock]:
    return select(Clock).where(
        Clock.subject_id == case_id, Clock.met_at.is_(None), Clock.cancelled_at.is_(None)
    )


def test_where_its_unit_is_closed_by_then_it_goes_back_to_dispatch(city: City) -> None:
    with city.db.begin() as session:
        master = to_handling(session, city, a_case(session))
        case = accepted(session, city)
        take(session, case, Action.DISPATCH, city[Role.DISPATCHER], facts=Facts(unit_id=WATER))
        join_sent(session, city, case, master)
        session.get_one(Unit, WATER).is_active = False
        unjoin(session, city, case, at=MONDAY_9AM + HOUR)

        assert case.status is Status.ACCEPTED
        assert case.unit_id not in (WATER, WORKS)
        assert {c.kind for c in session.scalars(_open(case.id))} == {
            ClockKind.RESOLVE,
            ClockKind.DISPATCH,
        }


def test_who_followed_a_merged_matter_follows_along_and_comes_back_with_it(city: City) -> None:
    with city.db.begin() as session:
        first, (follower,) = a_led_group(session, city, 1)
        second = to_handling(session, city, a_case(session))
        join_sent(session, city, first, second)

        assert (first.master_id, follower.master_id) == (second.id, second.id)
        unjoin(session, city, first)
        assert (first.master_id, follower.master_id) == (None, first.id)
        assert first.status is Status.HANDLING
        unjoin(session, city, follower)
        assert (follower.status, follower.master_id) == (Status.SUBMITTED, None)


def test_a_follower_taken_out_of_the_larger_group_stays_out(city: City) -> None:
    with city.db.begin() as session:
        first, (follower,) = a_led_group(session, city, 1)
        second = to_handling(session, city, a_case(session))
        join_sent(session, city, first, second)
        unjoin(session, city, follower)
        unjoin(session, city, first)

        assert (follower.status, follower.master_id) == (Status.SUBMITTED, None)
        in_force = session.scalars(select(CaseMerge).where(CaseMerge.ended_at.is_(None))).all()
        assert in_force == []


def test_a_matter_is_not_joined_to_itself_nor_to_what_follows_it(city: City) -> None:
    with city.db.begin() as session:
        master, (follower,) = a_led_group(session, city, 1)

        for number in (master.number, follower.number):
            facts = Facts(master=number)
            with pytest.raises(InvalidError) as refused:
                take(session, master, Action.MERGE, city[Role.DISPATCHER], note="x", facts=facts)
            assert set(refused.value.fields) == {"master"}


@pytest.mark.parametrize("is_secret", [True, False])
def test_secrecy_is_not_mixed(city: City, *, is_secret: bool) -> None:
    with city.db.begin() as session:
        master = a_case(session, is_confidential=is_secret)
        case = a_case(session)
        case.is_confidential = not is_secret
        session.flush()
        cleared = _cleared(city)

        with pytest.raises(InvalidError) as refused:
            take(session, case, Action.MERGE, cleared, note="x", facts=Facts(master=master.number))

        assert "secrecy" in refused.value.fields["master"]


def test_two_confidential_matters_are_joined(city: City) -> None:
    with city.db.begin() as session:
        master, case = (a_case(session, is_confidential=True) for _ in range(2))
        facts = Facts(master=master.number)
        take(session, case, Action.MERGE, _cleared(city), note="同一处", facts=facts)

        assert case.status is Status.MERGED


def _cleared(city: City) -> Actor:
    clerk = city[Role.CLERK]
    grant = replace(clerk.appointments[0], may_see_confidential=True)
    return replace(clerk, appointments=(grant,))


def test_matters_about_different_people_are_looked_into_apart(city: City) -> None:
    with city.db.begin() as session:
        master = a_case(session, kind=CaseKind.COMPLAINT)
        case = a_case(session, kind=CaseKind.COMPLAINT)
        session.add(CaseAccused(case_id=master.id, unit_id=WORKS, named_at=MONDAY_9AM))
        session.flush()

        with pytest.raises(InvalidError) as refused:
            join(session, city, case, master)

        assert "different" in refused.value.fields["master"]


def test_a_complaint_is_not_hidden_under_a_request_for_help(city: City) -> None:
    with city.db.begin() as session:
        master, case = a_case(session), a_case(session, kind=CaseKind.COMPLAINT)

        with pytest.raises(InvalidError):
            join(session, city, case, master)


def test_nothing_is_joined_to_a_matter_that_has_ended(city: City) -> None:
    with city.db.begin() as session:
        master, case = a_case(session), a_case(session)
        given = StepInput(Action.WITHDRAW, master.version)
        service.take_step(session, master, given, doer=CITIZEN, now=MONDAY_9AM)

        with pytest.raises(InvalidError) as refused:
            join(session, city, case, master)

        assert "ended" in refused.value.fields["master"]


def test_while_a_request_waits_nothing_is_joined(city: City) -> None:
    with city.db.begin() as session:
        master, case = a_case(session), to_handling(session, city, a_case(session))
        asked = Facts(amount=5, evidence="热线办法第 15 条")
        take(session, case, Action.REQUEST_EXTENSION, city[Role.HANDLER], note="待料", facts=asked)

        with pytest.raises(StepNotAllowedError):
            join_sent(session, city, case, master)


def test_a_stale_screen_and_a_second_press_join_nothing(city: City) -> None:
    with city.db.begin() as session:
        master, case = a_case(session), a_case(session)
        seen = case.version
        join(session, city, case, master)
        again = StepInput(Action.MERGE, seen, note="x", facts=Facts(master=master.number))

        with pytest.raises(ConflictError):
            service.take_step_as_staff(
                session, case.id, again, actor=city[Role.CLERK], now=MONDAY_9AM
            )

        assert len(session.scalars(select(CaseMerge)).all()) == 1


def test_a_handler_joins_nothing(city: City) -> None:
    with city.db.begin() as session:
        master = a_case(session)
        case = to_handling(session, city, a_case(session))

        with pytest.raises(ForbiddenError):
            take(
                session,
                case,
                Action.MERGE,
                city[Role.HANDLER],
                note="x",
                facts=Facts(master=master.number),
            )


def test_joining_does_not_make_the_screen_of_who_handles_the_leading_matter_stale(
    city: City,
) -> None:
    with city.db.begin() as session:
        master = to_handling(session, city, a_case(session))
        seen = master.version
        join(session, city, a_case(session), master)

        assert master.version == seen


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
