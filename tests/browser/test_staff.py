"""The people behind the counter in a real browser, by keyboard alone wherever they work fast."""

import re

from playwright.sync_api import Locator, Page, expect

from app.accounts.rules import Role
from tests.browser.conftest import Open
from tests.browser.looking import Look
from tests.browser.signing import sign_in
from tests.browser.town import Town

ROWS_AT_LEAST = 20
CASE = re.compile(r"/cases/RX\w+$")


def keys(page: Page, *presses: str) -> None:
    for press in presses:
        page.keyboard.press(press)


def visible_rows(look: Look) -> int:
    """The rows of the list that are seen whole without scrolling."""
    return int(
        look.page.evaluate(
            """() => {
              const pane = document.getElementById("list").getBoundingClientRect();
              const end = Math.min(pane.bottom, window.innerHeight);
              return [...document.querySelectorAll("[data-rows] tbody tr")]
                .map((row) => row.getBoundingClientRect())
                .filter((row) => row.top >= pane.top && row.bottom <= end).length;
            }"""
        )
    )


def take_the_usual_step(look: Look) -> None:
    """Alt+1 goes to the usual step, Ctrl+Enter takes it."""
    keys(look.page, "Alt+1")
    with look.page.expect_navigation():
        keys(look.page, "Control+Enter")


def test_twenty_rows_are_seen_on_an_office_screen(opened: Open) -> None:
    look = opened(Role.CLERK, size=(1366, 768))

    look.goto("/desk?view=open")

    assert visible_rows(look) >= ROWS_AT_LEAST


def test_the_list_is_walked_opened_and_left_by_keyboard(opened: Open) -> None:
    look = opened(Role.CLERK)
    look.goto("/desk?view=open")
    links = look.page.locator("a.rowlink")
    pane = look.page.locator("#pane")
    second, third = links.nth(1).inner_text(), links.nth(2).inner_text()

    keys(look.page, "ArrowDown", "ArrowDown")
    expect(links.nth(1)).to_be_focused()
    keys(look.page, "Enter")
    expect(pane).to_contain_text(second)
    expect(look.page).to_have_url(re.compile(f"/cases/{second}$"))
    expect(look.page.locator("tr[aria-selected='true']")).to_contain_text(second)

    keys(look.page, "Alt+ArrowDown")
    expect(pane.locator(".case-head")).to_contain_text(third)
    keys(look.page, "ArrowUp")
    expect(links.nth(1)).to_be_focused()
    keys(look.page, "Escape")
    expect(look.page.locator("#f-q")).to_be_focused()
    assert look.messages() == []


def without_a_draft(look: Look) -> None:
    """Throw away what another walk of the same clerk may have left in the form."""
    look.goto("/desk/new")
    if look.button("Throw it away and start anew").is_visible():
        look.press("Throw it away and start anew")


def test_a_clerk_searches_and_takes_in_a_matter_by_keyboard(opened: Open) -> None:
    look = opened(Role.CLERK)
    without_a_draft(look)
    page = look.page
    look.goto("/desk")

    keys(page, "F2")
    page.keyboard.type("公园 盏灯")
    with page.expect_navigation():
        keys(page, "Enter")
    expect(page.locator("a.rowlink").first).to_be_visible()

    with page.expect_navigation():
        keys(page, "F4")
    expect(page.locator("#f-category")).to_be_focused()
    page.keyboard.type("ldzm")
    expect(page.locator("[role=option]").first).to_be_visible()
    keys(page, "Enter")
    expect(page.locator("#f-body")).to_be_focused()
    page.keyboard.type("来访人反映：东门外路灯一直闪。")
    with page.expect_navigation():
        keys(page, "Control+Enter")

    expect(page).to_have_url(CASE)
    expect(page.locator(".case")).to_contain_text("东门外路灯一直闪")
    assert look.messages() == []


def test_a_refused_intake_keeps_every_word_and_takes_the_focus(opened: Open) -> None:
    look = opened(Role.CLERK)
    look.goto("/desk/new")
    look.page.locator("#f-category").fill("没有这一类")
    look.page.locator("#f-body").fill("留住这些字。")

    with look.page.expect_navigation():
        keys(look.page, "Control+Enter")

    expect(look.page.locator(".summary")).to_be_focused()
    assert look.page.locator("#f-body").input_value() == "留住这些字。"
    assert look.page.title().startswith(look.t("Error: "))
    assert look.messages() == []


def test_a_draft_outlives_signing_out(opened: Open) -> None:
    look = opened()
    sign_in(look.page, "clerk3")
    look.goto("/desk/new")
    look.page.locator("#f-body").press_sequentially("没写完的诉求")
    saved = look.t("Draft saved at {time}").split("{")[0].strip()
    expect(look.page.locator("[data-draft-status]")).to_contain_text(saved)

    look.press("Sign out")
    sign_in(look.page, "clerk3")
    look.goto("/desk/new")

    assert look.page.locator("#f-body").input_value() == "没写完的诉求"
    assert look.messages() == []


