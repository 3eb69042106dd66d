"""Faces of reporting something broken, of a plate, and of taking a repair in at the desk."""

from app.accounts.rules import Role
from tests.browser.faces.face import Face
from tests.browser.looking import Look
from tests.browser.town import Town

LAMP = "0120"


def _to_place(look: Look, _: Town) -> None:
    look.goto("/report/repair")
    look.press("Continue")


def _to_what(look: Look, town: Town) -> None:
    _to_place(look, town)
    look.page.locator("#f-region").select_option("990101")
    look.press("Continue")


def _to_danger(look: Look, town: Town) -> None:
    """Chosen by the words a citizen would type."""
    _to_what(look, town)
    look.page.locator("#f-looked_for").fill("路灯不亮")
    look.press("Search")
    look.page.locator("label.choice", has_text="路灯").first.locator("input").check()
    look.press("Continue")


def _to_call(look: Look, town: Town) -> None:
    _to_danger(look, town)
    look.page.locator("input[name=how][value=dark]").check()
    look.page.locator("input[name=danger][value=live]").check()
    look.press("Continue")


def _to_more(look: Look, town: Town) -> None:
    _to_call(look, town)
    look.press("Go on with the report")


def _to_check(look: Look, town: Town) -> None:
    _to_more(look, town)
    look.page.locator("#f-q_lamps").fill("3")
    look.press("Continue")
    look.page.locator("input[name=anonymous][value=yes]").check()
    look.press("Continue")


def _wrong_place(look: Look, town: Town) -> None:
    _to_place(look, town)
    look.page.get_by_text(look.t("I know the position in degrees"), exact=True).click()
    look.page.locator("#f-lat").fill("0")
    look.page.locator("#f-lon").fill("0")
    look.press("Continue")


def _asked_at_the_desk(look: Look, _: Town) -> None:
    look.goto("/desk/new/repair")
    look.page.locator("#f-type").fill(LAMP)
    look.page.locator("#f-facility").focus()
    look.press("What does this type ask for?")


REPAIRING = (
    Face("repair-place-refused", None, _wrong_place),
    Face("repair-call", None, _to_call),
    Face("repair-check", None, _to_check),
    Face("facility-unknown", None, "/f/1234"),
    Face("repair-intake", Role.CLERK, _asked_at_the_desk),
)
