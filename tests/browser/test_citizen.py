"""A citizen's whole way in a real browser: with script and without, in both languages, large."""

from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.faces import past_alike
from tests.browser.looking import Look
from tests.browser.town import LAMPS_OUT, PHONE, Matter, Town

WAYS = {
    "zh": {"lang": "zh"},
    "zh without script": {"lang": "zh", "script": False},
    "en": {"lang": "en"},
    "en without script": {"lang": "en", "script": False},
    "elder": {"lang": "zh", "elder": "on", "size": (390, 844)},
    "elder without script": {"lang": "zh", "elder": "on", "script": False, "size": (390, 844)},
}


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "lamp.jpg"
    Image.new("RGB", (60, 40), "orange").save(path, "JPEG")
    return path


def report(look: Look, town: Town, photo: Path) -> Matter:
    """From the front page to the slip."""
    page = look.page
    look.goto("/")
    look.follow("Report a matter")
    look.press("Continue")  # nothing chosen yet
    expect(page.locator(".summary")).to_be_focused()
    page.locator("#f-region").select_option("990101")
    page.locator("#f-place").fill("样板路 12 号")
    look.press("Continue")
    page.locator("#f-looked_for").fill("路灯")
    look.press("Search")
    page.locator(f"input[name=category][value='{town.categories['0103']}']").check()
    look.press("Continue")
    page.locator("#f-body").fill(LAMPS_OUT)
    page.locator("#f-photos").set_input_files(photo)
    look.press("Add these files")
    expect(page.locator(".photos img")).to_be_visible()
    look.press("Continue")
    page.locator("input[name=anonymous][value=no]").check()
    page.locator("#f-name").fill("测试乙")
    page.locator("#f-phone").fill("１７９－００００－０００１")
    look.press("Continue")
    past_alike(look)
    expect(page.locator(".check")).to_contain_text(LAMPS_OUT)
    look.press("Send")
    number = page.locator(".slip-no").inner_text()
    code = page.locator(".code").inner_text()
    return Matter(number, page.url.split("/c/")[1].split("/")[0], code)


def track(look: Look, matter: Matter) -> None:
    look.goto("/track")
    look.page.locator("#f-number").fill(matter.number.lower())
    look.page.locator("#f-code").fill(matter.code.lower())
    look.press("Look")


def supplement(look: Look) -> None:
    look.page.get_by_text(look.t("Add something"), exact=True).click()
    look.page.locator("#f-more").fill("补充：5 号楼门口那盏也不亮。")
    look.press("Add it")
    expect(look.page.locator(".timeline")).to_contain_text("5 号楼门口那盏也不亮")


@pytest.mark.parametrize("way", WAYS)
def test_a_citizen_reports_follows_adds_urges_and_rates(
    opened: Open, town: Town, photo: Path, way: str
) -> None:
    look = opened(**WAYS[way])  # type: ignore[arg-type]  # keywords of one and the same function

    matter = report(look, town, photo)
    track(look, matter)
    supplement(look)
    look.press("Ask for speed")
    town.to_question(matter)
    look.goto(matter.own)
    look.page.locator("#f-answer").fill("3 号楼和 5 号楼之间。")
    look.press("Send the answer")
    town.finish(matter)
    look.goto(matter.own)
    look.follow("Say how satisfied you are")
    look.page.locator("input[name=score][value='2']").check()
    look.page.locator("#f-words").fill("来得有点慢。")
    look.press("Send")

    assert look.sees("Thank you. Your rating has been stored.")
    assert look.messages() == []


def test_whoever_stays_anonymous_leaves_no_name(opened: Open, town: Town) -> None:
    look = opened(script=False)
    look.goto("/report")
    look.page.locator("#f-region").select_option("city")
    look.press("Continue")
    look.goto("/report/what?group=01")
    look.page.locator(f"input[name=category][value='{town.categories['0103']}']").check()
    look.press("Continue")
    look.page.locator("#f-body").fill(LAMPS_OUT)
    look.press("Continue")
    look.page.locator("input[name=anonymous][value=yes]").check()
    look.press("Continue")
    look.press("Send")

    assert look.page.locator(".slip-no").is_visible()
    assert "测试" not in look.page.locator("main").inner_text()


def test_what_was_typed_is_there_again_after_the_page_was_closed(opened: Open, town: Town) -> None:
    look = opened()
    look.goto("/report")
    look.page.locator("#f-region").select_option("990101")
    look.press("Continue")
    look.goto("/report/what?group=01")
    look.page.locator(f"input[name=category][value='{town.categories['0103']}']").check()
    look.press("Continue")
    look.page.locator("#f-body").press_sequentially("路灯不亮，还没写完")
    saved = look.t("Draft saved at {time}").split("{")[0].strip()
    expect(look.page.locator("[data-draft-status]")).to_contain_text(saved)

    look.goto("/")
    look.goto("/report/details")

    assert look.page.locator("#f-body").input_value() == "路灯不亮，还没写完"
    assert look.messages() == []


def test_the_map_fills_in_the_place_and_works_by_keyboard(opened: Open) -> None:
    look = opened()
    look.goto("/report/place")
    box = look.page.locator(".map[data-ready]")
    box.focus()

    box.press("ArrowRight")

    expect(look.page.locator("#f-lon")).not_to_have_value("")
    assert look.messages() == []


def test_somebody_in_danger_is_told_to_call_before_anything_else(opened: Open) -> None:
    look = opened(size=(390, 844))
    look.goto("/report")
    look.page.locator("#f-region").select_option("990101")
    look.press("Continue")
    look.press("I do not know, you decide")
    look.page.locator("#f-body").fill("楼道里着火了，有人被困。")

    look.press("Continue")

    first = look.page.locator("main a[href^='tel:']").first
    assert first.get_attribute("href") == "tel:119"


def test_two_presses_make_one_matter(opened: Open, town: Town) -> None:
    matter = town.opened()
    town.to_handling(matter)
    look = opened()
    look.goto(matter.own)

    look.button("Ask for speed").dblclick()
    look.page.wait_for_url("**done=**")

    opened_taken_sent_signed_urged = 5
    assert look.page.locator(".timeline > li").count() == opened_taken_sent_signed_urged
    assert look.messages() == []


def test_a_matter_can_be_withdrawn_and_says_so(opened: Open, town: Town) -> None:
    matter = town.opened(ago=timedelta(hours=1))
    look = opened(script=False)
    look.goto(matter.own)
    look.follow("Withdraw this matter")

    look.press("Yes, withdraw it")

    assert PHONE not in look.page.content()
    assert look.page.locator(".timeline > li").count() == 2
