"""Assistance, hand-over and taking on, from the page of a matter."""

from datetime import date

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from app.accounts.models import Appointment, Staff
from app.accounts.rules import Role, Scope
from app.cases.models import Case
from app.tasks.models import Task
from app.tasks.rules import TaskState
from tests.cases.walking import to_handling
from tests.desk.stepping import Enter
from tests.dispatching.town import a_colleague
from tests.support.city import WATER, City, a_case
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PASSWORD_HASH, PageClient
from tests.web.papers import picture

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def number(city: City) -> str:
    with city.db.begin() as session:
        return to_handling(session, city, a_case(session)).number


def a_helper(app: FastAPI, city: City) -> PageClient:
    """A browser of somebody at the water company."""
    with city.db.begin() as session:
        staff = Staff(
            username="water",
            display_name="Water",
            password_hash=PASSWORD_HASH,
            unit_id=WATER,
            must_change_password=False,
            password_changed_at=MONDAY_9AM,
            created_at=MONDAY_9AM,
        )
        session.add(staff)
        session.flush()
        session.add(
            Appointment(
                staff_id=staff.id,
                role=Role.HANDLER,
                unit_id=WATER,
                scope=Scope.UNIT,
                valid_from=date(2026, 3, 2),
                granted_at=MONDAY_9AM,
            )
        )
    pages = PageClient(TestClient(app, follow_redirects=False))
    assert pages.sign_in("water").status == 200
    return pages


def test_a_unit_is_asked_answers_and_is_thanked(
    app: FastAPI, person: Enter, city: City, number: str
) -> None:
    lead, helper = person(Role.HANDLER), a_helper(app, city)
    assert helper.get(f"/cases/{number}").status == 404
    ask = lead.get(f"/cases/{number}").form(field="unit_id", action="/tasks")
    wrong = lead.submit(ask, words="请核实管线。", unit_id=str(WATER))
    assert wrong.status == 422
    assert "请核实管线。" in wrong.text

    again = wrong.form(field="unit_id", action="/tasks")
    lead.submit(again, until="2026-03-05")
    waiting = helper.get("/desk/tasks")
    assert "请核实管线。" in waiting.text
    page = helper.get(waiting.links[number])
    helper.submit(page.form(action="/tasks/", button="签收协办"))
    reply = helper.get(f"/cases/{number}").form(action="/tasks/", button="答复主办单位 Ctrl+Enter")
    refused = helper.submit(
        reply, words="非我公司管线。", files={"files": ("a.txt", b"plain words", "text/plain")}
    )
    reply = refused.form(action="/tasks/", button="答复主办单位 Ctrl+Enter")
    helper.submit(reply, files={"files": ("map.png", picture("PNG"), "image/png")})

    shown = lead.get(f"/cases/{number}")
    assert refused.status == 422
    assert "非我公司管线。" in shown.text
    file = next(href for href in shown.links.values() if f"/cases/{number}/files/" in href)
    assert lead.http.get(file).headers["content-type"] == "image/png"
    lead.submit(shown.form(action="/tasks/", button="验收答复"))
    with city.db() as session:
        assert session.scalars(select(Task.state)).all() == [TaskState.ACCEPTED]
    assert helper.get(f"/cases/{number}").status == 404


def test_a_reply_over_an_open_task_asks_why(person: Enter, city: City, number: str) -> None:  # noqa: ARG001  # the town
    lead = person(Role.HANDLER)
    ask = lead.get(f"/cases/{number}").form(field="unit_id", action="/tasks")
    lead.submit(ask, words="请核实。", unit_id=str(WATER), until="2026-03-05")
    form = lead.get(f"/cases/{number}").form(field="outcome")

    refused = lead.submit(form, outcome="resolved", text="已修好。")

    assert refused.status == 422
    assert "还有协办任务未办完" in refused.text
    assert "已修好。" in refused.text


def test_the_head_takes_a_matter_on_with_one_press(person: Enter, city: City, number: str) -> None:
    head = person(Role.UNIT_HEAD)

    head.submit(head.get(f"/cases/{number}").form(field="handler_id", button="由我办理 Alt+T"))

    with city.db() as session:
        assert session.scalars(select(Case.handler_id)).one() == city[Role.UNIT_HEAD].id


def test_a_hand_over_waits_for_the_next_person(
    app: FastAPI, person: Enter, city: City, number: str
) -> None:
    with city.db.begin() as session:
        second = a_colleague(session, "second", password_hash=PASSWORD_HASH)
    first, other = person(Role.HANDLER), PageClient(TestClient(app, follow_redirects=False))
    other.sign_in("second")
    step = next(
        form
        for form in first.get(f"/cases/{number}").forms
        if form.values().get("action") == ["hand_over"]
    )

    page = first.submit(step, handler_id=str(second), note="出差，请接手。")

    assert "接收之前，仍由原承办人负责" in page.text
    theirs = other.get(f"/cases/{number}")
    assert "请您接收此事项" in theirs.text
    accept = next(f for f in theirs.forms if f.values().get("action") == ["accept_hand_over"])
    other.submit(accept)
    with city.db() as session:
        assert session.scalars(select(Case.handler_id)).one() == second


def test_an_unknown_list_is_not_found_and_others_have_none(
    person: Enter,
    city: City,  # noqa: ARG001  # the town
) -> None:
    assert person(Role.HANDLER).get("/desk/tasks?view=late").status == 404
    assert person(Role.CLERK).get("/desk/tasks").status == 403
    assert person(Role.SUPERVISOR).get("/desk/suspended").status == 200
