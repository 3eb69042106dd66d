"""Faces of the desk that show people: found, registered, talked with, listed, merged."""

from app.accounts.rules import Role
from tests.browser import my_page
from tests.browser.faces.face import Face
from tests.browser.looking import Look
from tests.browser.town import Town


def _found(look: Look, _: Town) -> None:
    look.goto("/citizens")
    look.page.locator("#f-q").fill("测")
    with look.page.expect_navigation():
        look.page.locator("#f-q").press("Enter")


def _nobody(look: Look, _: Town) -> None:
    look.goto("/citizens")
    look.page.locator("#f-q").fill("查无此人")
    with look.page.expect_navigation():
        look.page.locator("#f-q").press("Enter")


def _tail_alone(look: Look, _: Town) -> None:
    look.goto("/citizens")
    look.page.locator("#f-q").fill("9876")
    with look.page.expect_navigation():
        look.page.locator("#f-q").press("Enter")


def _known(look: Look, _: Town) -> None:
    look.goto("/desk/new")
    look.page.locator("#f-name").fill("测")
    look.press("Is this person known?")


def _wrong_citizen(look: Look, _: Town) -> None:
    look.goto("/citizens/new")
    look.page.locator("#f-name").fill("张三😀")
    look.page.locator("#f-document").fill("990101199003070010")
    look.page.locator("#f-phone").fill("88888888")
    look.press("Register")


def _wrong_part(look: Look, _: Town) -> None:
    look.goto("/citizens/C000000001/edit")
    look.page.locator("#contacts summary").click()
    look.page.locator("#f-contacts-contact").fill("88888888")
    with look.page.expect_navigation():
        look.page.locator("#contacts button.plain").click()


def _in_clear(look: Look, _: Town) -> None:
    look.goto("/citizens/C000000001/reveal")
    look.page.locator("input[value=call_back]").check()
    look.press("Show for a minute")


def to_citizen(look: Look, town: Town) -> None:
    """The picture of whoever brought the matter that was submitted."""
    look.goto(f"{town.known['submitted'].desk}/picture")
    with look.page.expect_navigation():
        look.page.locator("#picture a[href^='/citizens/']").click()


def _to_talk(look: Look, town: Town) -> None:
    to_citizen(look, town)
    with look.page.expect_navigation():
        look.page.locator("button[name=medium][value=window]").click()


def _to_unknown(look: Look, _: Town) -> None:
    look.goto("/desk/talks")
    with look.page.expect_navigation():
        look.page.keyboard.press("Control+Enter")


def _wrong_talk(look: Look, town: Town) -> None:
    _to_unknown(look, town)
    with look.page.expect_navigation():
        look.page.keyboard.press("Control+Enter")


def _wrong_start(look: Look, _: Town) -> None:
    look.goto("/desk/talks")
    look.page.locator("#f-citizen").fill("C000999999")
    with look.page.expect_navigation():
        look.page.keyboard.press("Control+Enter")


PEOPLE = (
    Face("citizen", Role.CLERK, to_citizen),
    Face("citizen-short", Role.CLERK, "submitted@{m.desk}/picture"),
    Face("talks", Role.REVIEWER, "/desk/talks"),
    Face("talks-refused", Role.MANAGER, _wrong_start),
    Face("talk", Role.MANAGER, _to_talk),
    Face("talk-unknown", Role.MANAGER, _to_unknown),
    Face("talk-refused", Role.REVIEWER, _wrong_talk),
    Face("promises", Role.REVIEWER, "/desk/promises"),
    Face("find", Role.CLERK, "/citizens"),
    Face("find-found", Role.CLERK, _found),
    Face("find-nobody", Role.CLERK, _nobody),
    Face("find-tail-alone", Role.CLERK, _tail_alone),
    Face("intake-known", Role.CLERK, _known),
    Face("citizen-new", Role.CLERK, "/citizens/new"),
    Face("citizen-new-refused", Role.CLERK, _wrong_citizen),
    Face("citizen-edit", Role.CLERK, "/citizens/C000000001/edit"),
    Face("citizen-part-refused", Role.CLERK, _wrong_part),
    Face("reveal", Role.CLERK, "/citizens/C000000001/reveal"),
    Face("in-clear", Role.CLERK, _in_clear),
    Face("looks", Role.SECURITY, "/admin/access"),
    Face("looks-single", Role.SECURITY, "/admin/access/rows"),
    Face("segments", Role.SUPERVISOR, "/segments"),
    Face("segment-new", Role.SUPERVISOR, "/segments/new"),
    Face("segment-counted", Role.SUPERVISOR, my_page.to_count),
    Face("segment-refused", Role.SUPERVISOR, my_page.to_wrong_segment),
    Face("segment", Role.SUPERVISOR, my_page.to_segment),
    Face("segment-members", Role.SUPERVISOR, my_page.to_members),
    Face("quality", Role.CLERK, "/citizens/quality"),
    Face("quality-list", Role.CLERK, "/citizens/quality/unverified"),
    Face("duplicates", Role.SUPERVISOR, "/citizens/duplicates"),
    Face("merge-ask", Role.SUPERVISOR, "/citizens/merge"),
    Face("merges", Role.SUPERVISOR, "/citizens/merges"),
    Face("people-import", Role.MANAGER, "/citizens/import"),
)
