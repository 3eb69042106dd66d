"""Finding a person by keyboard alone, and by a card reader that types like a keyboard."""

import re

from playwright.sync_api import expect

from app.accounts.rules import Role
from tests.browser.conftest import Open

PICTURE = re.compile(r"/citizens/C\d{9}$")


def test_f2_leads_from_any_page_to_the_box_and_enter_to_the_first_found(opened: Open) -> None:
    look = opened(Role.CLERK)
    page = look.page
    look.goto("/account")

    with page.expect_navigation():
        page.keyboard.press("F2")
    expect(page.locator("#f-q")).to_be_focused()
    page.keyboard.type("csj", delay=60)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("a.rowlink").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#f-q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page).to_have_url(PICTURE)
    assert look.messages() == []


def test_a_card_readers_burst_with_a_tab_inside_stays_in_the_box(opened: Open) -> None:
    look = opened(Role.CLERK)
    page = look.page
    look.goto("/citizens")
    expect(page.locator("#f-q")).to_be_focused()

    with page.expect_navigation():
        # One burst, as fast as a reader types: a person's Tab would leave the box.
        page.evaluate(
            """() => {
              const box = document.getElementById("f-q");
              for (const key of ["W", "U", "Tab", ..."990101199003070018", "Enter"]) {
                const init = { key, bubbles: true, cancelable: true };
                const event = new KeyboardEvent("keydown", init);
                if (box.dispatchEvent(event) && key.length === 1) {
                  box.setRangeText(key, box.selectionStart, box.selectionEnd, "end");
                }
              }
            }"""
        )

    expect(page.locator("#f-q")).to_have_value("WU 990101199003070018")
    assert look.messages() == []
