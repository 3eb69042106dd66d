"""The table of applications as a graph: every state reached and left, the law in every step."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.accounts.rules import Actor, Grant, Role, Scope
from app.cases.kinds import FINAL, Action, Admission, ApprovalKind, Decision, Status
from app.cases.labels import label
from app.cases.rules import (
    CITIZEN,
    SYSTEM,
    Application,
    CaseClock,
    ClockDoes,
    Deadline,
    Facts,
    Field,
    Situation,
    StepInput,
    StepNotAllowedError,
    check_input,
    check_may_take,
    staff,
)
from app.cases.workflows import TABLES, open_steps, step_for
from app.cases.workflows.service_request import BEFORE, STEPS
from app.catalogue.rules import CaseKind
from app.kernel.errors import InvalidError
from app.service_items.rules import Procedure

KIND = CaseKind.SERVICE_REQUEST
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
STATES = {state for step in STEPS for state in (step.source, step.target)}
IN_LAW = {
    Status.RECEIVED,
    Status.CORRECTING,
    Status.ADMITTED,
    Status.REVIEWING,
    Status.SPECIAL_PROCEDURE,
    Status.DECIDED,
    Status.ISSUING,
    Status.DELIVERED,
    Status.CLOSED,
    Status.NOT_ADMITTED,
    Status.WITHDRAWN,
    Status.TERMINATED,
}
# Steps of which the applicant hears nothing by message, each for a reason.
SILENT = {
    Action.HAND_IN: "the applicant did it",
    Action.WITHDRAW: "the applicant did it",
    Action.START_REVIEW: "inside the unit; the page shows it",
    Action.ASSIGN: "inside the unit",
    Action.REQUEST_PROCEDURE: "not decided yet",
    Action.REFUSE_PROCEDURE: "nothing changes",
    Action.REQUEST_EXTENSION: "not decided yet",
    Action.REFUSE_EXTENSION: "nothing changes",
    Action.REQUEST_TERMINATION: "not decided yet",
    Action.REFUSE_TERMINATION: "nothing changes",
    Action.ISSUE: "told when it is there",
    Action.ARCHIVE: "told when it was delivered",
}


def a_person(role: Role, *, person: int = 7) -> Actor:
    grant = Grant(role, 3, "/1/3/", "990101", Scope.ALL)
    return Actor(person, "who", "Who", 3, "/1/3/", "990101", (grant,))


def standing(status: Status, **known: Any) -> Situation:  # noqa: ANN401  # as `Application` takes them
    return Situation(status, unit_id=3, unit_path="/1/3/", application=Application(**known))


def open_to(role: Role, situation: Situation) -> set[Action]:
    return {step.action for step in open_steps(KIND, situation, staff(a_person(role)), NOW)}


def test_the_states_are_those_of_the_law_each_reached_from_receipt() -> None:
    reached = {Status.RECEIVED}
    while more := {s.target for s in STEPS if s.source in reached} - reached:
        reached |= more

    assert reached == STATES == IN_LAW


def test_every_state_that_is_no_end_leads_to_one_and_no_end_leads_on() -> None:
    leading = FINAL & STATES
    while more := {s.source for s in STEPS if s.target in leading} - leading:
        leading |= more

    assert leading == STATES
    assert not {s.source for s in TABLES[KIND]} & FINAL


def test_from_one_state_an_action_leads_to_one_place() -> None:
    pairs = [(s.source, s.action) for s in STEPS]

    assert len(pairs) == len(set(pairs)) > 30
    assert not {s.source for s in STEPS} & {s.source for s in BEFORE}


def test_every_step_is_labelled_and_told_or_silent_for_a_reason() -> None:
    assert {s.action for s in STEPS if s.notice is None} == set(SILENT)
    assert all(label(s.action) and label(s.source) and label(s.target) for s in STEPS)


def test_only_a_special_procedure_pauses_and_both_limits_do() -> None:
    pausing = {
        (s.target, clock) for s in STEPS for clock, does in s.clocks if does is ClockDoes.PAUSE
    }

    assert pausing == {
        (Status.SPECIAL_PROCEDURE, CaseClock.RESOLVE),
        (Status.SPECIAL_PROCEDURE, CaseClock.LEGAL),
    }


def test_the_limits_run_from_acceptance_on_and_from_nowhere_else() -> None:
    running = {s.action for s in STEPS if (CaseClock.RESOLVE, ClockDoes.RUN) in s.clocks}

    assert running == {Action.ADMIT, Action.DEEM_ADMITTED, Action.DECIDE_AT_ONCE}


def test_what_lacks_is_told_once() -> None:
    first = standing(Status.RECEIVED, papers_open=2)
    again = standing(Status.RECEIVED, papers_open=2, was_notified=True)

    assert Action.NOTIFY_DEFECTS in open_to(Role.CLERK, first)
    assert Action.NOTIFY_DEFECTS not in open_to(Role.CLERK, again)
    step = step_for(KIND, again, Action.NOTIFY_DEFECTS)
    with pytest.raises(StepNotAllowedError, match="only one"):
        check_may_take(step, again, staff(a_person(Role.CLERK)), NOW)


def test_an_application_with_a_paper_nobody_looked_at_is_not_accepted() -> None:
    lacking = standing(Status.RECEIVED, papers_open=1)
    settled = standing(Status.RECEIVED, papers_promised=1)

    assert Action.ADMIT not in open_to(Role.CLERK, lacking)
    assert Action.ADMIT in open_to(Role.CLERK, settled)


def test_acceptance_and_decision_are_one_step_only_for_what_is_done_while_waiting() -> None:
    instant = Application(is_instant=True)

    assert Action.DECIDE_AT_ONCE in open_to(
        Role.CLERK, Situation(Status.RECEIVED, application=instant)
    )
    for other in (
        Application(),
        replace(instant, papers_open=1),
        replace(instant, papers_promised=1),
    ):
        here = Situation(Status.RECEIVED, application=other)
        assert Action.DECIDE_AT_ONCE not in open_to(Role.CLERK, here)


def test_it_counts_as_accepted_a_second_after_the_last_moment_to_tell() -> None:
    due = Deadline(NOW)
    situation = standing(Status.RECEIVED, papers_open=3, notice=due)
    step = step_for(KIND, situation, Action.DEEM_ADMITTED)

    with pytest.raises(StepNotAllowedError):
        check_may_take(step, situation, SYSTEM, NOW)
    check_may_take(step, situation, SYSTEM, NOW + SECOND)


def test_after_that_moment_nothing_lacks_any_more_and_nothing_is_refused() -> None:
    late = standing(Status.RECEIVED, papers_open=1, notice=Deadline(NOW - SECOND))
    in_time = standing(Status.RECEIVED, papers_open=1, notice=Deadline(NOW))
    both = {Action.NOTIFY_DEFECTS, Action.NOT_ADMIT}

    assert both <= open_to(Role.CLERK, in_time)
    assert not both & open_to(Role.CLERK, late)


def test_while_the_calendar_may_move_nothing_counts_as_accepted() -> None:
    moving = standing(Status.RECEIVED, notice=Deadline(NOW, is_provisional=True))

    assert Action.DEEM_ADMITTED not in open_to(Role.SUPERVISOR, moving)


def test_promised_papers_keep_it_from_being_granted_and_at_last_end_it() -> None:
    owed = standing(Status.REVIEWING, papers_promised=1, papers=Deadline(NOW - SECOND))
    in_time = standing(Status.REVIEWING, papers_promised=1, papers=Deadline(NOW + SECOND))

    assert Action.GRANT not in open_to(Role.UNIT_HEAD, in_time)
    assert Action.DEEM_WITHDRAWN in open_to(Role.SUPERVISOR, owed)
    assert Action.DEEM_WITHDRAWN not in open_to(Role.SUPERVISOR, in_time)


def test_a_special_procedure_is_asked_for_and_decided_by_somebody_else() -> None:
    none = standing(Status.REVIEWING)
    some = standing(Status.REVIEWING, procedures=(Procedure.HEARING,))
    asked = replace(some, pending=ApprovalKind.PROCEDURE, pending_by=7)

    assert Action.REQUEST_PROCEDURE not in open_to(Role.HANDLER, none)
    assert Action.REQUEST_PROCEDURE in open_to(Role.HANDLER, some)
    assert Action.APPROVE_PROCEDURE not in open_to(Role.UNIT_HEAD, asked)
    other = {
        step.action
        for step in open_steps(KIND, asked, staff(a_person(Role.UNIT_HEAD, person=8)), NOW)
    }
    assert Action.APPROVE_PROCEDURE in other


def test_the_limit_is_extended_once_and_before_it_ends() -> None:
    fresh = replace(standing(Status.REVIEWING), due_at=NOW + SECOND)
    used = replace(standing(Status.REVIEWING, is_extended=True), due_at=NOW + SECOND)
    late = replace(fresh, due_at=NOW - SECOND)

    assert Action.REQUEST_EXTENSION in open_to(Role.HANDLER, fresh)
    assert Action.REQUEST_EXTENSION not in open_to(Role.HANDLER, used)
    assert Action.REQUEST_EXTENSION not in open_to(Role.HANDLER, late)


def test_who_reviewed_it_does_not_decide_it_alone() -> None:
    decisions = {Action.GRANT, Action.REFUSE}
    a_colleagues = standing(Status.REVIEWING, reviewed_by=frozenset({8}))
    by_oneself = standing(Status.REVIEWING, reviewed_by=frozenset({7}))
    in_own_hand = replace(a_colleagues, handler_id=7)
    at_once = Situation(Status.RECEIVED, handler_id=7, application=Application(is_instant=True))

    assert decisions <= open_to(Role.UNIT_HEAD, a_colleagues)
    assert not decisions & open_to(Role.UNIT_HEAD, by_oneself)
    assert not decisions & open_to(Role.UNIT_HEAD, in_own_hand)
    assert Action.DECIDE_AT_ONCE in open_to(Role.CLERK, at_once)


def test_a_refusal_needs_reasons_basis_and_remedies() -> None:
    step = step_for(KIND, standing(Status.REVIEWING), Action.REFUSE)

    with pytest.raises(InvalidError) as refused:
        check_input(step, StepInput(Action.REFUSE, 1))

    assert set(refused.value.fields) == {"text", Field.OUTCOME_BASIS, Field.REMEDIES}
    said = Facts(outcome_basis="第三十五条", remedies="六十日内申请行政复议")
    check_input(step, StepInput(Action.REFUSE, 1, text="场所不符合要求", facts=said))


def test_a_certificate_is_made_only_where_there_is_one_and_not_twice() -> None:
    granted = {"decision": Decision.GRANTED, "makes_certificate": True}
    to_make = standing(Status.DECIDED, **granted)
    at_once = standing(Status.DECIDED, **granted, admission=Admission.AT_ONCE)
    refused = standing(Status.DECIDED, decision=Decision.REFUSED, makes_certificate=True)

    assert Action.ISSUE in open_to(Role.HANDLER, to_make)
    assert Action.DELIVER not in open_to(Role.CLERK, to_make)
    for ready in (at_once, refused):
        assert Action.ISSUE not in open_to(Role.HANDLER, ready)
        assert Action.DELIVER in open_to(Role.CLERK, ready)


def test_the_applicant_hands_in_and_withdraws_until_it_is_decided() -> None:
    def own(status: Status) -> set[Action]:
        return {step.action for step in open_steps(KIND, standing(status), CITIZEN, NOW)}

    assert own(Status.CORRECTING) == {Action.HAND_IN, Action.WITHDRAW}
    assert own(Status.REVIEWING) == {Action.WITHDRAW}
    assert own(Status.DECIDED) == own(Status.CLOSED) == set()


def test_what_was_taken_in_as_an_order_goes_on_as_one() -> None:
    assert Action.DISPATCH in open_to(Role.DISPATCHER, standing(Status.ACCEPTED))
