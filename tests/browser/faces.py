"""The kinds of page there are, and how to stand before each.

A page with an address is opened; one that only an act brings about has a function that acts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from app.accounts.rules import Role
from tests.browser import my_page
from tests.browser.looking import Look
from tests.browser.town import LAMPS_OUT, PHONE, Town

Act = Callable[[Look, Town], None]


@dataclass(frozen=True)
class Face:
    """A kind of page: its name, who looks, and the address or the act."""

    name: str
    role: Role | None
    way: str | Act

    def open(self, look: Look, town: Town) -> None:
        """Stand before this page."""
        if not callable(self.way):
            name, _, rest = self.way.partition("@")
            look.goto(rest.format(m=town.known[name]) if rest else name)
        else:
            self.way(look, town)


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


def _pane(look: Look, _: Town) -> None:
    look.goto("/desk?view=open")
    look.page.locator("a.rowlink").first.click()
    look.page.locator("#pane .case").wait_for()


def _search(look: Look, _: Town) -> None:
    look.goto("/desk")
    look.page.locator("#f-q").fill("公园")
    look.page.locator("#f-q").press("Enter")
    look.page.wait_for_url("**/desk/search")


def _wrong_intake(look: Look, _: Town) -> None:
    look.goto("/desk/new")
    look.page.locator("#f-category").fill("没有这一类")
    look.press("Take in")


def _limit_shown(look: Look, _: Town) -> None:
    look.goto("/desk/new")
    look.page.locator("#f-category").fill("0103")
    look.press("Show the time limit")


def _to_asked(look: Look, _: Town) -> None:
    look.goto("/desk/apply")
    look.page.locator("#f-item").fill("990100-SCJ-001")
    look.press("Show what it asks")


def _wrong_application(look: Look, town: Town) -> None:
    _to_asked(look, town)
    look.press("Take in and accept")


def _wrong_step(look: Look, town: Town) -> None:
    look.goto(town.known["submitted"].desk)
    look.page.locator("#step-decline > summary").click()
    with look.page.expect_navigation():
        look.page.locator("#step-decline button[data-key='Ctrl+Enter']").click()


def _preview(look: Look, town: Town) -> None:
    look.goto(town.known["handling"].desk)
    look.page.locator("#f-reply-text").fill("路灯已经修好。联系电话 17900000001。")
    with look.page.expect_navigation():
        look.page.locator("#step-reply button[name=preview]").click()


def conflict(look: Look, town: Town) -> None:
    """Somebody else has moved the matter while a reply was typed."""
    matter = town.opened(body="停车位被人用地锁占了，请协调。")
    look.goto(matter.desk)
    look.page.locator("#step-answer_on_spot > summary").click()
    look.page.locator("#f-answer_on_spot-text").fill("请到三号窗口办理。")
    town.to_accepted(matter)
    with look.page.expect_navigation():
        look.page.locator("#step-answer_on_spot button[data-key='Ctrl+Enter']").click()


def _first_of(address: str, part: str) -> Act:
    """The first page that this list leads to."""

    def act(look: Look, _: Town) -> None:
        look.goto(address)
        with look.page.expect_navigation():
            look.page.locator(f"main a[href*='{part}']").first.click()

    return act


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
    Face("check", None, _to_check),
    Face("slip", None, "submitted@{m.own}/slip?new=1"),
    Face("track", None, "/track"),
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
DESK = (
    Face("list", Role.CLERK, "/desk"),
    Face("list-pane", Role.CLERK, _pane),
    Face("list-empty", Role.CLERK, "/desk?view=rule"),
    Face("search", Role.CLERK, _search),
    Face("intake", Role.CLERK, "/desk/new"),
    Face("intake-refused", Role.CLERK, _wrong_intake),
    Face("intake-limit", Role.CLERK, _limit_shown),
    Face("apply", Role.MANAGER, "/desk/apply"),
    Face("apply-asked", Role.MANAGER, _to_asked),
    Face("apply-refused", Role.MANAGER, _wrong_application),
    Face("case-submitted", Role.CLERK, "submitted@{m.desk}"),
    Face("case-long", Role.CLERK, "long@{m.desk}"),
    Face("case-refused", Role.CLERK, _wrong_step),
    Face("case-merge", Role.CLERK, "submitted@{m.desk}/merge"),
    Face("signals", Role.SUPERVISOR, "/signals"),
    Face("signals-settings", Role.ADMIN, "/admin/signals"),
    Face("document-template", Role.ADMIN, "/admin/documents/receipt"),
    Face("case-handling", Role.HANDLER, "handling@{m.desk}"),
    Face("case-preview", Role.HANDLER, _preview),
    Face("case-replied", Role.REVIEWER, "replied@{m.desk}"),
    Face("case-closed", Role.SUPERVISOR, "closed@{m.desk}"),
    Face("conflict", Role.CLERK, conflict),
    Face("forbidden", Role.CLERK, "/admin/units"),
    Face("no-such-case", Role.CLERK, "/cases/RX99010120200101000001"),
    Face("citizen", Role.CLERK, to_citizen),
    Face("citizen-short", Role.CLERK, "submitted@{m.desk}/picture"),
    Face("talks", Role.REVIEWER, "/desk/talks"),
    Face("talks-refused", Role.MANAGER, _wrong_start),
    Face("talk", Role.MANAGER, _to_talk),
    Face("talk-unknown", Role.MANAGER, _to_unknown),
    Face("talk-refused", Role.REVIEWER, _wrong_talk),
    Face("promises", Role.REVIEWER, "/desk/promises"),
    Face("account", Role.CLERK, "/account"),
    Face("password", Role.CLERK, "/account/password"),
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
    Face("export-order", Role.SUPERVISOR, "/exports/new?what=cases&is_open=yes"),
    Face("exports", Role.SUPERVISOR, my_page.to_exports),
    Face("quality", Role.CLERK, "/citizens/quality"),
    Face("quality-list", Role.CLERK, "/citizens/quality/unverified"),
    Face("duplicates", Role.SUPERVISOR, "/citizens/duplicates"),
    Face("merge-ask", Role.SUPERVISOR, "/citizens/merge"),
    Face("merges", Role.SUPERVISOR, "/citizens/merges"),
    Face("people-import", Role.MANAGER, "/citizens/import"),
    Face("board", Role.SUPERVISOR, "/board"),
    Face("board-closing", Role.SUPERVISOR, "/board/closing"),
    Face("callbacks", Role.REVIEWER, "/desk/callbacks?when=all"),
    Face("callback", Role.REVIEWER, "calling@/desk/callbacks/{m.number}"),
    Face("callback-checks", Role.REVIEWER, "/desk/callbacks/checks"),
    Face("solved", None, "calling@/solved/{m.token}"),
    Face("late", Role.SUPERVISOR, "/desk?view=late"),
)
ADMIN = (
    Face("admin", Role.ADMIN, "/admin"),
    Face("notices", Role.ADMIN, "/admin/notices"),
    Face("notice-words", Role.ADMIN, "/admin/notices/words/dispatched"),
    Face("notice-policy", Role.ADMIN, "/admin/notices/policy"),
    Face("inbox", Role.CLERK, "/desk/inbox"),
    Face("units", Role.ADMIN, "/admin/units"),
    Face("unit-new", Role.ADMIN, "/admin/units/new"),
    Face("unit", Role.ADMIN, _first_of("/admin/units", "/admin/units/1")),
    Face("calendar", Role.ADMIN, "/admin/calendar"),
    Face("calendar-import", Role.ADMIN, "/admin/calendar/import"),
    Face("calendar-days", Role.ADMIN, "/admin/calendar/days"),
    Face("calendar-hours", Role.ADMIN, "/admin/calendar/hours"),
    Face("categories", Role.ADMIN, "/admin/catalogue/categories"),
    Face("category-new", Role.ADMIN, "/admin/catalogue/categories/new"),
    Face("category", Role.ADMIN, _first_of("/admin/catalogue/categories", "/categories/1")),
    Face("directory", Role.ADMIN, "/admin/catalogue/directory"),
    Face("directory-new", Role.ADMIN, "/admin/catalogue/directory/new"),
    Face("limits", Role.ADMIN, "/admin/catalogue/limits"),
    Face("limit-new", Role.ADMIN, "/admin/catalogue/limits/new"),
    Face("replies", Role.ADMIN, "/admin/catalogue/replies"),
    Face("reply-new", Role.ADMIN, "/admin/catalogue/replies/new"),
    Face("review-items", Role.ADMIN, "/admin/catalogue/review"),
    Face("background", Role.ADMIN, "/admin/background"),
    Face("staff", Role.SECURITY, "/admin/staff"),
    Face("staff-new", Role.SECURITY, "/admin/staff/new"),
    Face("staff-one", Role.SECURITY, _first_of("/admin/staff", "/admin/staff/1")),
    Face("roles", Role.SECURITY, "/admin/roles"),
    Face("security", Role.SECURITY, "/admin/security"),
    Face("audit", Role.AUDITOR, "/admin/audit"),
    Face("audit-chain", Role.AUDITOR, "/admin/audit/chain"),
)
EVERY = (*PORTAL, *DESK, *ADMIN)
