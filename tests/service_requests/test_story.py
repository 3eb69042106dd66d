"""Applications from the window to the file, with the papers the law wants in writing."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.kinds import Action, Admission, Decision, NotAdmitted, Outcome, Status
from app.cases.models import Case
from app.cases.queries import situation_of
from app.cases.rules import CITIZEN, Facts, StepInput
from app.cases.service import take_step
from app.desk.barred import colleagues_of
from app.documents.models import Document
from app.documents.queries import list_for_case
from app.documents.rules import DocumentKind
from app.documents.service.issuing import content_of
from app.kernel.errors import ForbiddenError, InvalidError
from app.service_items.rules import Delivery, Procedure
from app.service_requests.queries import paper_rows, standing_of
from app.service_requests.rules import Judged, Verdict
from app.service_requests.service import defects_of, judge, verify
from app.sla.rules import ClockKind
from tests.service_requests.applying import (
    FORM,
    INSTANT,
    LICENCE,
    PERMIT,
    PLAN,
    all_in_order,
    an_item,
    applied,
    clock,
    reviewed,
    step,
)
from tests.support.city import WORKS, City
from tests.support.clock import MONDAY_9AM

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
DAY = timedelta(days=1)
WRONG = (
    Judged(FORM, Verdict.OK),
    Judged(LICENCE, Verdict.DEFECT, "复印件不清"),
    Judged(PLAN, Verdict.LACKING),
)


def documents(session: Session, case: Case) -> list[str]:
    return [row.kind for row in list_for_case(session, case.id)]


def test_from_the_window_through_one_notice_to_the_file(city: City) -> None:
    clerk, handler, head = city[Role.CLERK], city[Role.HANDLER], city[Role.UNIT_HEAD]
    with city.db.begin() as session:
        case = applied(session, city, an_item(session, city), judged=WRONG)
        told = defects_of(session, case.id)
        step(session, case, Action.NOTIFY_DEFECTS, clerk, at=MONDAY_9AM + DAY, text=told)
        handed_in = StepInput(Action.HAND_IN, case.version, text="已补齐")
        take_step(session, case, handed_in, doer=CITIZEN, now=MONDAY_9AM + 2 * DAY)
        judge(session, case, all_in_order(), actor=clerk, now=MONDAY_9AM + 3 * DAY)
        reviewed(session, city, case, at=MONDAY_9AM + 3 * DAY)
        notice = session.get_one(Document, list_for_case(session, case.id)[1].id)
        remarks = written.values["remarks"] if (written := content_of(session, notice)) else None
        on_day = MONDAY_9AM + 7 * DAY
        step(session, case, Action.GRANT, head, at=on_day, text="经审查，准予许可。")
        step(session, case, Action.ISSUE, handler, at=on_day)
        facts = Facts(delivery=Delivery.POST, tracking_no="EX0001")
        step(session, case, Action.DELIVER, clerk, at=on_day, facts=facts)

        assert told == "1. 营业执照复印件：复印件不清\n2. 经营场所平面图：未提交"
        assert remarks == "", "the table on the notice says it once"
        assert str(case.status) == Status.DELIVERED
        assert case.unit_id == WORKS
        assert case.on_time is True
        delivered = clock(session, case, ClockKind.DELIVER)
        assert delivered.on_time is True
        assert delivered.due_at is not None
        assert delivered.due_at.date() == date(2026, 3, 23)  # ten working days, art. 44
        assert documents(session, case) == [
            DocumentKind.RECEIPT,
            DocumentKind.NOTICE,
            DocumentKind.ACCEPTANCE,
            DocumentKind.GRANT,
            DocumentKind.DELIVERY,
        ]


@ON_SQLITE
def test_what_is_done_while_waiting_takes_two_presses(city: City) -> None:
    clerk, soon = city[Role.CLERK], MONDAY_9AM + timedelta(minutes=5)
    with city.db.begin() as session:
        case = applied(session, city, an_item(session, city, INSTANT))
        waiting = clock(session, case, ClockKind.WHILE_WAITING)
        assert waiting.warn_at == MONDAY_9AM + timedelta(minutes=15)
        assert waiting.due_at == MONDAY_9AM + timedelta(minutes=30)

        step(session, case, Action.DECIDE_AT_ONCE, clerk, at=soon)
        step(session, case, Action.DELIVER, clerk, at=soon, facts=Facts(delivery=Delivery.WINDOW))

        found = standing_of(session, case)
        assert found is not None
        assert (found.row.admission, found.row.decision) == (Admission.AT_ONCE, Decision.GRANTED)
        assert str(case.status) == Status.CLOSED
        assert (case.on_time, waiting.on_time) == (True, True)
        assert case.due_at == soon + timedelta(minutes=30)


@ON_SQLITE
def test_a_refusal_keeps_reasons_and_remedies_and_is_handed_out(city: City) -> None:
    with city.db.begin() as session:
        case = reviewed(session, city, applied(session, city, an_item(session, city)))
        said = Facts(outcome_basis="《食品安全法》第三十五条", remedies="六十日内申请行政复议")

        step(session, case, Action.REFUSE, city[Role.UNIT_HEAD], text="场所不符", facts=said)
        handed = Facts(delivery=Delivery.WINDOW)
        step(session, case, Action.DELIVER, city[Role.CLERK], facts=handed)

        assert case.outcome is Outcome.NOT_POSSIBLE
        assert case.reply_text == "场所不符"
        assert documents(session, case)[-2:] == [DocumentKind.REFUSAL, DocumentKind.DELIVERY]


def test_whoever_had_the_review_once_does_not_decide_and_the_one_above_may(city: City) -> None:
    head = city[Role.UNIT_HEAD]
    with city.db.begin() as session:
        case = applied(session, city, an_item(session, city))
        step(session, case, Action.ADMIT, city[Role.CLERK])
        step(session, case, Action.START_REVIEW, head)
        given_on = Facts(handler_id=city[Role.HANDLER].id)
        step(session, case, Action.ASSIGN, head, facts=given_on)
        with pytest.raises(ForbiddenError) as own:
            step(session, case, Action.GRANT, head, text="准予许可。")

        here, handler = situation_of(session, case), city[Role.HANDLER]
        colleagues = colleagues_of(session, case, here, head, MONDAY_9AM)
        for_the_handler = colleagues_of(session, case, here, handler, MONDAY_9AM)
        for_the_clerk = colleagues_of(session, case, here, city[Role.CLERK], MONDAY_9AM)
        step(session, case, Action.GRANT, city[Role.SUPERVISOR], text="准予许可。")

    assert own.value.code == "own_work"
    assert (
        colleagues
        == for_the_handler
        == (
            ["Grant the application", "Refuse the application"],
            "Supervisor",
        )
    )
    assert for_the_clerk == ([], "")


@ON_SQLITE
def test_the_wrong_authority_is_said_with_the_right_one(city: City) -> None:
    clerk = city[Role.CLERK]
    with city.db.begin() as session:
        case = applied(session, city, an_item(session, city))
        facts = Facts(not_admitted=NotAdmitted.WRONG_AUTHORITY, remedies="六十日内申请行政复议")
        with pytest.raises(InvalidError) as unnamed:
            step(session, case, Action.NOT_ADMIT, clerk, text="不属本局", facts=facts)

        named = Facts(
            not_admitted=NotAdmitted.WRONG_AUTHORITY,
            remedies="六十日内申请行政复议",
            refer_to="示例市商务局",
        )
        step(session, case, Action.NOT_ADMIT, clerk, text="不属本局", facts=named)

        assert set(unnamed.value.fields) == {"refer_to"}
        assert str(case.status) == Status.NOT_ADMITTED
        assert documents(session, case) == [DocumentKind.RECEIPT, DocumentKind.NOT_ACCEPTED]


@ON_SQLITE
def test_what_the_law_or_the_item_does_not_allow_is_refused_beside_its_field(city: City) -> None:
    handler, clerk = city[Role.HANDLER], city[Role.CLERK]
    with city.db.begin() as session:
        version = an_item(session, city)
        case = reviewed(session, city, applied(session, city, version))
        wrong = {
            Action.REQUEST_PROCEDURE: Facts(procedure=Procedure.AUCTION, evidence="办法"),
            Action.REQUEST_EXTENSION: Facts(amount=11, evidence="第四十二条"),
        }
        for action, facts in wrong.items():
            with pytest.raises(InvalidError) as refused:
                step(session, case, action, handler, note="须", facts=facts)
            assert set(refused.value.fields) <= {"procedure", "amount"}
        step(session, case, Action.GRANT, city[Role.UNIT_HEAD], text="准予许可。")
        step(session, case, Action.ISSUE, handler)
        for sent in (Facts(delivery=Delivery.ONLINE), Facts(delivery=Delivery.POST)):
            with pytest.raises(InvalidError):
                step(session, case, Action.DELIVER, clerk, facts=sent)

        assert str(case.status) == Status.ISSUING


@ON_SQLITE
def test_a_promise_to_follow_is_only_for_papers_that_may_and_is_kept(city: City) -> None:
    until = MONDAY_9AM.date() + 8 * DAY
    with city.db.begin() as session:
        version = an_item(session, city)
        with pytest.raises(InvalidError) as refused:
            applied(session, city, version, judged=[Judged(FORM, Verdict.PROMISED, until=until)])
        papers = [*all_in_order()[:2], Judged(PLAN, Verdict.PROMISED, until=until)]
        case = reviewed(session, city, applied(session, city, version, judged=papers))
        with pytest.raises(ForbiddenError):
            judge(session, case, all_in_order(), actor=city[Role.CREW], now=MONDAY_9AM)

        came = [Judged(PLAN, Verdict.OK)]
        judge(session, case, came, actor=city[Role.HANDLER], now=MONDAY_9AM + DAY)

        assert set(refused.value.fields) == {f"papers.{FORM}"}
        assert clock(session, case, ClockKind.LATE_PAPERS).on_time is True
        assert [row.verdict for row in paper_rows(session, case.id)] == [Verdict.OK] * 3
        step(session, case, Action.GRANT, city[Role.UNIT_HEAD], text="准予许可。")


@ON_SQLITE
def test_what_was_granted_on_a_promise_is_looked_at_afterwards(city: City) -> None:
    with city.db.begin() as session:
        version = an_item(session, city, replace(PERMIT, may_promise=True))
        case = applied(session, city, version, on_promise=True)
        step(session, case, Action.DECIDE_AT_ONCE, city[Role.CLERK])
        looked_at = clock(session, case, ClockKind.VERIFY)
        assert looked_at.is_open

        later, words = MONDAY_9AM + DAY, "现场与承诺不符，限期整改。"
        verify(session, case, was_true=False, words=words, actor=city[Role.HANDLER], now=later)

        assert not looked_at.is_open
