"""A clerk with several people at once: a call rings, is taken, waits, and is written down."""

import hashlib
import hmac
import json
import re
import time
from urllib.request import Request, urlopen

from playwright.sync_api import Page, expect

from app.accounts.rules import Role
from app.citizens.service import Person, register
from app.settings import DEMO_TELEPHONE_KEY
from tests.browser.conftest import Open
from tests.browser.faces import to_citizen
from tests.browser.looking import foreign_words, violations
from tests.browser.town import Town

# Nobody else in the town has it, whatever other walks register.
OWN_PHONE = "17900009651"
TALK = re.compile(r"/desk/talks/\w{26}$")


def ring(town: Town, call: str, extension: str, number: str) -> None:
    """As a telephone system does (docs/telephone.md)."""
    body = json.dumps({"call": call, "extension": extension, "from": number}).encode()
    stamp = str(int(time.time()))
    key = DEMO_TELEPHONE_KEY.encode()
    headers = {
        "Content-Type": "application/json",
        "X-Civicwindow-Timestamp": stamp,
        "X-Civicwindow-Signature": hmac.new(
            key, f"{stamp}.".encode() + body, hashlib.sha256
        ).hexdigest(),
    }
    asked = Request(f"{town.url}/desk/incoming", body, headers)  # noqa: S310  # our own loopback address
    with urlopen(asked, timeout=20) as answer:  # noqa: S310  # as above
        assert answer.status == 200


def keys(page: Page, *presses: str) -> None:
    for press in presses:
        page.keyboard.press(press)


def test_a_call_rings_is_taken_waits_and_is_written_down_by_keyboard(
    opened: Open, town: Town
) -> None:
    with town.edge.writing() as session:
        register(session, Person("测试庚", OWN_PHONE), now=town.edge.now())
    look = opened(Role.MANAGER)
    page = look.page
    look.goto("/desk")

    ring(town, "walk-1", "manager", OWN_PHONE)
    expect(page.locator(".strip .note")).to_contain_text("测*庚")
    assert foreign_words(page) == []
    assert violations(page, ["light"]) == []
    with page.expect_navigation():
        keys(page, "Control+Alt+0")
    expect(page).to_have_url(TALK)
    expect(page.locator(".glance")).to_contain_text("179****9651")

    with page.expect_navigation():
        keys(page, "Alt+h")
    expect(page.locator(".talk .tag").nth(1)).to_have_text(look.t("on hold"))
    look.goto("/desk")
    chip = page.locator(".strip .chip").last
    expect(chip).to_contain_text("测*庚")
    number = page.locator(".strip .chip").count()
    with page.expect_navigation():
        keys(page, f"Control+Alt+{number}")
    page.locator("#f-end-summary").fill("问路灯何时修好。")
    with page.expect_navigation():
        keys(page, "Control+Enter")

    expect(page).to_have_url(re.compile(r"/desk/talks$"))
    assert look.messages() == []


def test_a_matter_is_taken_in_for_somebody_known_without_typing_who_it_is(
    opened: Open, town: Town
) -> None:
    look = opened(Role.CLERK)
    page = look.page
    to_citizen(look, town)

    with page.expect_navigation():
        keys(page, "F4")
    expect(page.locator("#f-category")).to_be_focused()
    assert page.locator("#f-phone").count() == 0
    page.keyboard.type("0103")
    page.locator("#f-body").fill("接谈中受理：路口路灯又灭了。")
    with page.expect_navigation():
        keys(page, "Control+Enter")
    # Others of theirs are in hand: that this is another one is said, not assumed.
    expect(page.locator("#f-same")).to_be_visible()
    with page.expect_navigation():
        keys(page, "Control+Enter")

    expect(page.locator(".case")).to_contain_text("路口路灯又灭了")
    expect(page.locator("#picture")).to_contain_text("90")
    assert look.messages() == []


def test_without_script_a_call_is_taken_from_the_list(opened: Open, town: Town) -> None:
    look = opened(Role.CLERK, script=False)
    ring(town, "walk-2", "clerk", "17900008888")

    look.goto("/desk/talks")
    look.page.locator("a.rowlink", has_text="179****8888").first.click()
    look.page.locator("button[name=deed][value=take]").click()
    look.page.locator("#f-register-name").fill("测试新")
    look.press("Register")

    expect(look.page.locator(".glance")).to_contain_text("测*新")
    assert look.messages() == []
