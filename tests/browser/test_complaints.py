"""A complaint about a window in real browsers: from the portal to the check by the unit above."""

from datetime import timedelta

from playwright.sync_api import expect

from app.accounts.rules import Role
from app.cases.kinds import Action
from tests.browser.conftest import Open
from tests.browser.looking import Look, foreign_words, sideways, violations
from tests.browser.signing import sign_in
from tests.browser.town import DISTRICT, Matter, Town

HEAD = "light-head"  # of the unit whose matters the demo handler works on
NAME, PHONE = "测试投诉", "17900006611"
BODY = "上午十一点二十到大厅3号窗口，工作人员说不再收件，可牌子上写的是十二点。"
REPLY = "您反映的情况经调查属实，市城市照明中心已于今日对当班人员批评教育，并调整了公示时间。"
DISAGREED = "没有说明当天为什么提前停止收件。"
DECIDED = "经复核，原认定事实清楚，予以维持；请照明中心按期完成整改。"


def complain(look: Look) -> Matter:
    """From the portal, about a window, with a name that stays confidential."""
    page = look.page
    look.goto("/report")
    page.locator("#f-region").select_option(DISTRICT)
    look.press("Continue")
    look.goto("/report/what?group=16")
    page.locator("label.choice", has_text="窗口服务").first.click()
    look.press("Continue")
    page.locator("input[name=kind][value=complaint]").check()
    page.get_by_text(look.t("For a complaint: what it is about"), exact=True).click()
    page.locator("#f-subject_kind").select_option("window")
    page.locator("#f-subject_name").fill("大厅3号窗口")
    page.locator("#f-body").fill(BODY)
    look_over(look)
    look.press("Continue")
    page.locator("input[name=anonymous][value=secret]").check()
    page.locator("#f-name").fill(NAME)
    page.locator("#f-phone").fill(PHONE)
    look.press("Continue")
    expect(page.locator(".check")).to_contain_text("大厅3号窗口")
    look.press("Send")
    number, code = (page.locator(part).inner_text() for part in (".slip-no", ".code"))
    return Matter(number, page.url.split("/c/")[1].split("/")[0], code)


def look_over(look: Look) -> None:
    """Every rule of axe in every mode, every width, every word."""
    assert violations(look.page) == []
    assert sideways(look.page) == []
    assert foreign_words(look.page) == []


def take(look: Look, action: Action, **filled: str) -> None:
    """Fill in the form of a step and take it."""
    step = look.page.locator(f"#step-{action}")
    if step.get_attribute("open") is None:
        step.locator("> summary").click()
    for name, value in filled.items():
        field = look.page.locator(f"#f-{action}-{name}")
        if field.evaluate("element => element.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    with look.page.expect_navigation():
        step.locator("button[data-key='Ctrl+Enter']").click()


def investigate(look: Look, matter: Matter) -> None:
    """Sign for it, write a line into the file, propose a finding."""
    page = look.page
    look.goto(matter.desk)
    take(look, Action.SIGN)
    assert NAME not in page.locator("main").inner_text()
    page.locator("#f-inquiry-kind").select_option("interview")
    page.locator("#f-inquiry-with_whom").fill("当班窗口人员")
    page.locator("#f-inquiry-words").fill("承认提前停止收件。")
    look.press("Write it into the file")
    expect(page.locator(".internal").first).to_contain_text("承认提前停止收件")
    look_over(look)
    take(look, Action.CONCLUDE, finding="upheld", note="有谈话记录")


def put_right(look: Look, town: Town, matter: Matter) -> None:
    """Lay a measure down, prove it, reply."""
    page = look.page
    look.goto(matter.desk)
    page.locator("#f-measure-what").fill("调整公示时间并培训窗口人员。")
    day = (town.edge.now() + timedelta(days=9)).date()
    page.locator("#f-measure-due_on").fill(day.isoformat())
    look.press("Lay down")
    page.locator("article summary", has_text=look.t("Prove it")).click()
    page.locator("textarea[name=proof]").fill("新的公示牌已挂出。")
    look.press("Prove it")
    expect(page.locator("#inquiry ~ article")).to_contain_text("新的公示牌已挂出")
    take(look, Action.REPLY, text=REPLY, outcome="resolved")


def test_a_complaint_about_a_window_from_the_portal_to_the_check_by_the_unit_above(
    opened: Open, town: Town
) -> None:
    citizen = opened()
    matter = complain(citizen)
    town.to_dispatched(matter)
    investigate(opened(Role.HANDLER), matter)
    head = opened()
    sign_in(head.page, HEAD)
    head.goto(matter.desk)
    take(head, Action.CONFIRM_FINDING)
    put_right(opened(Role.HANDLER), town, matter)
    town.step(matter, Action.APPROVE_REPLY, Role.REVIEWER)
    citizen.goto(matter.own)
    expect(citizen.page.locator("main")).to_contain_text("经调查属实")
    citizen.page.get_by_text(
        citizen.t("I do not agree: have the unit above check it"), exact=True
    ).click()
    citizen.page.locator("#f-objection").fill(DISAGREED)
    look_over(citizen)
    citizen.press("Ask the unit above")
    supervisor = opened(Role.SUPERVISOR)
    supervisor.goto(matter.desk)
    expect(supervisor.page.locator("main")).to_contain_text(DISAGREED)
    assert NAME not in supervisor.page.locator("main").inner_text()
    look_over(supervisor)
    take(supervisor, Action.UPHOLD_FINDING, text=DECIDED)

    citizen.goto(matter.own)

    expect(citizen.page.locator("main")).to_contain_text(DECIDED)
    assert citizen.messages() == []
    assert supervisor.messages() == []


def test_measures_and_repeated_calls_are_pages_for_everybody(opened: Open) -> None:
    look = opened(Role.SUPERVISOR)

    for address in ("/desk/measures", "/desk/callers"):
        look.goto(address)
        look_over(look)

    look.press("Propose it")
    expect(look.page.locator(".summary")).to_be_focused()
    look_over(look)
    assert look.messages() == []
