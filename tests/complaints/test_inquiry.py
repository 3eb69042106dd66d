"""A complaint is found out about, put right, answered, and checked once by the unit above."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.accounts.rules import Role
from app.cases.kinds import Action, CallbackResult, Finding, InquiryKind, Outcome, Status
from app.cases.models import CaseEvent
from app.cases.queries import situation_of
from app.cases.rules import Facts, OwnWorkError, StepNotAllowedError
from app.complaints import queries, rules
from app.complaints.service import Line, Measure, inquire, lay_down, prove
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.sla.rules import ClockKind
from tests.cases.joining import join
from tests.cases.walking import clock, take
from tests.complaints.walking import (
    DAY,
    a_complaint,
    a_line,
    a_measure,
    as_citizen,
    found,
    investigated,
    replied,
)
from tests.support.city import ROOT, WATER, WORKS, City
from tests.support.clock import MONDAY_9AM

TODAY = MONDAY_9AM.date()


def test_the_whole_way_from_portal_to_conclusion_and_measures(city: City) -> None:
    with city.db.begin() as session:
        case = found(session, city, a_complaint(session), Finding.UPHELD)
        measure = a_measure(session, city, case)
        prove(session, case, measure, "签到表", actor=city[Role.HANDLER], now=MONDAY_9AM)
        replied(session, city, case)
        key = case.id

    with city.db() as session:
        lines = [
            (line.action, line.to_status)
            for line in session.scalars(
                select(CaseEvent).where(CaseEvent.case_id == key).order_by(CaseEvent.seq)
            )
        ]
        (kept,) = queries.measures_of(session, key)
    assert (Action.CONFIRM_FINDING, Status.MEASURES) in lines
    assert {Action.INQUIRE, Action.LAY_DOWN, Action.PROVE} <= {action for action, _ in lines}
    assert lines[-1] == (Action.APPROVE_REPLY, Status.CALLING_BACK)
    assert (kept.proof, kept.proved_at) == ("签到表", MONDAY_9AM)


def test_nobody_confirms_their_own_finding(city: City) -> None:
    with city.db.begin() as session:
        case = investigated(session, city, a_complaint(session))
        a_line(session, city, case)
        head = city[Role.UNIT_HEAD]
        facts = Facts(finding=Finding.UPHELD)
        take(session, case, Action.CONCLUDE, head, note="属实", facts=facts)

        with pytest.raises(OwnWorkError):
            take(session, case, Action.CONFIRM_FINDING, head)
        take(session, case, Action.CONFIRM_FINDING, city[Role.SUPERVISOR])

        assert case.status is Status.MEASURES


def test_what_was_upheld_is_not_answered_before_a_measure_is_laid_down(city: City) -> None:
    with city.db.begin() as session:
        case = found(session, city, a_complaint(session), Finding.PARTLY)

        with pytest.raises(StepNotAllowedError, match="at least one measure"):
            replied(session, city, case)
        a_measure(session, city, case)
        replied(session, city, case)

        assert case.status is Status.CALLING_BACK


def test_what_was_not_upheld_needs_no_measures_and_gets_none(city: City) -> None:
    with city.db.begin() as session:
        case = found(session, city, a_complaint(session), Finding.NOT_UPHELD)

        with pytest.raises(ForbiddenError):
            a_measure(session, city, case)
        replied(session, city, case)

        assert case.status is Status.CALLING_BACK


def test_a_measure_that_is_late_holds_the_answer_until_it_is_proved(city: City) -> None:
    later = MONDAY_9AM + 2 * DAY
    with city.db.begin() as session:
        case = found(session, city, a_complaint(session), Finding.UPHELD)
        measure = a_measure(session, city, case, days=1)

        with pytest.raises(StepNotAllowedError, match="A measure is late"):
            replied(session, city, case, at=later)
        prove(session, case, measure, "照片", actor=city[Role.HANDLER], now=later)
        replied(session, city, case, at=later)

        assert case.status is Status.CALLING_BACK


def test_measures_without_proof_are_listed_for_who_sees_the_matter_the_latest_first(
    city: City,
) -> None:
    with city.db.begin() as session:
        case = found(session, city, a_complaint(session), Finding.UPHELD)
        a_measure(session, city, case, days=9)
        first = a_measure(session, city, case, days=2)
        done = a_measure(session, city, case, days=1)
        prove(session, case, done, "照片", actor=city[Role.HANDLER], now=MONDAY_9AM)

    with city.db() as session:
        listed = queries.late_measures(session, city[Role.UNIT_HEAD]).items
        unseen = queries.late_measures(session, city[Role.CREW]).items
    assert len(listed) == 2
    assert listed[0].id == first
    assert unseen == []


def test_a_measure_is_proved_once_and_with_words(city: City) -> None:
    with city.db.begin() as session:
        case = found(session, city, a_complaint(session), Finding.UPHELD)
        measure = a_measure(session, city, case)
        handler = city[Role.HANDLER]

        with pytest.raises(InvalidError):
            prove(session, case, measure, " ", actor=handler, now=MONDAY_9AM)
        prove(session, case, measure, "签到表", actor=handler, now=MONDAY_9AM)
        with pytest.raises(ConflictError):
            prove(session, case, measure, "又一份", actor=handler, now=MONDAY_9AM)


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        (Line(InquiryKind.INTERVIEW, TODAY, "", ""), {"words", "with_whom"}),
        (Line(InquiryKind.DOCUMENT, TODAY + timedelta(days=1), "监控"), {"held_on"}),
    ],
)
def test_a_line_says_what_with_whom_and_when(city: City, line: Line, fields: set[str]) -> None:
    with city.db.begin() as session:
        case = investigated(session, city, a_complaint(session))

        with pytest.raises(InvalidError) as refused:
            inquire(session, case, line, actor=city[Role.HANDLER], now=MONDAY_9AM)

        assert set(refused.value.fields) == fields


def test_a_measure_says_what_and_a_day_to_come(city: City) -> None:
    with city.db.begin() as session:
        case = found(session, city, a_complaint(session), Finding.UPHELD)
        empty = Measure(" ", TODAY - timedelta(days=1))

        with pytest.raises(InvalidError) as refused:
            lay_down(session, case, empty, actor=city[Role.HANDLER], now=MONDAY_9AM)

        assert set(refused.value.fields) == {"what", "due_on"}


def test_the_file_is_read_by_who_investigates_and_confirms_and_written_while_it_is_open(
    city: City,
) -> None:
    with city.db.begin() as session:
        case = found(session, city, a_complaint(session), Finding.UPHELD)
        situation = situation_of(session, case)
        readers = {role for role in city.people if rules.may_read_file(city[role], situation)}

        with pytest.raises(ForbiddenError):
            a_line(session, city, case)

    assert readers == {Role.HANDLER, Role.UNIT_HEAD, Role.SUPERVISOR}


def test_words_of_the_file_stand_in_no_line_of_the_history(city: City) -> None:
    with city.db.begin() as session:
        case = investigated(session, city, a_complaint(session))
        a_line(session, city, case)
        said = session.scalars(
            select(CaseEvent).where(
                CaseEvent.case_id == case.id, CaseEvent.action == Action.INQUIRE
            )
        ).one()

    assert (said.is_public, said.text_digest) == (False, None)
    assert said.payload == {"kind": "interview"}


def test_the_unit_above_is_asked_once_and_keeps_the_finding(city: City) -> None:
    with city.db.begin() as session:
        case = found(session, city, a_complaint(session), Finding.NOT_UPHELD)
        replied(session, city, case)
        until = situation_of(session, case).inquiry.recheck_until
        at = MONDAY_9AM + 5 * DAY
        as_citizen(session, case, Action.REQUEST_RECHECK, at=at, text="证人没有问到")

        assert (case.status, case.unit_id) == (Status.RECHECKING, ROOT)
        assert clock(session, case, ClockKind.APPEAL).due_at is not None
        supervisor = city[Role.SUPERVISOR]
        text = "经复核,原认定事实清楚,予以维持。"
        take(session, case, Action.UPHOLD_FINDING, supervisor, at=at + DAY, text=text)
        assert case.status is Status.CLOSED
        with pytest.raises(StepNotAllowedError, match="once"):
            as_citizen(session, case, Action.REQUEST_RECHECK, at=at + 2 * DAY, text="再来")

    assert until is not None
    assert (until - MONDAY_9AM).days >= 30


def test_after_thirty_days_the_unit_above_is_not_asked_any_more(city: City) -> None:
    with city.db.begin() as session:
        case = found(session, city, a_complaint(session), Finding.NOT_UPHELD)
        replied(session, city, case)

        at = MONDAY_9AM + 40 * DAY
        with pytest.raises(StepNotAllowedError, match="is over"):
            as_citizen(session, case, Action.REQUEST_RECHECK, at=at, text="太晚了")


def test_who_had_a_part_in_the_finding_does_not_check_it(city: City) -> None:
    with city.db.begin() as session:
        case = investigated(session, city, a_complaint(session))
        a_line(session, city, case)
        facts = Facts(finding=Finding.NOT_UPHELD)
        take(session, case, Action.CONCLUDE, city[Role.HANDLER], note="无据", facts=facts)
        take(session, case, Action.CONFIRM_FINDING, city[Role.SUPERVISOR])
        replied(session, city, case)
        as_citizen(session, case, Action.REQUEST_RECHECK, at=MONDAY_9AM, text="不服")

        with pytest.raises(OwnWorkError):
            take(session, case, Action.UPHOLD_FINDING, city[Role.SUPERVISOR], text="维持原认定")


def test_the_unit_above_changes_the_finding_or_sends_it_to_another_unit(city: City) -> None:
    with city.db.begin() as session:
        changed, again = a_complaint(session), a_complaint(session)
        for case in (changed, again):
            found(session, city, case, Finding.NOT_UPHELD)
            replied(session, city, case)
            as_citizen(session, case, Action.REQUEST_RECHECK, at=MONDAY_9AM, text="不服")
        supervisor = city[Role.SUPERVISOR]
        facts = Facts(finding=Finding.UPHELD, unit_id=WORKS)
        take(session, changed, Action.CHANGE_FINDING, supervisor, text="改为属实", facts=facts)
        water = Facts(unit_id=WATER)
        take(session, again, Action.FIND_AGAIN, supervisor, text="另行调查", facts=water)

        assert (changed.status, changed.unit_id) == (Status.MEASURES, WORKS)
        assert situation_of(session, changed).inquiry.finding is Finding.UPHELD
        assert (again.status, again.unit_id) == (Status.DISPATCHED, WATER)
        assert changed.reply_approved_at is None


def test_a_complaint_may_be_sent_back_for_five_working_days(city: City) -> None:
    reason = Facts(suggested_unit_id=WATER, evidence="三定方案")
    with city.db.begin() as session:
        first = investigated(session, city, a_complaint(session))
        second = investigated(session, city, a_complaint(session))
        friday, tuesday = MONDAY_9AM + 4 * DAY, MONDAY_9AM + 8 * DAY
        handler = city[Role.HANDLER]
        take(
            session, first, Action.REQUEST_RETURN, handler, at=friday, note="非我职责", facts=reason
        )

        with pytest.raises(StepNotAllowedError):
            take(
                session,
                second,
                Action.REQUEST_RETURN,
                handler,
                at=tuesday,
                note="非我职责",
                facts=reason,
            )
        assert first.status is Status.RETURNING


def test_a_reply_sent_back_is_written_again_without_a_new_finding(city: City) -> None:
    with city.db.begin() as session:
        case = found(session, city, a_complaint(session), Finding.NOT_UPHELD)
        facts = Facts(outcome=Outcome.EXPLAINED)
        reply = "您反映的情况经核实不属实,原因如下。"
        take(session, case, Action.REPLY, city[Role.HANDLER], text=reply, facts=facts)
        take(session, case, Action.RETURN_REPLY, city[Role.REVIEWER], note="没有说明依据")

        states = [case.status]
        take(session, case, Action.INVESTIGATE, city[Role.HANDLER], note="再问一名证人")
        states.append(case.status)

    assert states == [Status.MEASURES, Status.INVESTIGATING]


def test_who_followed_a_complaint_has_a_check_of_their_own_and_time_of_their_own(
    city: City,
) -> None:
    at = MONDAY_9AM + 20 * DAY
    with city.db.begin() as session:
        master = investigated(session, city, a_complaint(session))
        one, other = (join(session, city, a_complaint(session), master) for _ in range(2))
        a_line(session, city, master)
        facts = Facts(finding=Finding.NOT_UPHELD)
        take(session, master, Action.CONCLUDE, city[Role.HANDLER], note="无据", facts=facts)
        take(session, master, Action.CONFIRM_FINDING, city[Role.UNIT_HEAD])
        replied(session, city, master)
        solved = Facts(callback_result=CallbackResult.SOLVED)
        take(session, master, Action.CLOSE, city[Role.REVIEWER], at=at, facts=solved)
        until = situation_of(session, one).inquiry.recheck_until
        as_citizen(session, one, Action.REQUEST_RECHECK, at=at + 25 * DAY, text="我还有证据")

        assert until is not None
        assert (until - at).days >= 30
        assert (one.status, one.unit_id, one.master_id) == (Status.RECHECKING, ROOT, None)
        assert situation_of(session, one).inquiry.finding is Finding.NOT_UPHELD
        assert clock(session, one, ClockKind.APPEAL).is_open
        assert (master.status, other.status) == (Status.CLOSED, Status.CLOSED)
        with pytest.raises(StepNotAllowedError, match="is over"):
            as_citizen(session, master, Action.REQUEST_RECHECK, at=at + 25 * DAY, text="太晚了")
        as_citizen(session, other, Action.REQUEST_RECHECK, at=at + 26 * DAY, text="我也不服")
        supervisor, text = city[Role.SUPERVISOR], "经复核,予以维持。"
        take(session, one, Action.UPHOLD_FINDING, supervisor, at=at + 26 * DAY, text=text)
        assert (one.status, other.status) == (Status.CLOSED, Status.RECHECKING)
