"""Applications on the page of the matter: papers, the one notice, two presses, the later look."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts.rules import Role
from app.cases.kinds import Action
from app.cases.queries import get_by_number, public_token
from app.cases.rules import Facts, StepNotAllowedError
from app.cases.service.urging import urge
from app.documents.queries import list_for_case
from app.kernel.vault import vault_of
from app.service_items.rules import Delivery
from app.service_requests.rules import Judged, Verdict
from tests.desk.stepping import Enter
from tests.service_requests.applying import (
    INSTANT,
    MATERIALS,
    PERMIT,
    WHO,
    an_item,
    applied,
    reviewed,
    step,
)
from tests.support.city import City
from tests.support.clock import MONDAY_9AM, StoppedClock
from tests.support.pages import Form, Page, PageClient

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def own_page_of(session: Session, number: str, city: City) -> str:
    case = get_by_number(session, number, city[Role.CLERK])
    return f"/c/{public_token(vault_of(session), case)}"


def judged(clerk: PageClient, page: Page, **found: str) -> Page:
    """The form of the papers, sent with these verdicts and words."""
    form = page.form(action="/papers")
    return clerk.post(form.action, form.values() | {name: [said] for name, said in found.items()})


def ways(form: Form) -> list[str]:
    """The ways of delivery one can choose."""
    select = next(field for field in form.fields if field.attrs["name"] == "delivery")
    return [option.attrs["value"] for option in select.all("option") if option.attrs["value"]]


def test_papers_are_judged_told_once_handed_in_and_accepted(
    person: Enter, city: City, pages: PageClient
) -> None:
    with city.db.begin() as session:
        number = applied(session, city, an_item(session, city), judged=()).number
        own = own_page_of(session, number, city)
    clerk = person(Role.CLERK)
    page = clerk.get(f"/cases/{number}")
    refusing = page.form(field="not_admitted").values()
    assert "六十日内" in refusing["remedies"][0]
    assert "六个月内" in refusing["remedies"][0]
    too_early = clerk.submit(page.form(field="text", action="/steps"))
    assert too_early.status == 422
    assert "请先逐件审核材料" in too_early.text

    wrong = judged(clerk, page, v_form="ok", v_licence="defect", v_plan="lacking")
    assert wrong.status == 422
    assert "请写明这份材料有什么问题" in wrong.text
    page = judged(clerk, wrong, n_licence="复印件不清")
    page = clerk.submit(page.form(field="text", action="/steps"))
    assert "待补正" in page.text

    read = pages.get(own)
    assert "1. 营业执照复印件：复印件不清 2. 经营场所平面图：未提交" in read.text
    read = pages.submit(read.form(field="papers"), papers="已补齐两份材料")
    assert "补交的材料已收到" in read.text

    page = judged(clerk, clerk.get(f"/cases/{number}"), v_licence="ok", v_plan="ok")
    page = clerk.submit(page.form(action="/steps"))
    assert "已受理" in page.text
    assert "您的申请已受理" in pages.get(own).text


def test_what_is_done_while_waiting_takes_two_presses_of_the_usual_button(
    person: Enter, city: City, pages: PageClient
) -> None:
    with city.db.begin() as session:
        number = applied(session, city, an_item(session, city, INSTANT)).number
        own = own_page_of(session, number, city)
    clerk = person(Role.CLERK)

    page = clerk.submit(clerk.get(f"/cases/{number}").form(action="/steps"))
    page = clerk.submit(page.form(action="/steps"))

    assert "已办结" in page.text
    read = pages.get(own)
    assert read.heading == "您的申请已办结"
    assert "准予" in read.text


def test_a_refusal_is_read_with_its_law_and_remedies_and_its_papers_are_the_applicants(
    city: City, pages: PageClient
) -> None:
    said = Facts(outcome_basis="《食品安全法》第三十五条", remedies="六十日内申请行政复议")
    with city.db.begin() as session:
        version = an_item(session, city)
        case = reviewed(session, city, applied(session, city, version))
        own = own_page_of(session, case.number, city)
        others = own_page_of(session, applied(session, city, version).number, city)
    assert "催办" in pages.get(own).text
    with city.db.begin() as session:
        case = get_by_number(session, case.number, city[Role.CLERK])
        step(session, case, Action.REFUSE, city[Role.UNIT_HEAD], text="场所不符", facts=said)
        refused = list_for_case(session, case.id)[-1].id

    read = pages.get(own)
    paper = pages.http.get(f"{own}/documents/{refused}")

    assert not {word for word in ("催办", "您的诉求", "收到诉求") if word in read.text}
    assert all(
        words in read.text for words in ("不予许可", "场所不符", said.outcome_basis, said.remedies)
    )
    assert paper.content.startswith(b"%PDF")
    assert pages.http.get(f"{others}/documents/{refused}").status_code == 404
    with city.db() as session, pytest.raises(StepNotAllowedError):
        urge(session, get_by_number(session, case.number, city[Role.CLERK]), now=MONDAY_9AM)


def test_who_has_an_application_no_limit_runs_for_is_found_like_everybody(
    person: Enter, city: City
) -> None:
    wrong = [Judged(one.key, Verdict.LACKING) for one in MATERIALS]
    with city.db.begin() as session:
        case = applied(session, city, an_item(session, city), judged=wrong)
        step(session, case, Action.NOTIFY_DEFECTS, city[Role.CLERK], text="补正全部材料")
    clerk = person(Role.CLERK)

    form = clerk.get("/desk/apply").form(field="who")
    found = clerk.post(form.action, form.values() | {"who": [WHO.phone], "go": ["who"]})

    assert found.status == 200
    assert "夔" in found.form(field="who").element.text


def test_a_result_is_handed_over_only_in_a_way_the_item_offers(person: Enter, city: City) -> None:
    fetched = replace(INSTANT, deliveries=(Delivery.WINDOW,))
    with city.db.begin() as session:
        posted, at_window = (
            applied(session, city, an_item(session, city, content, code=code))
            for content, code in ((INSTANT, "990100A002"), (fetched, "990100A003"))
        )
        for case in (posted, at_window):
            step(session, case, Action.DECIDE_AT_ONCE, city[Role.CLERK])
        numbers = posted.number, at_window.number
    clerk = person(Role.CLERK)

    both, one = (clerk.get(f"/cases/{number}").form(field="delivery") for number in numbers)

    assert ways(both) == ["window", "post"]
    assert ways(one) == ["window"]
    assert "tracking_no" in both.names
    assert "tracking_no" not in one.names


def test_why_a_promise_was_passed_is_read_by_the_applicant_and_in_the_list(
    person: Enter, city: City, pages: PageClient, clock: StoppedClock
) -> None:
    with city.db.begin() as session:
        case = reviewed(session, city, applied(session, city, an_item(session, city)))
        number, own = case.number, own_page_of(session, case.number, city)
    clock.advance(timedelta(days=30))
    head = person(Role.UNIT_HEAD)
    owed = head.get("/desk/late")
    form = head.get(f"/cases/{number}").form(action="/application/late")
    silent = head.submit(form)
    head.submit(silent.form(action="/application/late"), words="须向外地调阅档案。")

    assert silent.status == 422
    assert number in owed.text
    assert "尚未说明" in owed.text
    assert "须向外地调阅档案。" in pages.get(own).text
    assert "尚未说明" not in head.get("/desk/late").text


def test_the_later_look_at_a_promise_is_written_for_the_applicant(
    person: Enter, city: City, pages: PageClient
) -> None:
    with city.db.begin() as session:
        version = an_item(session, city, replace(PERMIT, may_promise=True))
        case = applied(session, city, version, on_promise=True)
        step(session, case, Action.DECIDE_AT_ONCE, city[Role.CLERK])
        number, own = case.number, own_page_of(session, case.number, city)
    handler = person(Role.HANDLER)
    form = handler.get(f"/cases/{number}").form(action="/verification")
    silent = handler.submit(form, was_true="0")
    assert silent.status == 422

    page = handler.submit(silent.form(action="/verification"), words="现场不符，限期整改。")

    assert "承诺不实" in page.text
    assert "现场不符，限期整改。" in pages.get(own).text
