"""A unit sends a matter back inside its window, at most twice; a ruling ends it."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases import rules
from app.cases.kinds import Action, Status
from app.cases.models import Approval, Case
from app.cases.rules import SYSTEM, Facts, Situation, StepNotAllowedError
from app.cases.workflows import barred_steps, step_for
from app.catalogue.rules import CaseKind
from app.kernel.errors import InvalidError
from tests.cases.walking import take, to_handling
from tests.support.city import WATER, WORKS, City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM

RULE = "三定方案第 4 条"
ASKED = Facts(suggested_unit_id=WATER, evidence=RULE)


@pytest.fixture
def city(db: Db) -> City:
    return a_city(db)


def send_back_in_vain(session: Session, city: City, case: Case) -> None:
    take(session, case, Action.REQUEST_RETURN, city[Role.HANDLER], note="属供水", facts=ASKED)
    take(session, case, Action.REFUSE_RETURN, city[Role.DISPATCHER], note="依目录属你单位")


def test_a_return_says_why_what_it_rests_on_and_who_should_have_it(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        take(session, case, Action.REQUEST_RETURN, city[Role.HANDLER], note="属供水", facts=ASKED)

        asked = session.scalars(select(Approval)).one()

        assert (asked.reason, asked.evidence, asked.suggested_unit_id) == ("属供水", RULE, WATER)


def test_a_return_without_evidence_is_refused(city: City) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        bare = Facts(suggested_unit_id=WATER)

        with pytest.raises(InvalidError) as refused:
            take(session, case, Action.REQUEST_RETURN, city[Role.HANDLER], note="x", facts=bare)

        assert set(refused.value.fields) == {"evidence"}


def test_one_working_day_after_dispatch_the_window_is_shut(city: City) -> None:
    tuesday_night = MONDAY_9AM.replace(hour=15, minute=59, second=59) + timedelta(days=1)
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))

        assert case.returns_until == tuesday_night
        with pytest.raises(StepNotAllowedError) as refused:
            take(
                session,
                case,
                Action.REQUEST_RETURN,
                city[Role.HANDLER],
                at=tuesday_night + timedelta(seconds=1),
                note="属供水",
                facts=ASKED,
            )

        assert "time" in refused.value.msgid


def test_the_next_unit_has_a_window_of_its_own(city: City) -> None:
    later = MONDAY_9AM + timedelta(days=2)
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        first = case.returns_until
        take(session, case, Action.REQUEST_RETURN, city[Role.HANDLER], note="属供水", facts=ASKED)
        take(session, case, Action.ACCEPT_RETURN, city[Role.DISPATCHER], at=later)
        water = Facts(unit_id=WATER)
        take(session, case, Action.DISPATCH, city[Role.DISPATCHER], at=later, facts=water)

        assert first is not None
        assert case.returns_until == first + timedelta(days=2)


def test_after_two_returns_only_a_ruling_is_left_and_it_ends_the_matter_for_good(
    city: City,
) -> None:
    with city.db.begin() as session:
        case = to_handling(session, city, a_case(session))
        due = case.due_at
        send_back_in_vain(session, city, case)
        send_back_in_vain(session, city, case)

        with pytest.raises(StepNotAllowedError):
            send_back_in_vain(session, city, case)
        take(session, case, Action.REQUEST_RULING, city[Role.HANDLER], note="两次退单未被采纳")
        ruling = Facts(unit_id=WORKS)
        take(session, case, Action.RULE, city[Role.SUPERVISOR], note="归市政", facts=ruling)

        assert (case.status, case.return_barred, case.due_at) == (Status.DISPATCHED, True, due)
        with pytest.raises(StepNotAllowedError):
            take(session, case, Action.REQUEST_RULING, city[Role.HANDLER], note="再裁")


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        (Situation(Status.DISPATCHED, return_barred=True), "ruled"),
        (Situation(Status.DISPATCHED, return_count=rules.MAX_RETURNS), "twice"),
        (Situation(Status.DISPATCHED, returns_until=MONDAY_9AM), "time"),
    ],
)
def test_who_may_not_return_any_more_is_told_why(standing: Situation, said: str) -> None:
    step = step_for(CaseKind.HELP, standing, Action.REQUEST_RETURN)
    a_second_later: datetime = MONDAY_9AM + timedelta(seconds=1)

    with pytest.raises(StepNotAllowedError) as refused:
        rules.check_may_take(step, standing, SYSTEM, a_second_later)

    assert said in refused.value.msgid


@pytest.mark.parametrize("action", [Action.REQUEST_EXTENSION, Action.REQUEST_SUSPENSION])
def test_more_time_is_asked_for_before_the_limit_has_passed(action: Action) -> None:
    on_time = Situation(Status.HANDLING, due_at=MONDAY_9AM)
    step = step_for(CaseKind.HELP, on_time, action)

    rules.check_may_take(step, on_time, SYSTEM, MONDAY_9AM)
    with pytest.raises(StepNotAllowedError) as refused:
        rules.check_may_take(step, on_time, SYSTEM, MONDAY_9AM + timedelta(seconds=1))

    assert "limit has passed" in refused.value.msgid


def test_what_is_not_possible_any_more_is_said_where_it_would_stand() -> None:
    late = Situation(Status.HANDLING, unit_id=WORKS, return_count=2, due_at=MONDAY_9AM)

    barred = barred_steps(CaseKind.HELP, late, SYSTEM, MONDAY_9AM + timedelta(seconds=1))

    assert list(barred.values()) == [
        [Action.REQUEST_RETURN],
        [Action.REQUEST_EXTENSION, Action.REQUEST_SUSPENSION],
    ]
