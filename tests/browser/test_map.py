"""The map by keyboard alone: move it, come closer, open a report, and see the list of the same."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.faces.publishing import released
from tests.browser.town import Town

REPORT = re.compile(r"/reports/[A-Z2-7]{12}$")
PART = re.compile(r"[?&]bbox=")


def test_a_report_is_reached_on_the_map_without_a_mouse(opened: Open, town: Town) -> None:
    _, number = released(town)
    look = opened()
    page = look.page
    look.goto("/map")
    box = page.locator(".map[data-filled]")
    expect(box).to_be_visible()

    box.focus()
    zoomed = page.expect_response(lambda answer: "zoom=" in answer.url)
    with zoomed as first:
        page.keyboard.press("+")
    with page.expect_response(lambda answer: "around=" in answer.url) as second:
        page.keyboard.press("ArrowDown")
    assert first.value.url.split("zoom=")[1] != "" != second.value.url
    for _ in range(40):
        if page.evaluate("document.activeElement.matches('.map-mark, .map-many')"):
            break
        page.keyboard.press("Tab")
    for _ in range(8):  # a mark that stands for many is opened by coming closer
        if page.evaluate("document.activeElement.matches('.map-mark')"):
            break
        with page.expect_response(lambda answer: "zoom=" in answer.url):
            page.keyboard.press("Enter")
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup a")
    expect(link).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".map-mark:focus")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(link).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page).to_have_url(REPORT)
    assert number
    assert look.messages() == []


def test_the_part_in_sight_becomes_part_of_the_filter(opened: Open, town: Town) -> None:
    released(town)
    look = opened()
    page = look.page
    look.goto("/map")
    expect(page.locator(".map[data-filled]")).to_be_visible()

    with page.expect_navigation():
        page.locator("[data-map-here]").click()

    expect(page).to_have_url(PART)
    assert page.locator(".reports li").count() >= 1
    assert look.messages() == []
