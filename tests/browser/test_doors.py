"""Who knocks too often: a browser with script proves itself, one without waits, nobody is lost."""

from app.portal.pages.track import TRIES
from tests.browser.conftest import Open
from tests.browser.looking import Look, violations
from tests.browser.town import Matter, Town


def knock_too_often(look: Look, matter: Matter) -> None:
    """Every free try with a wrong code, and then the right one."""
    for code in ("7K3M9PQR",) * TRIES.free + (matter.code,):
        look.goto("/track")
        look.page.locator("#f-number").fill(matter.number)
        look.page.locator("#f-code").fill(code)
        look.press("Look")


def test_a_browser_with_script_proves_itself_and_goes_on(opened: Open, town: Town) -> None:
    look = opened()
    matter = town.opened(body="公交站牌被撞歪了。")

    knock_too_often(look, matter)
    assert violations(look.page) == []
    look.press("Send")

    assert look.page.url.endswith(matter.own)
    assert look.messages() == []


def test_a_browser_without_script_waits_and_keeps_its_text(opened: Open, town: Town) -> None:
    look = opened(script=False)
    matter = town.opened(body="公交站的长椅断了一条腿。")

    knock_too_often(look, matter)
    assert look.page.locator("#k-number").input_value() == matter.number
    look.press("Send")

    assert look.page.url.endswith(matter.own)
    assert look.messages() == []
