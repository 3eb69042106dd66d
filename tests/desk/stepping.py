"""Steps taken at the desk as people take them: open the page, fill in the form, press."""

from collections.abc import Callable

from app.accounts.rules import Role
from tests.support.pages import Page, PageClient

Enter = Callable[[Role], PageClient]


def step(pages: PageClient, number: str, action: str, **typed: str) -> Page:
    """Take the step whose form stands on the matter's page."""
    page = pages.get(f"/cases/{number}")
    forms = [f for f in page.forms if f.values().get("action") == [action]]
    assert forms, f"no form for {action} on {page.text[:400]}"
    return pages.submit(forms[0], press="", files=None, **typed)
