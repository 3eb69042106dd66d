"""Faces of the portal: the report page by page, a matter of one's own, one's own page."""

from tests.browser import my_page
from tests.browser.faces.face import Face
from tests.browser.looking import Look
from tests.browser.town import LAMPS_OUT, PHONE, Town


def _to_what(look: Look, _: Town) -> None:
    look.goto("/report")
    look.page.locator("#f-region").select_option("990101")
    look.page.locator("#f-place").fill("样板路 12 号")
    look.press("Continue")


def _to_group(look: Look, town: Town) -> None:
    _to_what(look, town)
    look.goto("/report/what?group=01")


def _to_found(look: Look, town: Town) -> None:
    _to_what(look, town)
    look.page.locator("#f-looked_for").fill("路灯")
    look.press("Search")


def to_details(look: Look, town: Town) -> None:
    _to_group(look, town)
    value = str(town.categories["0103"])
    look.page.locator(f"input[name=category][value='{value}']").check()
    look.press("Continue")


def _to_contact(look: Look, town: Town, body: str = LAMPS_OUT) -> None:
    to_details(look, town)
    look.page.locator("#f-body").fill(body)
    look.press("Continue")


def _to_alike(look: Look, town: Town) -> None:
    _to_contact(look, town)
    look.page.locator("input[name=anonymous][value=no]").check()
    look.page.locator("#f-name").fill("测试甲")
    look.page.locator("#f-phone").fill(PHONE)
    look.press("Continue")


def _to_check(look: Look, town: Town) -> None:
    _to_alike(look, town)
    past_alike(look)


def _to_same(look: Look, town: Town) -> None:
    """Signed in, and writing again what is in hand already."""
    my_page.to_matters(look, town)
    _to_alike(look, town)
    look.page.wait_for_url("**/my/same")


def past_alike(look: Look) -> None:
    """Go on to the check, where others have reported the same."""
    if look.page.url.endswith("/report/alike"):
        look.press("Go on and send mine")


def _to_danger(look: Look, town: Town) -> None:
    _to_contact(look, town, "楼道里着火了，有人被困在里面。")


def _wrong_place(look: Look, _: Town) -> None:
    look.goto("/report/place")
    look.press("Continue")


def _wrong_details(look: Look, town: Town) -> None:
    to_details(look, town)
    look.press("Continue")


def _wrong_contact(look: Look, town: Town) -> None:
    _to_contact(look, town)
    look.page.locator("#f-phone").fill("12")
    look.press("Continue")


def _wrong_code(look: Look, _: Town) -> None:
    look.goto("/track")
    look.page.locator("#f-number").fill("RX99010120260302000001")
    look.page.locator("#f-code").fill("7K3M9PQR")
    look.press("Look")


def _wrong_answer(look: Look, town: Town) -> None:
    look.goto(town.known["question"].own)
    look.press("Send the answer")


def _wrong_rating(look: Look, town: Town) -> None:
    look.goto(f"/rate/{town.known['rateable'].token}")
    look.press("Send")


def _wrong_password(look: Look, _: Town) -> None:
    look.goto("/sign-in")
    look.page.locator("#f-username").fill("nobody")
    look.page.locator("#f-password").fill("not-the-password")
    look.press("Sign in")


PORTAL = (
    Face("home", None, "/"),
    Face("place", None, "/report/place"),
    Face("place-refused", None, _wrong_place),
    Face("what", None, _to_what),
    Face("what-group", None, _to_group),
    Face("what-found", None, _to_found),
    Face("details", None, to_details),
    Face("details-refused", None, _wrong_details),
    Face("danger", None, _to_danger),
    Face("contact", None, _to_contact),
    Face("contact-refused", None, _wrong_contact),
    Face("alike", None, _to_alike),
    Face("my-same", None, _to_same),
    Face("check", None, _to_check),
    Face("slip", None, "submitted@{m.own}/slip?new=1"),
    Face("track", None, "/track"),
    Face("stuck", None, "/stuck"),
    Face("guide", None, "/guide"),
    Face("answers", None, "/answers?q=身份证"),
    Face("answer", None, "/answers/S001"),
    Face("guide-item", None, "/guide/990100-SCJ-001?q_who=agent"),
    Face("track-refused", None, _wrong_code),
    Face("verify", None, "/verify"),
    Face("verify-unknown", None, "/verify/nobody-wrote-this-one"),
    Face("own-submitted", None, "submitted@{m.own}"),
    Face("own-handling", None, "handling@{m.own}"),
    Face("own-question", None, "question@{m.own}"),
    Face("own-question-refused", None, _wrong_answer),
    Face("own-replied", None, "replied@{m.own}"),
    Face("own-closed", None, "closed@{m.own}"),
    Face("own-declined", None, "declined@{m.own}"),
    Face("own-long", None, "long@{m.own}"),
    Face("withdraw", None, "submitted@{m.own}/withdraw"),
    Face("rate", None, "rateable@/rate/{m.token}"),
    Face("rate-refused", None, _wrong_rating),
    Face("rate-too-early", None, "handling@/rate/{m.token}"),
    Face("nothing-there", None, "/no-such-page"),
    Face("no-such-matter", None, "/c/nobody-knows-this-one"),
    Face("my-sign-in", None, "/my"),
    Face("my-code", None, my_page.to_code),
    Face("my-code-refused", None, my_page.to_wrong_code),
    Face("my-name", None, my_page.to_name),
    Face("my-matters", None, my_page.to_matters),
    Face("my-contacts", None, my_page.to_contacts),
    Face("my-contact-end", None, my_page.to_end),
    Face("my-rights", None, my_page.to_rights),
    Face("my-request-refused", None, my_page.to_wrong_request),
    Face("sign-in", None, "/sign-in"),
    Face("sign-in-refused", None, _wrong_password),
)
