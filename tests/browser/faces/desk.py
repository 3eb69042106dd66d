"""Faces of the desk: lists, intake, a matter in its states, boards."""

from app.accounts.rules import Role
from tests.browser import my_page
from tests.browser.faces.face import Face
from tests.browser.looking import Look
from tests.browser.town import Town


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


DESK = (
    Face("list", Role.CLERK, "/desk"),
    Face("list-pane", Role.CLERK, _pane),
    Face("list-empty", Role.CLERK, "/desk?view=rule"),
    Face("search", Role.CLERK, _search),
    Face("questions", Role.CLERK, "/desk/questions"),
    Face("intake", Role.CLERK, "/desk/new"),
    Face("intake-refused", Role.CLERK, _wrong_intake),
    Face("intake-limit", Role.CLERK, _limit_shown),
    Face("apply", Role.MANAGER, "/desk/apply"),
    Face("apply-refused", Role.MANAGER, _wrong_application),
    Face("case-submitted", Role.CLERK, "submitted@{m.desk}"),
    Face("case-long", Role.CLERK, "long@{m.desk}"),
    Face("case-refused", Role.CLERK, _wrong_step),
    Face("case-merge", Role.CLERK, "submitted@{m.desk}/merge"),
    Face("consult", Role.CLERK, "/desk/consult"),
    Face("knowledge-article", Role.MANAGER, "/desk/knowledge/S001"),
    Face("signals", Role.SUPERVISOR, "/signals"),
    Face("signals-settings", Role.ADMIN, "/admin/signals"),
    Face("document-template", Role.ADMIN, "/admin/documents/receipt"),
    Face("partner-key", Role.SECURITY, "/admin/partners/new"),
    Face("case-handling", Role.HANDLER, "handling@{m.desk}"),
    Face("case-preview", Role.HANDLER, _preview),
    Face("case-replied", Role.REVIEWER, "replied@{m.desk}"),
    Face("case-closed", Role.SUPERVISOR, "closed@{m.desk}"),
    Face("conflict", Role.CLERK, conflict),
    Face("forbidden", Role.CLERK, "/admin/units"),
    Face("no-such-case", Role.CLERK, "/cases/RX99010120200101000001"),
    Face("account", Role.CLERK, "/account"),
    Face("password", Role.CLERK, "/account/password"),
    Face("export-order", Role.SUPERVISOR, "/exports/new?what=cases&is_open=yes"),
    Face("exports", Role.SUPERVISOR, my_page.to_exports),
    Face("board", Role.SUPERVISOR, "/board"),
    Face("board-closing", Role.SUPERVISOR, "/board/closing"),
    Face("board-applications", Role.MANAGER, "/board/applications"),
    Face("callbacks", Role.REVIEWER, "/desk/callbacks?when=all"),
    Face("callback", Role.REVIEWER, "calling@/desk/callbacks/{m.number}"),
    Face("callback-checks", Role.REVIEWER, "/desk/callbacks/checks"),
    Face("solved", None, "calling@/solved/{m.token}"),
    Face("late", Role.SUPERVISOR, "/desk?view=late"),
)
