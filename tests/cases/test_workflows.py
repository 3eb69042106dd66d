"""The order table is the specification; these test the table as a graph."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import pytest

from app.accounts.rules import Actor, Grant, Permission, Role, Scope
from app.cases import rules
from app.cases.kinds import FINAL, RATEABLE, Action, ApprovalKind, Status
from app.cases.labels import LABELS, label
from app.cases.rules import (
    CITIZEN,
    SYSTEM,
    CaseClock,
    ClockDoes,
    Facts,
    Field,
    Guard,
    OwnWorkError,
    Situation,
    StepInput,
    StepNotAllowedError,
    Words,
    staff,
)
from app.cases.rules.taking import OWN_WORK
from app.cases.workflows import TABLES, barred_steps, open_steps, step_for
from app.cases.workflows.order import STEPS
from app.catalogue.rules import CaseKind
from app.kernel.errors import ForbiddenError, InvalidError

APP = Path(rules.__file__).parents[2]
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
# What only complaints and applications have is tested with their own tables.
ELSEWHERE = (
    *TABLES[CaseKind.COMPLAINT],
    *TABLES[CaseKind.SERVICE_REQUEST],
    *TABLES[CaseKind.REPAIR],
)
OF_OTHERS = {state for s in ELSEWHERE for state in (s.source, s.target)} - {
    state for s in STEPS for state in (s.source, s.target)
}
ONLY_OTHERS = {s.action for s in ELSEWHERE} - {s.action for s in STEPS}
ORDERS = set(Status) - OF_OTHERS
NOT_STEPS = {
    Action.INQUIRE,
    Action.LAY_DOWN,
    Action.PROVE,
    Action.RECUSE,
    Action.CONFIDE,
    Action.REVEAL,
    Action.OPEN,
    Action.SUPPLEMENT,
    Action.URGE,
    Action.ANSWER_URGE,
    Action.REMIND,
    Action.SUPERVISE,
    Action.SUPERVISION,
    Action.NOTE,
    Action.WARN,
    Action.BREACH,
    Action.CLOCK,
    Action.IMPORT_REPLY,
    Action.GATHER,
    Action.PART,
    Action.FOLLOWER_SAID,
    Action.PROGRESS,
    Action.SHARED_REPLY,
    Action.TELL_PROGRESS,
    Action.PROOF,
    Action.CALLED,
    Action.TASK_ASK,
    Action.TASK_SIGN,
    Action.TASK_REPLY,
    Action.TASK_RETURN,
    Action.TASK_ACCEPT,
    Action.TASK_SEND_BACK,
    Action.TASK_CANCEL,
    Action.JUDGE_PAPERS,
    Action.KEEP_PROMISE,
    Action.VERIFY,
    Action.EXPLAIN_LATE,
    Action.TELL_HEARING,
    Action.ASK_HEARING,
    Action.CALL_HEARING,
    Action.HOLD_HEARING,
    Action.REVOKE,
    Action.LEND,
}
# Steps of which the citizen hears nothing by message, each for a reason.
SILENT = {
    Action.WITHDRAW: "the citizen did it",
    Action.CONFIRM: "the citizen did it",
    Action.DISPUTE: "the citizen did it",
    Action.UPHOLD: "nothing changes",
    Action.ANSWER_QUESTION: "the citizen did it",
    Action.REOPEN: "the citizen did it",
    Action.REQUEST_REOPEN: "the citizen did it",
    Action.REPLY: "not reviewed yet",
    Action.RETURN_REPLY: "not reviewed yet",
    Action.ASSIGN: "inside the unit",
    Action.HAND_OVER: "inside the unit",
    Action.ACCEPT_HAND_OVER: "inside the unit",
    Action.REFUSE_HAND_OVER: "inside the unit",
    Action.CONTACT: "the contact itself was the message",
    Action.GO_ON: "inside the unit",
    Action.REQUEST_RETURN: "between units",
    Action.REQUEST_RULING: "between units",
    Action.ACCEPT_RETURN: "between units",
    Action.REFUSE_RETURN: "between units",
    Action.ADJUDICATE: "between units",
    Action.REQUEST_EXTENSION: "not decided yet",
    Action.REFUSE_EXTENSION: "nothing changes",
    Action.REQUEST_SUSPENSION: "not decided yet",
    Action.REFUSE_SUSPENSION: "nothing changes",
    Action.REQUEST_TERMINATION: "not decided yet",
    Action.REFUSE_TERMINATION: "nothing changes",
    Action.CLAIM_DIFFERENT: "the citizen did it",
    Action.CALL_BACK: "the call itself was the message",
}


def an_actor(role: Role, *, person: int = 7, scope: Scope = Scope.ALL) -> Actor:
    grant = Grant(role, 3, "/1/3/", "990101", scope)
    return Actor(person, "who", "Who", 3, "/1/3/", "990101", (grant,))


def test_every_state_is_reached_from_submission() -> None:
    reached = {Status.SUBMITTED}
    while more := {s.target for s in STEPS if s.source in reached} - reached:
        reached |= more

    assert reached == ORDERS


def test_every_state_that_is_no_end_leads_to_one() -> None:
    leading = FINAL & ORDERS
    while more := {s.source for s in STEPS if s.target in leading} - leading:
        leading |= more

    assert leading == ORDERS


def test_only_a_closed_matter_ever_comes_back() -> None:
    assert {s.source for s in STEPS if s.source in FINAL} == {Status.CLOSED}
    assert RATEABLE <= FINAL


def test_from_one_state_an_action_leads_to_one_place() -> None:
    # Merged, it goes back to where it came from or ends as the leading matter does: one of each.
    led = {s for s in STEPS if s.goes_back or s.guard is Guard.WITH_MASTER}
    pairs = [(s.source, s.action) for s in STEPS if s not in led]

    assert len(pairs) == len(set(pairs)) > 40


def test_every_action_is_a_step_or_known_not_to_be() -> None:
    assert {s.action for s in STEPS} == set(Action) - NOT_STEPS - ONLY_OTHERS


def test_every_step_has_a_notice_or_is_silent_for_a_reason() -> None:
    silent = {s.action for s in STEPS if s.notice is None}

    assert silent == set(SILENT)


@pytest.mark.parametrize("kind", list(CaseKind))
def test_every_kind_has_a_table(kind: CaseKind) -> None:
    assert len(TABLES[kind]) > 40


@pytest.mark.parametrize("words", list(LABELS), ids=lambda w: w.__name__)
def test_every_stored_word_has_a_label(words: type[StrEnum]) -> None:
    assert set(LABELS[words]) == set(words)
    assert all(label(member) for member in LABELS[words])


def test_what_asks_for_approval_can_be_decided_both_ways() -> None:
    asked = {s.asks_approval for table in TABLES.values() for s in table} - {None}
    decided = {
        kind: {s.action for table in TABLES.values() for s in table if s.decides is kind}
        for kind in ApprovalKind
    }

    assert asked == set(ApprovalKind)
    assert all(len(actions) >= 2 for actions in decided.values())


def test_only_suspension_pauses_a_clock_and_waiting_for_the_citizen_does_not() -> None:
    pausing = {s.target for s in STEPS for _, does in s.clocks if does is ClockDoes.PAUSE}

    assert pausing == {Status.SUSPENDED}
    asking = [s for s in STEPS if s.target is Status.WAITING_CITIZEN and s.source != s.target]
    assert all(clock is not CaseClock.RESOLVE for s in asking for clock, _ in s.clocks)


def test_no_step_between_units_touches_the_citizens_clock() -> None:
    between = {Status.RETURNING, Status.ADJUDICATING}
    steps = [s for s in STEPS if s.source in between or s.target in between]

    assert len(steps) >= 6
    assert all(clock is not CaseClock.RESOLVE for s in steps for clock, _ in s.clocks)


def test_the_resolve_clock_stops_at_every_end_and_runs_again_after_it() -> None:
    for step in STEPS:
        deeds = dict(step.clocks)
        if step.target in FINAL and step.source not in FINAL and step.target != Status.CLOSED:
            assert deeds[CaseClock.RESOLVE] in (ClockDoes.CANCEL, ClockDoes.MEET)
        if step.source in FINAL and step.target not in FINAL:
            assert deeds[CaseClock.RESOLVE] is ClockDoes.NEW_ROUND


def test_a_public_word_is_demanded_where_the_citizen_reads_it() -> None:
    step = step_for(CaseKind.HELP, Situation(Status.SUBMITTED), Action.DECLINE)

    with pytest.raises(InvalidError) as refused:
        rules.check_input(step, StepInput(Action.DECLINE, 1, text="  "))

    assert set(refused.value.fields) == {"text", Field.DECLINE_REASON}


def test_a_note_is_demanded_where_a_step_must_be_explained() -> None:
    step = step_for(CaseKind.HELP, Situation(Status.REPLIED), Action.RETURN_REPLY)

    with pytest.raises(InvalidError) as refused:
        rules.check_input(step, StepInput(Action.RETURN_REPLY, 1))

    assert set(refused.value.fields) == {"note"}


def test_complete_input_is_let_through() -> None:
    step = step_for(CaseKind.HELP, Situation(Status.ACCEPTED), Action.DISPATCH)

    rules.check_input(step, StepInput(Action.DISPATCH, 1, facts=Facts(unit_id=4)))

    assert step.words is Words.NOTE


def test_the_citizen_is_offered_only_what_is_theirs() -> None:
    steps = open_steps(CaseKind.HELP, Situation(Status.HANDLING), CITIZEN, NOW)

    assert {s.action for s in steps} == {Action.WITHDRAW}


def test_the_system_is_offered_no_more_than_the_guards_allow() -> None:
    steps = open_steps(CaseKind.HELP, Situation(Status.HANDLING), SYSTEM, NOW)

    assert Action.APPROVE_EXTENSION not in {s.action for s in steps}


def test_nobody_decides_on_their_own_request() -> None:
    asked = Situation(Status.HANDLING, pending=ApprovalKind.EXTENSION, pending_by=7)
    step = step_for(CaseKind.HELP, asked, Action.APPROVE_EXTENSION)

    with pytest.raises(OwnWorkError):
        rules.check_may_take(step, asked, staff(an_actor(Role.UNIT_HEAD, person=7)), NOW)
    barred = barred_steps(CaseKind.HELP, asked, staff(an_actor(Role.UNIT_HEAD, person=7)), NOW)
    assert step.action in barred[OWN_WORK]
    rules.check_may_take(step, asked, staff(an_actor(Role.UNIT_HEAD, person=8)), NOW)


def test_nobody_reviews_their_own_reply() -> None:
    replied = Situation(Status.REPLIED, replied_by=7)
    step = step_for(CaseKind.HELP, replied, Action.APPROVE_REPLY)

    with pytest.raises(OwnWorkError):
        rules.check_may_take(step, replied, staff(an_actor(Role.REVIEWER, person=7)), NOW)


def test_a_role_without_the_right_is_told_so() -> None:
    step = step_for(CaseKind.HELP, Situation(Status.SUBMITTED), Action.ACCEPT)

    with pytest.raises(ForbiddenError):
        rules.check_may_take(step, Situation(Status.SUBMITTED), staff(an_actor(Role.HANDLER)), NOW)


def test_a_right_ends_where_the_scope_ends() -> None:
    mine = Situation(Status.HANDLING, unit_id=3, unit_path="/1/3/", region_code="990101")
    theirs = Situation(Status.HANDLING, unit_id=4, unit_path="/1/4/", region_code="990102")
    doer = staff(an_actor(Role.HANDLER, scope=Scope.UNIT))

    assert Action.REPLY in {s.action for s in open_steps(CaseKind.HELP, mine, doer, NOW)}
    assert open_steps(CaseKind.HELP, theirs, doer, NOW) == ()


def test_after_a_ruling_no_return_is_possible() -> None:
    barred = Situation(Status.DISPATCHED, return_barred=True)
    step = step_for(CaseKind.HELP, barred, Action.REQUEST_RETURN)

    with pytest.raises(StepNotAllowedError):
        rules.check_may_take(step, barred, SYSTEM, NOW)


def test_the_citizen_reopens_within_fifteen_days_and_asks_afterwards() -> None:
    fresh = Situation(Status.CLOSED, closed_at=NOW - timedelta(days=15))
    late = Situation(Status.CLOSED, closed_at=NOW - timedelta(days=15, seconds=1))

    assert [s.action for s in open_steps(CaseKind.HELP, fresh, CITIZEN, NOW)] == [Action.REOPEN]
    assert [s.action for s in open_steps(CaseKind.HELP, late, CITIZEN, NOW)] == [
        Action.REQUEST_REOPEN
    ]


@pytest.mark.parametrize("guard", list(Guard))
def test_every_guard_is_used_and_has_a_truth(guard: Guard) -> None:
    assert any(s.guard is guard for table in TABLES.values() for s in table)
    assert rules.guard_holds(guard, Situation(Status.CLOSED), NOW) in (True, False)


def test_an_unknown_step_is_refused() -> None:
    with pytest.raises(StepNotAllowedError):
        step_for(CaseKind.HELP, Situation(Status.SUBMITTED), Action.CLOSE)


def test_a_fact_that_no_line_requires_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="does not require"):
        rules.given_fact(None)


def test_every_fact_is_a_member_of_the_form() -> None:
    needed = {f for s in STEPS for f in (*s.requires, *s.offers)}

    assert needed <= set(Field)
    assert all(hasattr(Facts(), f) for f in Field)


def test_every_right_on_a_matter_opens_something() -> None:
    where_it_is_given = {APP / "accounts" / "rules.py", APP / "accounts" / "labels.py"}
    sources = [file for file in APP.rglob("*.py") if file not in where_it_is_given]
    asked = "\n".join(file.read_text(encoding="utf-8") for file in sources)

    idle = [p for p in Permission if p.startswith("case:") and f".{p.name}" not in asked]

    assert idle == []


def test_permissions_of_steps_are_held_by_somebody() -> None:
    held = {p for role in Role for p in Permission if an_actor(role).may(p)}
    needed: set[Permission] = {s.needs for s in STEPS}

    assert needed - {Permission.CASE_OWN} <= held
