"""Something broken is reported in a real browser with a photo; the next one says "me too"."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.looking import Look, violations

LAT, LON = (39.0, 2.0, 30.0), (83.0, 1.0, 30.0)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """Taken in the demo city, as its notes say."""
    path, notes = tmp_path / "lamp.jpg", Image.Exif()
    notes.get_ifd(0x8825).update({1: "N", 2: LAT, 3: "E", 4: LON})
    Image.new("RGB", (60, 40), "orange").save(path, "JPEG", exif=notes)
    return path


def report(look: Look, photo: Path) -> str:
    """From the front page to the slip; its number."""
    page = look.page
    look.goto("/")
    look.follow("Report something broken")
    page.locator("#f-photos").set_input_files(photo)
    look.press("Continue")
    expect(page.locator(".photos img")).to_be_visible()
    assert look.sees("The photo was taken here: use it?")
    look.press("Yes, use it")
    look.press("Continue")
    look.goto("/report/repair/what?group=02")
    page.locator("label.choice", has_text="交通护栏").first.locator("input").check()
    look.press("Continue")
    if page.url.endswith("/near"):  # another test of this town has reported there
        page.locator("input[name=same][value=other]").check()
        look.press("Continue")
    page.locator("input[name=how]").first.check()
    page.locator("input[name=danger][value=none]").check()
    look.press("Continue")
    look.press("Continue")
    page.locator("input[name=anonymous][value=yes]").check()
    look.press("Continue")
    expect(page.locator(".check")).to_contain_text(look.t("With a point on the map"))
    look.press("Send")
    return page.locator(".slip-no").inner_text()


def test_a_photo_leads_to_a_slip_and_the_next_one_says_me_too(opened: Open, photo: Path) -> None:
    number = report(opened(script=False), photo)

    next_one = opened(elder="on", size=(390, 844))
    page = next_one.page
    next_one.goto("/report/repair")
    page.locator("#f-photos").set_input_files(photo)
    next_one.press("Continue")
    next_one.press("Yes, use it")
    next_one.press("Continue")
    next_one.goto("/report/repair/what?group=02")
    page.locator("label.choice", has_text="交通护栏").first.locator("input").check()
    next_one.press("Continue")
    assert page.url.endswith("/report/repair/near")
    shut_out = violations(page)
    page.locator(f"input[name=same][value='{number}']").check()
    next_one.press("Continue")

    assert shut_out == []
    expect(page.locator("main")).to_contain_text(number)
    thanks = (
        "Thank you: your voice counts. Keep the address of this page if you wish to look again."
    )
    assert next_one.sees(thanks)
    assert next_one.messages() == []
