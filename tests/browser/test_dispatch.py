"""A dispatcher at their desk, and a unit that assists, in a real browser."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from app.accounts.rules import Role
from tests.browser.conftest import Open
from tests.browser.looking import Look, foreign_words, sideways, violations
from tests.browser.signing import sign_in
from tests.browser.town import Town

_LATE = timedelta(days=400)  # so that it stands first in a queue many share


def faults(look: Look) -> list[str]:
    """Everything that would shut somebody out of the page as it stands."""
    page = look.page
    return [*foreign_words(page), *violations(page), *sideways(page), *look.messages()]


def test_a_dispatcher_sends_the_most_urgent_matter_with_one_key(opened: Open, town: Town) -> None:
    matter = town.opened(ago=_LATE, body="最急的一件：变压器旁的路灯漏电。")
    town.to_accepted(matter, ago=_LATE)
    look = opened(Role.DISPATCHER)
    look.goto("/desk/dispatch")
    card = look.page.get_by_role("article", name=matter.number)
    expect(card).to_contain_text("派单目录第")
    assert faults(look) == []
    key = re.search(r"Alt\+\d", card.inner_text())
    assert key

    with look.page.expect_navigation():
        look.page.keyboard.press(key[0])

    expect(look.page.get_by_role("article", name=matter.number)).to_have_count(0)
    look.goto(matter.desk)
    expect(look.page.locator(".case-head")).to_contain_text(look.t("To sign for"))


def test_a_selection_is_looked_at_before_it_goes(opened: Open, town: Town) -> None:
    matter = town.opened(ago=_LATE, body="先核对再派出的一件：路灯杆倾斜。")
    town.to_accepted(matter, ago=_LATE)
    look = opened(Role.DISPATCHER)
    look.goto("/desk/dispatch")

    look.page.get_by_role("checkbox", name=matter.number).check()
    look.press("Send the selection as proposed…")
    expect(look.page.locator("main")).to_contain_text(matter.number)
    assert faults(look) == []
    look.press("Send these")

    expect(look.page.locator("main")).to_contain_text(
        look.t("%(sent)s sent, %(refused)s not sent.", sent=1, refused=0)
    )
    assert faults(look) == []


def test_a_unit_assists_and_the_lead_unit_accepts(opened: Open, town: Town) -> None:
    matter = town.opened(body="协办的一件：请供电公司核实电压。")
    town.to_handling(matter)
    lead, helper = opened(Role.HANDLER), opened()
    sign_in(helper.page, "power-work")
    due = (town.edge.now() + timedelta(days=3)).date().isoformat()

    lead.goto(matter.desk)
    lead.page.get_by_text(lead.t("Ask a unit to assist"), exact=True).click()
    lead.page.locator("#f-task-new-unit_id").select_option(str(town.staffing.units["POWER"]))
    lead.page.locator("#f-task-new-until").fill(due)
    lead.page.locator("#f-task-new-words").fill("请核实该路段是否欠压。")
    with lead.page.expect_navigation():
        lead.page.keyboard.press("Control+Enter")

    helper.goto("/desk/tasks")
    assert faults(helper) == []
    helper.page.get_by_role("link", name=matter.number).click()
    helper.press("Sign for the task")
    helper.page.get_by_text(helper.t("Answer the lead unit"), exact=True).first.click()
    helper.page.locator("textarea[name=words]:visible").fill("电压正常，附检测记录。")
    with helper.page.expect_navigation():
        helper.page.keyboard.press("Control+Enter")
    assert faults(helper) == []

    lead.goto(matter.desk)
    expect(lead.page.locator("main")).to_contain_text("电压正常，附检测记录。")
    assert faults(lead) == []
    lead.press("Accept the answer")
    expect(lead.page.locator("main")).to_contain_text(lead.t("Answer accepted"))
    gone = helper.goto(matter.desk)
    assert gone
    assert gone.status == 404


def test_a_head_looks_at_the_plan_and_others_at_what_is_suspended(opened: Open, town: Town) -> None:
    town.to_dispatched(town.opened(body="等着分配的一件：路灯忽明忽暗。"))
    head, supervisor, admin = opened(), opened(Role.SUPERVISOR), opened(Role.ADMIN)
    sign_in(head.page, "light-head")

    head.goto("/desk/share")
    expect(head.page.locator("main")).to_contain_text("轮到此人")
    assert faults(head) == []
    supervisor.goto("/desk/suspended")
    assert faults(supervisor) == []
    admin.goto("/admin/catalogue/deciders")
    assert faults(admin) == []