def test_a_matter_goes_from_hand_to_hand_by_keyboard(opened: Open, town: Town) -> None:
    matter = town.opened(body="小区北门的路灯不亮，请派人检查。")
    looks: list[Look] = []

    def enter(role: Role) -> Look:
        look = opened(role)
        looks.append(look)
        look.goto(matter.desk)
        return look

    take_the_usual_step(enter(Role.CLERK))
    take_the_usual_step(enter(Role.DISPATCHER))
    handler = enter(Role.HANDLER)
    take_the_usual_step(handler)
    answer_with_a_reply_text(handler)
    reviewer = enter(Role.REVIEWER)
    take_the_usual_step(reviewer)
    keys(reviewer.page, "Alt+1")
    choose(reviewer.page.locator("#f-close-callback_result"), "solved")
    with reviewer.page.expect_navigation():
        keys(reviewer.page, "Control+Enter")

    closed = reviewer.t("Closed")
    expect(reviewer.page.locator(".case-head")).to_contain_text(closed)
    citizen = opened()
    citizen.goto(matter.own)
    expect(citizen.page.locator(".card").first).to_contain_text("灯泡已更换")
    assert [message for look in (*looks, citizen) for message in look.messages()] == []


def choose(select: Locator, value: str) -> None:
    """By arrow keys, as somebody without a mouse."""
    expect(select).to_be_focused()
    for _ in range(select.locator("option").count()):
        if select.input_value() == value:
            return
        select.press("ArrowDown")
    msg = f"no option {value}"
    raise AssertionError(msg)


def answer_with_a_reply_text(look: Look) -> None:
    page = look.page
    keys(page, "Alt+1")
    choose(page.locator("#f-reply-outcome"), "resolved")
    keys(page, "Tab", "Tab", "Tab")  # past the two fields for what is not possible
    text = page.locator("#f-reply-text")
    expect(text).to_be_focused()
    page.keyboard.type("/办结")
    expect(page.locator("[role=option]").first).to_be_visible()
    keys(page, "Enter")
    expect(text).to_have_value(re.compile("办理情况"))
    page.keyboard.type("灯泡已更换，今晚恢复照明。")
    with page.expect_navigation():
        keys(page, "Control+Enter")


def test_a_reply_text_is_offered_in_the_pane_too(opened: Open, town: Town) -> None:
    matter = town.opened(body="体育馆门口的灯坏了。")
    town.to_handling(matter)
    look = opened(Role.HANDLER)
    look.goto("/desk?view=handle")
    look.page.get_by_role("link", name=matter.number).click()
    text = look.page.locator("#pane #f-reply-text")
    expect(text).to_be_visible()

    text.press_sequentially("/办结")

    expect(look.page.locator("#pane [role=option]").first).to_be_visible()
    assert look.messages() == []


def test_the_help_lists_the_keys_and_they_can_be_turned_off(opened: Open) -> None:
    look = opened(Role.CLERK)
    look.goto("/desk")

    keys(look.page, "?")
    expect(look.page.locator("#keyhelp")).to_contain_text("F2")
    look.button("Turn keys off").click()
    keys(look.page, "F4", "F2")

    expect(look.page.locator("#f-q")).not_to_be_focused()
    assert look.page.url.endswith("/desk")
    assert look.messages() == []


def test_every_figure_of_the_board_leads_to_exactly_its_list(opened: Open) -> None:
    look = opened(Role.SUPERVISOR)
    look.goto("/board")
    figures = [
        (stat.get_attribute("href") or "", int(figure))
        for stat in look.page.locator("a.stat").all()
        if (figure := stat.locator(".stat-figure").inner_text().strip()).isdecimal()
    ]

    listed = {href: rows_behind(look, href) for href, _ in figures}

    assert figures
    assert listed == dict(figures)
    assert look.messages() == []


def rows_behind(look: Look, href: str) -> int:
    """The rows of a list over all its pages."""
    look.goto(href)
    rows = look.page.locator("[data-rows] tbody tr")
    found = rows.count()
    following = look.page.locator("a[rel=next]")
    while following.count():
        with look.page.expect_navigation():
            following.click()
        found += rows.count()
    return found


def test_the_three_administrators_each_do_their_part(opened: Open) -> None:
    admin, security, auditor = (opened(r) for r in (Role.ADMIN, Role.SECURITY, Role.AUDITOR))

    admin.goto("/admin/units/new")
    admin.page.locator("#f-code").fill("TEST-YARD")
    admin.page.locator("#f-kind").select_option("crew")
    admin.page.locator("#f-name").fill("测试班组")
    admin.page.locator("#f-name_en").fill("Test crew")
    admin.page.locator("#f-parent_id").select_option(index=1)
    admin.page.locator("#f-region_code").fill("990100")
    with admin.page.expect_navigation():
        keys(admin.page, "Control+Enter")
    expect(admin.page.locator("main")).to_contain_text("TEST-YARD")

    security.goto("/admin/staff/new")
    security.page.locator("#f-display_name").fill("测试员")
    security.page.locator("#f-username").fill("browser-test")
    security.page.locator("#f-unit_id").select_option(index=1)
    with security.page.expect_navigation():
        keys(security.page, "Control+Enter")
    expect(security.page.locator(".code")).to_be_visible()

    auditor.goto("/admin/audit?who=security")
    expect(auditor.page.locator("main")).to_contain_text("browser-test")
    assert [m for look in (admin, security, auditor) for m in look.messages()] == []
