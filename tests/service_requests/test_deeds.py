"""Beside the steps: why it is late, the hearing with its days, a promise that did not hold."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Role
from app.cases.application_models import CaseApplication
from app.cases.kinds import Action
from app.cases.models import Case
from app.documents.queries import list_for_case
from app.documents.rules import DocumentKind, DocumentState
from app.kernel.errors import ForbiddenError, InvalidError
from app.service_requests.queries import late_counts, late_list, why_late
from app.service_requests.rules.deeds import NEEDS, Deed, Said, check_said
from app.service_requests.service import ask_hearing, do, open_deeds, verify
from app.sla.rules import ClockKind
from tests.service_requests.applying import (
    PERMIT,
    all_in_order,
    an_item,
    applied,
    clock,
    reviewed,
    step,
)
from tests.support.city import City
from tests.support.clock import MONDAY_9AM

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = timedelta(days=1)


def written(
    session: Session, case: Case, deed: Deed, actor: Actor, now: datetime, **said: object
) -> None:
    given = Said(**{"words": "见说明。", **said})  # type: ignore[arg-type]  # keywords are Said's own
    do(session, case, deed, given, actor=actor, now=now)


@pytest.mark.parametrize("deed", Deed)
def test_what_a_deed_needs_is_asked_for_field_by_field(deed: Deed) -> None:
    with pytest.raises(InvalidError) as refused:
        check_said(deed, Said(" "))

    assert set(refused.value.fields) == set(NEEDS[deed])


def test_over_its_promise_the_unit_says_why_once_and_it_is_counted(city: City) -> None:
    handler, head = city[Role.HANDLER], city[Role.UNIT_HEAD]
    with city.db.begin() as session:
        case = reviewed(session, city, applied(session, city, an_item(session, city)))
        due = clock(session, case, ClockKind.RESOLVE).due_at or MONDAY_9AM
        later, since = due + DAY, MONDAY_9AM - DAY
        assert open_deeds(session, case, handler, now=due) == (Deed.TELL_HEARING,)
        assert Deed.EXPLAIN_LATE not in open_deeds(session, case, city[Role.CLERK], now=later)
        before = late_counts(session, head, since=since, now=later)

        written(session, case, Deed.EXPLAIN_LATE, handler, later, words="外地档案调阅未回。")

        assert before == (1, 0)
        assert late_counts(session, head, since=since, now=later) == (1, 1)
        assert late_counts(session, head, since=since, now=due) == (0, 0)
        assert [row.number for row in late_list(session, head, since=since, now=later)] == [
            case.number
        ]
        assert why_late(session, case.id) == "外地档案调阅未回。"
        assert Deed.EXPLAIN_LATE not in open_deeds(session, case, handler, now=later)


@ON_SQLITE
def test_a_hearing_is_asked_for_in_five_days_told_seven_before_and_held_in_twenty(
    city: City,
) -> None:
    handler, head = city[Role.HANDLER], city[Role.UNIT_HEAD]
    with city.db.begin() as session:
        case = reviewed(session, city, applied(session, city, an_item(session, city)))
        row = session.get_one(CaseApplication, case.id)
        written(session, case, Deed.TELL_HEARING, handler, MONDAY_9AM)
        assert row.hearing_until == date(2026, 3, 9)
        with pytest.raises(InvalidError):
            step(session, case, Action.GRANT, head, text="准予许可。")
        with pytest.raises(ForbiddenError):
            ask_hearing(session, case, "要求听证", now=MONDAY_9AM + 8 * DAY)

        ask_hearing(session, case, "要求听证", now=MONDAY_9AM + DAY)
        held_by = clock(session, case, ClockKind.HEARING)
        too_soon, in_time = MONDAY_9AM + 3 * DAY, MONDAY_9AM + 15 * DAY
        too_late = MONDAY_9AM + 60 * DAY
        for wrong in (too_soon, too_late):
            with pytest.raises(InvalidError):
                written(session, case, Deed.CALL_HEARING, handler, MONDAY_9AM + DAY, at=wrong)
        written(session, case, Deed.CALL_HEARING, handler, MONDAY_9AM + DAY, at=in_time)
        with pytest.raises(InvalidError):
            step(session, case, Action.GRANT, head, at=MONDAY_9AM + 9 * DAY, text="准予许可。")
        written(session, case, Deed.HOLD_HEARING, handler, in_time)

        assert held_by.due_at is not None
        assert held_by.due_at.date() == date(2026, 3, 31)
        assert held_by.on_time is True
        step(session, case, Action.GRANT, head, at=in_time, text="准予许可。")


@ON_SQLITE
def test_a_hearing_nobody_called_in_time_is_held_late_and_the_decision_waits_no_longer(
    city: City,
) -> None:
    handler, head = city[Role.HANDLER], city[Role.UNIT_HEAD]
    with city.db.begin() as session:
        case = reviewed(session, city, applied(session, city, an_item(session, city)))
        written(session, case, Deed.TELL_HEARING, handler, MONDAY_9AM)
        ask_hearing(session, case, "要求听证", now=MONDAY_9AM + DAY)
        remembered = MONDAY_9AM + 28 * DAY  # a day before the last of the twenty
        first = datetime.fromisoformat("2026-04-09T10:00+08:00")  # seven days on, over 清明

        for wrong in (first - DAY, first + DAY):
            with pytest.raises(InvalidError):
                written(session, case, Deed.CALL_HEARING, handler, remembered, at=wrong)
        written(session, case, Deed.CALL_HEARING, handler, remembered, at=first)
        written(session, case, Deed.HOLD_HEARING, handler, first)

        assert clock(session, case, ClockKind.HEARING).on_time is False
        step(session, case, Action.GRANT, head, at=first, text="准予许可。")


def test_a_false_promise_is_revoked_by_another_with_a_paper_and_the_old_one_is_void(
    city: City,
) -> None:
    handler, head = city[Role.HANDLER], city[Role.UNIT_HEAD]
    with city.db.begin() as session:
        version = an_item(session, city, replace(PERMIT, may_promise=True))
        case = applied(session, city, version, on_promise=True)
        step(session, case, Action.DECIDE_AT_ONCE, city[Role.CLERK])
        later = MONDAY_9AM + DAY
        verify(session, case, was_true=False, words="现场不符。", actor=head, now=later)
        assert Deed.REVOKE not in open_deeds(session, case, head, now=later)
        assert Deed.REVOKE not in open_deeds(session, case, handler, now=later)

        written(
            session,
            case,
            Deed.REVOKE,
            city[Role.SUPERVISOR],
            later,
            basis="《行政许可法》第六十九条",
            remedies="六十日内申请行政复议",
        )

        states = {row.kind: row.state for row in list_for_case(session, case.id)}
        assert states[DocumentKind.GRANT] is DocumentState.VOID
        assert states[DocumentKind.REVOCATION] is DocumentState.VALID
        assert Deed.REVOKE not in open_deeds(session, case, city[Role.SUPERVISOR], now=later)


@ON_SQLITE
def test_on_a_promise_nothing_is_granted_before_the_credit_was_looked_up(city: City) -> None:
    with city.db.begin() as session:
        version = an_item(session, city, replace(PERMIT, may_promise=True))
        for known in (None, False):
            with pytest.raises(InvalidError) as refused:
                applied(session, city, version, on_promise=True, has_clean_credit=known)

            assert set(refused.value.fields) == {"credit"}
        applied(session, city, version, judged=all_in_order(), has_clean_credit=None)
