"""Signing in through the page, once per role; afterwards a browser is given what that left."""

from typing import Any

from playwright.sync_api import Browser, Page

from app.accounts.passwords import DEMO_PASSWORD
from app.accounts.rules import Role


def sign_in(page: Page, username: str) -> None:
    """Through the sign-in page, as everybody; by keyboard."""
    page.goto("/sign-in")
    page.locator("#f-username").fill(username)
    page.locator("#f-password").fill(DEMO_PASSWORD)
    page.locator("#f-password").press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def signed_in(browser: Browser, url: str, role: Role) -> Any:  # noqa: ANN401  # as Playwright types it
    """What a browser holds after this role has signed in."""
    context = browser.new_context(base_url=url)
    try:
        sign_in(context.new_page(), role.value)
        return context.storage_state()
    finally:
        context.close()
