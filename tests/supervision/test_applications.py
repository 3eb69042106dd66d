"""The board of applications: a story with known answers, each figure exactly its list."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.accounts.rules import Role
from app.cases.application_models import CaseApplication
from app.cases.events import CaseMoved, CaseMoving
from app.cases.kinds import Action, Admission
from app.cases.queries.lists import Filter
from app.cases.rules import Facts
from app.kernel import events
from app.service_items.rules import Procedure
from app.service_requests import listening
from app.service_requests.rules import Judged, Verdict
from app.service_requests.service import verify
from app.sla.models import Clock
from app.sla.rules import ClockKind, PauseKind
from app.supervision.queries import Period, applications, recount_applications
from app.supervision.rules.applications import FLOW, KEEPING, NOW, STOPS, TRUST, Figure
from app.supervision.service.applications import stops_of, times_of
from tests.service_requests.applying import (
    FORM,
    INSTANT,
    LICENCE,
    PERMIT,
    PLAN,
    an_item,
    applied,
    reviewed,
    step,
)
from tests.support.city import City, Db, a_case, a_city
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PASSWORD_HASH, PageClient

DAY = timedelta(days=1)
NOW_AT = MONDAY_9AM + 40 * DAY
ALL = Period(MONDAY_9AM - DAY, NOW_AT + DAY)
BASE = Filter(is_open=None)
WRONG = (
    Judged(FORM, Verdict.DEFECT, "未签字"),
    Judged(LICENCE, Verdict.OK),
    Judged(PLAN, Verdict.OK),
)


@pytest.fixture
def city(db: Db) -> Iterator[City]:
    """The town, with who listens to the steps of applications."""
    events.wire({CaseMoving: (listening.on_moving,), CaseMoved: (listening.on_moved,)})
    yield a_city(db)
    events.wire({})


def five_weeks(city: City) -> None:
    """Early, at half time, late by the promise, late by law, at once; one told, one deemed."""
    clerk, handler, head = city[Role.CLERK], city[Role.HANDLER], city[Role.UNIT_HEAD]
    with city.db.begin() as session:
        version = an_item(session, city)  # promised 10 working days, the law gives 20
        for days in (2, 10, 16, 30):
            case = reviewed(session, city, applied(session, city, version))
            step(session, case, Action.GRANT, head, at=MONDAY_9AM + days * DAY, text="准予许可。")
        at_once = applied(session, city, an_item(session, city, INSTANT, code="990100A002"))
        step(session, at_once, Action.DECIDE_AT_ONCE, clerk, at=MONDAY_9AM)
        told = applied(session, city, version, judged=WRONG)
        step(session, told, Action.NOTIFY_DEFECTS, clerk, at=MONDAY_9AM + DAY, text="申请表未签字")
        deemed = applied(session, city, version)
        step(session, deemed, Action.DEEM_ADMITTED, None, at=MONDAY_9AM + 8 * DAY)
        stopped = reviewed(session, city, applied(session, city, version))
        asked = Facts(procedure=Procedure.EXPERT_REVIEW, evidence="第四十五条")
        step(session, stopped, Action.REQUEST_PROCEDURE, handler, note="须评审", facts=asked)
        granted = Facts(document_no="评〔2026〕1号")
        step(session, stopped, Action.APPROVE_PROCEDURE, head, text="专家评审", facts=granted)
        a_case(session)  # an order is no application


def test_each_figure_counts_exactly_the_rows_of_its_list(city: City) -> None:
    five_weeks(city)

    with city.db() as session:
        counts = applications.count_all(session, BASE, ALL, now=NOW_AT)
        rows = {
            one: len(applications.list_of(session, one, BASE, ALL, now=NOW_AT).items)
            for one in Figure
        }
        times = times_of(session, BASE, ALL, now=NOW_AT)
        stops = stops_of(session, BASE, ALL, now=NOW_AT)
        wrong = list(recount_applications.check(session, ALL))

    assert counts == rows
    assert wrong == []
    # Told and waiting for the applicant is green, as is what was granted ten days ago; granted
    # and not handed out for weeks is red.
    assert [counts[one] for one in NOW] == [8, 5, 0, 2, 1]
    assert [counts[one] for one in FLOW] == [8, 7, 1, 0, 5, 5, 0]
    assert [counts[one] for one in KEEPING] == [3, 1, 1, 4, 1, 8, 7, 1]
    assert counts[Figure.MEASURED] == times.saved.whole // 20 == 4
    assert [counts[one] for one in STOPS if counts[one]] == [1]
    assert times.promised is not None
    assert times.legal is not None
    assert times.used is not None
    assert (times.promised.median, times.legal.p90) == (20, 40)  # half days
    assert (times.used.median, times.used.p90) == (20, 44)
    assert times.saved.value == pytest.approx(0.5)
    assert stops[PauseKind.EXPERT_REVIEW].total == 40 * 86400


def test_what_rests_on_the_applicants_word_is_counted_apart(city: City) -> None:
    until = MONDAY_9AM.date() + 8 * DAY
    owed = [*WRONG[1:2], Judged(FORM, Verdict.OK), Judged(PLAN, Verdict.PROMISED, until=until)]
    clerk, handler = city[Role.CLERK], city[Role.HANDLER]
    with city.db.begin() as session:
        applied(session, city, version := an_item(session, city))  # nothing promised
        broken = reviewed(session, city, applied(session, city, version, judged=owed))
        reviewed(session, city, applied(session, city, version, judged=owed))
        step(session, broken, Action.DEEM_WITHDRAWN, None, at=NOW_AT)
        trusting = an_item(session, city, replace(PERMIT, may_promise=True), code="990100A003")
        for was_true in (True, False, None):
            case = applied(session, city, trusting, on_promise=True)
            step(session, case, Action.DECIDE_AT_ONCE, clerk)
            if was_true is not None:
                at = MONDAY_9AM + DAY
                verify(session, case, was_true=was_true, words="已核查。", actor=handler, now=at)

    with city.db() as session:
        counts = applications.count_all(session, BASE, ALL, now=NOW_AT)
        rows = [
            len(applications.list_of(session, one, BASE, ALL, now=NOW_AT).items) for one in TRUST
        ]
        wrong = list(recount_applications.check(session, ALL))

    assert [counts[one] for one in TRUST] == rows == [2, 1, 3, 2, 1]
    assert wrong == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_an_application_whose_columns_were_bent_is_seen(city: City) -> None:
    five_weeks(city)
    with city.db.begin() as session:
        bent = update(CaseApplication).where(CaseApplication.admission == Admission.DEEMED)
        session.execute(bent.values(admission=Admission.PLAIN))
        late = update(Clock).where(Clock.kind == ClockKind.ONE_TIME_NOTICE, Clock.id == 1)
        session.execute(late.values(met_at=MONDAY_9AM + DAY))

    with city.db() as session:
        wrong = list(recount_applications.check(session, ALL))

    assert len(wrong) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_figure_on_the_page_leads_to_its_list_and_not_for_everybody(
    db: Db, pages: PageClient
) -> None:
    city = a_city(db, password_hash=PASSWORD_HASH)
    with db.begin() as session:
        number = applied(session, city, an_item(session, city)).number
    pages.sign_in("supervisor")

    board = pages.get("/board/applications")
    listed = pages.get("/board/applications/in_hand?days=7")
    nothing = pages.get("/board/applications/auction?days=7")
    pages.sign_in("clerk")

    assert 'href="/board/applications/in_hand?days=30"' in board.html
    assert number in listed.text
    assert (nothing.status, number in nothing.text) == (200, False)
    assert pages.get("/board/applications/in_hand").status == 403
