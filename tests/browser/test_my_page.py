"""A citizen's way to their own page: with script and without, in both languages, large."""

import pytest
from playwright.sync_api import expect

from tests.browser import my_page
from tests.browser.conftest import Open
from tests.browser.test_citizen import WAYS
from tests.browser.town import Town


@pytest.mark.parametrize("way", WAYS)
def test_a_citizen_signs_in_looks_at_a_matter_adds_an_address_and_leaves(
    opened: Open, town: Town, way: str
) -> None:
    look = opened(**WAYS[way])  # type: ignore[arg-type]  # keywords of one and the same function
    page = look.page
    phone = my_page.somebody(town, *my_page.NAMES, is_verified=False)
    my_page.enter(look, phone)
    expect(page.locator("main")).not_to_contain_text(my_page.NAMES[1])
    page.locator("#f-name").fill("不是我")
    look.press("Continue")
    expect(page.locator(".summary")).to_be_visible()
    page.locator("#f-name").fill(my_page.NAMES[0])
    look.press("Continue")
    expect(page.locator("main article")).to_have_count(1)
    page.locator("main article a").click()
    expect(page.locator(".timeline")).to_be_visible()
    look.follow("See all my matters")
    look.goto("/my/contacts")
    page.locator("#f-contact").fill(f"a{phone}@example.org")
    look.press("Send a code")
    page.locator("#f-code").fill(page.locator(".code").inner_text())
    look.press("Continue")
    expect(page.locator("main .card.row")).to_have_count(2)

    look.press("Sign out")

    assert page.locator("#f-contact").is_visible()
    assert phone not in page.url
    assert look.messages() == []
