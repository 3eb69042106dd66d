"""Supervision and bulk work over HTTP, without script: lists, forms, buttons, results."""

from typing import Any

import pytest

from app.accounts.rules import Role
from app.cases import service as cases
from app.cases.kinds import Status
from app.cases.models import Case
from app.supervision.service import levels
from tests.cases.walking import to_handling
from tests.desk.stepping import Enter
from tests.support.city import City, a_case
from tests.support.clock import MONDAY_9AM, StoppedClock

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def numbers(city: City) -> list[str]:
    """Three matters in the handler's hands, the first of them urged."""
    with city.db.begin() as session:
        levels.seed(session)
        matters = [to_handling(session, city, a_case(session)) for _ in range(3)]
        cases.urge(session, matters[0], now=MONDAY_9AM)
        return [case.number for case in matters]


def test_ticked_matters_get_one_reply_after_a_preview_and_each_its_result(
    person: Enter, city: City, numbers: list[str]
) -> None:
    handler = person(Role.HANDLER)
    form = handler.get("/desk?view=mine").form(action="/desk/bulk")

    chosen = handler.post(form.action, form.values() | {"pick": numbers[:2]})
    asked = handler.get(chosen.links["统一回复"])
    bare = handler.submit(asked.form(action="/plan"))
    planned = handler.submit(
        bare.form(action="/plan"), text="您反映的{number}已办结。", outcome="resolved"
    )
    done = handler.submit(planned.form(action="/run"))

    assert bare.status == 422
    assert "将执行 2 件" in planned.text
    assert any(f"您反映的{number}已办结。" in planned.text for number in numbers[:2])
    assert "完成 2 件" in done.text
    with city.db() as session:
        states = {case.number: case.status for case in session.query(Case)}
    assert [states[number] for number in numbers] == [Status.REPLIED] * 2 + [Status.HANDLING]


def test_the_whole_list_is_taken_and_pressing_with_nothing_ticked_says_so(
    person: Enter, numbers: list[str]
) -> None:
    handler = person(Role.HANDLER)
    form = handler.get("/desk?view=mine").form(action="/desk/bulk")

    nothing = handler.submit(form)
    everything = handler.submit(form, press="all")

    assert nothing.status == 422
    assert f"已选 {len(numbers)} 件" in everything.text


def test_an_urge_stands_on_top_and_is_answered_there(person: Enter, numbers: list[str]) -> None:
    handler = person(Role.HANDLER)
    listed = handler.get("/desk?view=urges")
    page = handler.get(f"/cases/{numbers[0]}")

    bare = handler.submit(page.form(action="/urge-answers"))
    answered = handler.submit(bare.form(action="/urge-answers"), text="明天上午到场。")

    assert numbers[0] in listed.text
    assert numbers[1] not in listed.text
    assert bare.status == 422
    assert "明天上午到场。" in answered.text
    assert not [form for form in answered.forms if form.action.endswith("/urge-answers")]


def test_an_order_is_issued_signed_answered_and_accepted_through_its_pages(
    person: Enter, numbers: list[str]
) -> None:
    supervisor, handler = person(Role.SUPERVISOR), person(Role.HANDLER)
    asked = supervisor.get(f"/supervision/new?case={numbers[1]}")

    bare = supervisor.submit(asked.form(action="/supervision"))
    level = next(v for v, text in _options(bare, "level_id") if text == "日常督办")
    words: dict[str, Any] = {"level_id": level, "reason": "逾期", "demand": "三日内反馈"}
    order = supervisor.submit(bare.form(action="/supervision"), **words)
    waiting = handler.get("/supervision")
    mine = handler.get(waiting.links[_number(order.heading)])
    signed = handler.submit(mine.form(action="/acts"))
    answered = handler.submit(signed.form(action="/acts"), words="已到场处理")
    judged = supervisor.get("/supervision?show=judge")
    page = supervisor.get(judged.links[_number(order.heading)])
    accepted = supervisor.submit(page.form(button="认可反馈并销号"))

    assert bare.status == 422
    assert "待审定" in answered.text
    assert "已到场处理" in accepted.text
    assert not [form for form in accepted.forms if form.action.endswith("/acts")]
    assert _number(order.heading) in supervisor.get(f"/cases/{numbers[1]}").text


def test_reminders_are_listed_until_read_and_a_made_up_one_reads_nothing(
    person: Enter, numbers: list[str]
) -> None:
    handler = person(Role.HANDLER)
    page = handler.get("/desk/reminders")
    made_up = handler.submit(page.form(action="/read"), last="9" * 40)
    read = handler.submit(page.form(action="/read"))

    assert numbers[0] in page.text
    assert not [form for form in read.forms if form.action.endswith("/read")]
    assert [form for form in made_up.forms if form.action.endswith("/read")]


def test_a_macro_fills_the_form_in_and_shows_what_the_citizen_would_read(
    person: Enter, numbers: list[str]
) -> None:
    head = person(Role.UNIT_HEAD)
    form = head.get("/desk/macros/new").form(action="/desk/macros")
    wrong = head.submit(form, name="", text="{secret}")
    words: dict[str, Any] = {
        "name": "已修复",
        "action": "reply",
        "outcome": "resolved",
        "text": "{number}已修复。",
    }
    head.submit(wrong.form(action="/desk/macros"), **words, is_shared="true")
    handler = person(Role.HANDLER)

    filled = handler.submit(handler.get(f"/cases/{numbers[2]}").form(action="/macros"))
    reply = filled.form(action="/steps", field="outcome").values()

    assert wrong.status == 422
    assert f"{numbers[2]}已修复。" in filled.text
    assert reply["text"] == [f"{numbers[2]}已修复。"]
    assert reply["outcome"] == ["resolved"]


def test_levels_are_the_administrators_and_nobody_elses(person: Enter, city: City) -> None:
    with city.db.begin() as session:
        levels.seed(session)
    admin, clerk = person(Role.ADMIN), person(Role.CLERK)
    page = admin.get("/admin/levels")
    form = admin.get(page.links["临期提醒"]).form(action="/admin/levels")

    wrong = admin.submit(form, name="", after_workdays="很久")
    saved = admin.submit(wrong.form(action="/admin/levels"), name="提前提醒", after_workdays="")

    assert wrong.status == 422
    assert "提前提醒" in saved.text
    assert clerk.get("/admin/levels").status == 403


def test_the_board_of_incidents_leads_to_lists_of_the_same_length(
    person: Enter, numbers: list[str], clock: StoppedClock
) -> None:
    clock.at = MONDAY_9AM.replace(hour=5)
    supervisor = person(Role.SUPERVISOR)
    page = supervisor.get("/board/incidents")

    figures = [
        (link.text, link.attrs["href"])
        for cell in page.tree.all("td")
        for link in cell.all("a")
        if link.text != "0"
    ]
    lists = [(text, supervisor.get(href)) for text, href in figures]

    assert figures
    assert all(len(found.tree.all("a", class_="rowlink")) == int(text) for text, found in lists)
    assert all(numbers[0] in found.text for _, found in lists)


def _number(heading: str) -> str:
    return heading.rsplit(maxsplit=1)[-1]


def _options(page: object, name: str) -> list[tuple[str, str]]:
    select = page.tree.all("select", name=name)[0]  # type: ignore[attr-defined]  # a Page
    return [(option.attrs.get("value", ""), option.text) for option in select.all("option")]
