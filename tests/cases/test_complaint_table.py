"""The table of complaints as a graph: every state is reached and left, every step explained."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.rules import Actor, Grant, Permission, Role, Scope
from app.cases import rules
from app.cases.kinds import FINAL, Action, ApprovalKind, Finding, Status
from app.cases.rules import (
    CITIZEN,
    CaseClock,
    ClockDoes,
    Guard,
    Inquiry,
    OwnWorkError,
    Situation,
    Step,
    StepNotAllowedError,
    staff,
)
from app.cases.workflows import TABLES, open_steps, order, step_for
from app.catalogue.rules import CaseKind

STEPS = TABLES[CaseKind.COMPLAINT]
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
MANY = 80
# Where nothing leads any more: matters taken in before complaints had a table of their own.
LEFT_BEHIND = {Status.HANDLING}
COMPLAINTS = {state for s in STEPS for state in (s.source, s.target)}
OWN_STATES = {Status.INVESTIGATING, Status.CONCLUDING, Status.MEASURES, Status.RECHECKING}
# Steps of an investigation of which the complainant hears nothing by message, each for a reason.
SILENT = {
    Action.CONCLUDE: "not confirmed yet",
    Action.CONFIRM_FINDING: "told with the reply, which is reviewed first",
    Action.RETURN_FINDING: "inside the unit",
    Action.INVESTIGATE: "inside the unit",
    Action.REQUEST_RECHECK: "the complainant did it",
}


def an_actor(role: Role, *, person: int = 7) -> Actor:
    grant = Grant(role, 3, "/1/3/", "990101", Scope.ALL)
    return Actor(person, "who", "Who", 3, "/1/3/", "990101", (grant,))


def reached_from(start: set[Status]) -> set[Status]:
    reached = set(start)
    while more := {s.target for s in STEPS if s.source in reached} - reached:
        reached |= more
    return reached


def test_every_state_is_reached_from_submission_but_for_the_one_left_behind() -> None:
    assert reached_from({Status.SUBMITTED}) == COMPLAINTS - LEFT_BEHIND


def test_every_state_that_is_no_end_leads_to_one() -> None:
    leading = FINAL & COMPLAINTS
    while more := {s.source for s in STEPS if s.target in leading} - leading:
        leading |= more

    assert leading == COMPLAINTS


def test_a_complaint_that_was_being_handled_goes_on_as_an_investigation() -> None:
    mine = Situation(Status.HANDLING, unit_id=3, unit_path="/1/3/", region_code="990101")

    steps = open_steps(CaseKind.COMPLAINT, mine, staff(an_actor(Role.HANDLER)), NOW)

    assert [(s.action, s.target) for s in steps] == [(Action.INVESTIGATE, Status.INVESTIGATING)]


def test_a_complaint_of_a_unit_being_closed_is_passed_on_from_every_state_in_its_hands() -> None:
    passed = {s.source: s.target for s in STEPS if s.action is Action.REDISTRIBUTE}

    assert passed.keys() >= OWN_STATES
    assert passed[Status.HANDLING] is passed[Status.INVESTIGATING] is Status.DISPATCHED
    stays = OWN_STATES - {Status.INVESTIGATING}
    assert {state: passed[state] for state in stays} == {state: state for state in stays}


def test_from_one_state_an_action_leads_to_one_place() -> None:
    # Where a joined matter goes back to, or ends, its leading matter says.
    plain = [s for s in STEPS if not s.goes_back and s.guard is not Guard.WITH_MASTER]
    pairs = [(s.source, s.action) for s in plain]

    assert len(pairs) == len(set(pairs)) > MANY


def test_no_complaint_is_answered_without_a_finding() -> None:
    replies = {s.source for s in STEPS if s.action is Action.REPLY}
    into_measures = {
        s.action for s in STEPS if s.target is Status.MEASURES and s.source != s.target
    }

    assert replies == {Status.MEASURES}
    assert into_measures == {Action.CONFIRM_FINDING, Action.CHANGE_FINDING, Action.RETURN_REPLY}


def test_what_an_order_offers_a_complaint_offers_too() -> None:
    ours = {s.action for s in STEPS}

    assert {s.action for s in order.STEPS} - ours == {Action.REOPEN}
    assert ours - {s.action for s in order.STEPS} == set(SILENT) | {
        Action.UPHOLD_FINDING,
        Action.CHANGE_FINDING,
        Action.FIND_AGAIN,
    }


@pytest.mark.parametrize(
    "step",
    [s for s in STEPS if {s.source, s.target} & OWN_STATES],
    ids=lambda s: f"{s.source}-{s.action}",
)
def test_every_step_of_an_investigation_has_a_right_somebody_holds_and_a_decision_on_notice(
    step: Step,
) -> None:
    holders = [role for role in Role if role is not Role.SYSTEM and an_actor(role).may(step.needs)]

    assert holders or step.needs is Permission.CASE_OWN
    if step.action in SILENT:
        assert step.notice is None
    elif step.action in {Action.UPHOLD_FINDING, Action.CHANGE_FINDING, Action.FIND_AGAIN}:
        assert step.notice is not None


def test_only_a_head_or_the_supervisor_confirms_and_never_their_own_finding() -> None:
    asked = Situation(Status.CONCLUDING, pending=ApprovalKind.FINDING, pending_by=7)
    step = step_for(CaseKind.COMPLAINT, asked, Action.CONFIRM_FINDING)

    holders = {r for r in Role if r is not Role.SYSTEM and an_actor(r).may(step.needs)}

    assert holders == {Role.UNIT_HEAD, Role.SUPERVISOR}
    with pytest.raises(OwnWorkError):
        rules.check_may_take(step, asked, staff(an_actor(Role.UNIT_HEAD, person=7)), NOW)
    rules.check_may_take(step, asked, staff(an_actor(Role.UNIT_HEAD, person=8)), NOW)


def test_who_found_confirmed_or_replied_does_not_check_it_for_the_unit_above() -> None:
    above = Situation(Status.RECHECKING, replied_by=5, inquiry=Inquiry(found_by=frozenset({6, 7})))
    step = step_for(CaseKind.COMPLAINT, above, Action.UPHOLD_FINDING)

    for person in (5, 6, 7):
        doer = staff(an_actor(Role.SUPERVISOR, person=person))
        with pytest.raises(OwnWorkError):
            rules.check_may_take(step, above, doer, NOW)
    rules.check_may_take(step, above, staff(an_actor(Role.SUPERVISOR, person=8)), NOW)


def test_whoever_stepped_back_takes_no_step_any_more() -> None:
    mine = Situation(Status.INVESTIGATING, unit_id=3, unit_path="/1/3/", recused=frozenset({7}))

    assert open_steps(CaseKind.COMPLAINT, mine, staff(an_actor(Role.HANDLER)), NOW) == ()


@pytest.mark.parametrize(
    ("inquiry", "is_answered"),
    [
        (Inquiry(finding=Finding.NOT_UPHELD), True),
        (Inquiry(finding=Finding.UPHELD), False),
        (Inquiry(finding=Finding.PARTLY, measures=1), True),
        (Inquiry(finding=Finding.UPHELD, measures=2, late_from=NOW + timedelta(days=1)), True),
        (Inquiry(finding=Finding.UPHELD, measures=2, late_from=NOW - timedelta(seconds=1)), False),
    ],
)
def test_what_was_upheld_is_answered_with_measures_and_none_of_them_late(
    inquiry: Inquiry,
    is_answered: bool,  # noqa: FBT001  # a case of the table
) -> None:
    here = Situation(Status.MEASURES, inquiry=inquiry)

    assert rules.guard_holds(Guard.MEASURES_SETTLED, here, NOW) is is_answered


def test_no_finding_rests_on_an_empty_file() -> None:
    here = Situation(Status.INVESTIGATING)
    step = step_for(CaseKind.COMPLAINT, here, Action.CONCLUDE)

    with pytest.raises(StepNotAllowedError, match="file is empty"):
        rules.check_may_take(step, here, staff(an_actor(Role.HANDLER)), NOW)
    with_lines = replace(here, inquiry=Inquiry(has_lines=True))
    rules.check_may_take(step, with_lines, staff(an_actor(Role.HANDLER)), NOW)


def test_the_unit_above_is_asked_once_and_in_time_and_afterwards_only_the_supervisor() -> None:
    in_time = Inquiry(recheck_until=NOW)
    late = Inquiry(recheck_until=NOW - timedelta(seconds=1))
    done = Inquiry(recheck_until=NOW, was_rechecked=True)

    open_to = {
        inquiry: {
            s.action
            for s in open_steps(
                CaseKind.COMPLAINT, Situation(Status.CLOSED, inquiry=inquiry), CITIZEN, NOW
            )
        }
        & {Action.REQUEST_RECHECK, Action.REQUEST_REOPEN, Action.REOPEN}
        for inquiry in (in_time, late, done)
    }

    assert open_to == {
        in_time: {Action.REQUEST_RECHECK},
        late: {Action.REQUEST_REOPEN},
        done: {Action.REQUEST_REOPEN},
    }


def test_the_check_of_the_unit_above_has_a_clock_that_every_decision_meets() -> None:
    asked = [s for s in STEPS if s.target is Status.RECHECKING and s.source != s.target]
    decided = [s for s in STEPS if s.source is Status.RECHECKING and s.target is not s.source]

    assert asked
    assert all((CaseClock.APPEAL, ClockDoes.START) in s.clocks for s in asked)
    assert {s.target for s in decided} == {Status.CLOSED, Status.MEASURES, Status.DISPATCHED}
    assert all((CaseClock.APPEAL, ClockDoes.MEET) in s.clocks for s in decided)
