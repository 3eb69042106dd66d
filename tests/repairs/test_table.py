"""The table of repairs as a graph: every state reached and left, duties apart, safety first."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.rules import GRANTS, Actor, Grant, Permission, Role, Scope
from app.cases.kinds import FINAL, Action, ApprovalKind, Status
from app.cases.labels import label
from app.cases.rules import (
    CITIZEN,
    CONTRACTOR,
    CaseClock,
    ClockDoes,
    Guard,
    OwnWorkError,
    Situation,
    StepNotAllowedError,
    check_may_take,
    staff,
)
from app.cases.rules.repairing import CREWS_OWN, NO_REPAIR, Standing
from app.cases.workflows import TABLES, open_steps, step_for
from app.cases.workflows.repair import BEFORE, STEPS
from app.catalogue.rules import CaseKind

KIND = CaseKind.REPAIR
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
STATES = {state for step in STEPS for state in (step.source, step.target)}
LEAD, CREW, OTHER_CREW = 3, 31, 32
# Steps of which whoever reported hears nothing by message, each for a reason.
SILENT = {
    Action.WITHDRAW: "the citizen did it",
    Action.CONFIRM: "the citizen did it",
    Action.DISPUTE: "the citizen did it",
    Action.REOPEN: "the citizen did it",
    Action.REQUEST_REOPEN: "the citizen did it",
    Action.CLAIM_DIFFERENT: "the citizen did it",
    Action.UPHOLD: "nothing changes",
    Action.CALL_BACK: "the call itself was the message",
    Action.ASSIGN_CREW: "inside the unit",
    Action.GRAB: "inside the unit, where it was signed for already",
    Action.HAND_BACK: "inside the unit",
    Action.ARRIVE: "told when somebody set out, and when it is repaired",
    Action.SECURE: "its page shows it; the repair is still to come",
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
}


def an_actor(
    role: Role, *, person: int = 7, unit: int = LEAD, path: str = "/1/3/", scope: Scope = Scope.ALL
) -> Actor:
    grant = Grant(role, unit, path, "990101", scope)
    return Actor(person, "who", "Who", unit, path, "990101", (grant,))


def of_crew(*, person: int = 9, crew: int = CREW) -> Actor:
    path = f"/1/3/{crew}/"
    return an_actor(Role.CREW, person=person, unit=crew, path=path, scope=Scope.UNIT)


def standing(status: Status, repair: Standing = NO_REPAIR, **more: object) -> Situation:
    place = Situation(status, unit_id=LEAD, unit_path="/1/3/", region_code="990101", repair=repair)
    return replace(place, **more)  # type: ignore[arg-type]  # fields of a situation


def offered(situation: Situation, actor: Actor) -> set[Action]:
    return {step.action for step in open_steps(KIND, situation, staff(actor), NOW)}


def test_every_state_is_reached_from_the_report() -> None:
    reached = {Status.REPORTED}
    while more := {s.target for s in STEPS if s.source in reached} - reached:
        reached |= more

    assert reached == STATES


def test_every_state_that_is_no_end_leads_to_one() -> None:
    leading = FINAL & STATES
    while more := {s.source for s in STEPS if s.target in leading} - leading:
        leading |= more

    assert leading == STATES
    assert {s.source for s in STEPS if s.source in FINAL} == {Status.CLOSED}


def test_from_one_state_an_action_leads_to_one_place() -> None:
    led = [s for s in TABLES[KIND] if s.goes_back or s.guard is Guard.WITH_MASTER]
    pairs = [(s.source, s.action) for s in TABLES[KIND] if s not in led]

    assert len(pairs) == len(set(pairs)) > 100


def test_every_step_has_a_label_and_a_notice_or_is_silent_for_a_reason() -> None:
    assert all(label(step.action) and label(step.target) for step in STEPS)
    assert {s.action for s in STEPS if s.notice is None} == set(SILENT)


def test_what_was_taken_in_as_an_order_goes_on_to_its_end() -> None:
    states = {s.source for s in BEFORE} - {Status.MERGED}
    leading = set(STATES)
    while more := {s.source for s in BEFORE if s.target in leading} - leading:
        leading |= more

    assert states <= leading
    assert states & STATES == set()


def test_who_files_and_checks_dispatches_nothing_and_the_other_way_round() -> None:
    filing = {Permission.REPAIR_FILE, Permission.REPAIR_CHECK}

    for role in (Role.INSPECTOR, Role.SUPERVISOR):
        assert filing <= GRANTS[role]
        assert Permission.CASE_DISPATCH not in GRANTS[role]
    assert not filing & GRANTS[Role.DISPATCHER]
    assert Action.FILE in offered(standing(Status.REPORTED), an_actor(Role.INSPECTOR))
    assert Action.FILE not in offered(standing(Status.REPORTED), an_actor(Role.DISPATCHER))
    assert Action.DISPATCH not in offered(standing(Status.VERIFIED), an_actor(Role.INSPECTOR))


def test_a_crew_reaches_only_what_it_was_given() -> None:
    ours = standing(Status.SIGNED, Standing(crew_id=CREW))
    theirs = standing(Status.SIGNED, Standing(crew_id=OTHER_CREW))

    assert {Action.SET_OUT, Action.ARRIVE, Action.HAND_BACK} <= offered(ours, of_crew())
    assert offered(theirs, of_crew()) == set()
    assert offered(ours, of_crew()) <= CREWS_OWN


def test_a_free_repair_of_its_unit_is_taken_by_one_crew_only() -> None:
    free = standing(Status.DISPATCHED)
    taken = standing(Status.DISPATCHED, Standing(crew_id=OTHER_CREW))
    elsewhere = replace(free, unit_id=4, unit_path="/1/4/")

    assert Action.GRAB in offered(free, of_crew())
    assert Action.GRAB not in offered(taken, of_crew())
    assert Action.GRAB not in offered(elsewhere, of_crew())


@pytest.mark.parametrize("action", [Action.CHECK, Action.REWORK])
def test_nobody_of_the_crew_checks_its_work(action: Action) -> None:
    done = standing(Status.REPAIRED, Standing(crew_id=CREW), replied_by=9)
    step = step_for(KIND, done, action)
    home = an_actor(Role.INSPECTOR, person=8)
    in_crew = replace(home, unit_id=CREW)
    also_crew = replace(
        home, appointments=(*home.appointments, Grant(Role.CREW, CREW, "/1/3/31/", "", Scope.UNIT))
    )
    who_did_it = an_actor(Role.INSPECTOR, person=9)

    for actor in (in_crew, also_crew, who_did_it):
        with pytest.raises(OwnWorkError):
            check_may_take(step, done, staff(actor), NOW)
    check_may_take(step, done, staff(home), NOW)


def test_a_dangerous_spot_is_made_safe_before_the_work_may_rest() -> None:
    open_spot = standing(Status.ON_SITE, Standing(crew_id=CREW, is_danger=True))
    fenced = standing(Status.ON_SITE, Standing(crew_id=CREW, is_danger=True, is_safe=True))
    head = an_actor(Role.UNIT_HEAD)
    step = step_for(KIND, open_spot, Action.REQUEST_SUSPENSION)

    with pytest.raises(StepNotAllowedError, match="safety measure"):
        check_may_take(step, open_spot, staff(head), NOW)
    check_may_take(step, fenced, staff(head), NOW)
    assert Action.REQUEST_SUSPENSION in offered(standing(Status.ON_SITE), head)


def test_only_putting_off_stops_the_citizens_clock() -> None:
    pausing = {s.action for s in STEPS for _, does in s.clocks if does is ClockDoes.PAUSE}
    between = {Status.RETURNING, Status.ADJUDICATING}

    assert pausing == {Action.APPROVE_SUSPENSION}
    assert not [
        s
        for s in STEPS
        if s.source in between or s.target in between
        if CaseClock.RESOLVE in dict(s.clocks)
    ]


def test_bad_work_wins_no_time() -> None:
    again = next(s for s in STEPS if s.source is Status.REPAIRED and s.action is Action.REWORK)
    met = {s.action for s in STEPS if dict(s.clocks).get(CaseClock.RESOLVE) is ClockDoes.MEET}

    assert CaseClock.RESOLVE not in dict(again.clocks)
    assert met == {Action.CHECK}


def test_the_clock_stops_at_every_end_and_runs_again_after_it() -> None:
    for step in STEPS:
        deeds = dict(step.clocks)
        if step.target in FINAL and step.source not in FINAL and step.action is not Action.CLOSE:
            assert deeds[CaseClock.RESOLVE] is ClockDoes.CANCEL
        if step.source in FINAL and step.target not in FINAL:
            assert deeds[CaseClock.RESOLVE] is ClockDoes.NEW_ROUND


def test_returns_are_bounded_and_end_in_a_ruling() -> None:
    twice = standing(Status.DISPATCHED, return_count=2)
    ruled = standing(Status.DISPATCHED, return_count=2, return_barred=True)
    late = standing(Status.DISPATCHED, returns_until=NOW - timedelta(seconds=1))
    handler = an_actor(Role.HANDLER)

    assert Action.REQUEST_RETURN in offered(standing(Status.DISPATCHED), handler)
    for barred in (twice, ruled, late):
        assert Action.REQUEST_RETURN not in offered(barred, handler)
    assert Action.REQUEST_RULING in offered(twice, handler)
    assert Action.REQUEST_RULING not in offered(ruled, handler)


def test_whoever_it_was_lent_to_does_the_work_and_nothing_else() -> None:
    for status in STATES:
        steps = open_steps(KIND, standing(status, Standing(crew_id=CREW)), CONTRACTOR, NOW)
        assert {s.action for s in steps} <= CREWS_OWN - {Action.HAND_BACK}


def test_the_citizen_withdraws_until_somebody_is_on_the_way() -> None:
    may = {
        status
        for status in STATES
        if Action.WITHDRAW in {s.action for s in open_steps(KIND, standing(status), CITIZEN, NOW)}
    }

    assert may == {
        Status.REPORTED,
        Status.VERIFIED,
        Status.DISPATCHED,
        Status.SIGNED,
        Status.MERGED,
    }


def test_what_is_asked_for_is_decided_both_ways() -> None:
    asked = {s.asks_approval for s in STEPS} - {None}

    assert asked == {
        ApprovalKind.RETURN,
        ApprovalKind.EXTENSION,
        ApprovalKind.SUSPENSION,
        ApprovalKind.TERMINATION,
        ApprovalKind.REOPEN,
        ApprovalKind.SEPARATION,
    }
    for kind in asked:
        assert len({s.action for s in STEPS if s.decides is kind}) >= 2
