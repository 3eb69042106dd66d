"""The reviewer calls back, and the citizen answers by link, without script."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import expect

from app.accounts.rules import Role
from app.catalogue import service as catalogue
from app.catalogue.rules import ReviewKind
from app.catalogue.service import Edit, ReviewDraft
from tests.browser.conftest import Open
from tests.browser.town import Town

POINT = "写明了由谁办理、何时办理"


@contextmanager
def a_checklist(town: Town) -> Iterator[None]:
    """One point and one evasive phrase, in force while the test lasts."""
    edit = Edit(now=town.edge.now(), actor=None)
    with town.edge.writing() as session:
        items = [
            catalogue.add_review_item(session, draft, edit=edit).id
            for draft in (
                ReviewDraft("walk.point", ReviewKind.CHECK, POINT),
                ReviewDraft("walk.phrase", ReviewKind.PHRASE, "今晚"),
            )
        ]
    try:
        yield
    finally:
        with town.edge.writing() as session:
            for item_id in items:
                catalogue.set_review_item_active(
                    session, item_id, is_active=False, version=1, edit=edit
                )


def test_a_reviewer_ticks_and_approves_and_the_citizen_answers_by_link_without_script(
    opened: Open, town: Town
) -> None:
    matter = town.opened()
    town.to_replied(matter)
    reviewer = opened(Role.REVIEWER, script=False)

    with a_checklist(town):
        reviewer.goto(matter.desk)
        expect(reviewer.page.locator("mark")).to_have_text("今晚")
        reviewer.page.locator("#step-approve_reply").get_by_label(POINT).check()
        reviewer.page.locator("#step-approve_reply form button.btn").first.click()
    citizen = opened(script=False, size=(390, 844))
    citizen.goto(matter.own)
    citizen.follow("Tell us whether it is solved")
    citizen.page.locator("input[name=answer][value=not_solved]").check()
    citizen.press("Send")
    expect(citizen.page.locator(".summary")).to_be_visible()
    expect(citizen.page.locator("input[name=answer][value=not_solved]")).to_be_checked()
    citizen.page.locator("#f-words").fill("只亮了一盏，另一盏还是黑的。")
    citizen.press("Send")

    assert citizen.sees("Thank you. Your answer has been stored.")
    handler = opened(Role.HANDLER)
    handler.goto("/desk/inbox")
    expect(handler.page.locator("main")).to_contain_text(matter.number)


def test_a_try_in_vain_is_written_down_by_keyboard_and_comes_back_later(
    opened: Open, town: Town
) -> None:
    matter = town.opened()
    town.to_calling(matter)
    look = opened(Role.REVIEWER)
    look.goto(f"/desk/callbacks/{matter.number}")

    look.page.locator("input[name=answer][value=no_answer]").check()
    with look.page.expect_navigation():
        look.page.keyboard.press("Control+Enter")

    expect(look.page.locator("main")).not_to_contain_text(matter.number)
    look.follow("Later")
    expect(look.page.locator("main")).to_contain_text(matter.number)
    assert look.messages() == []
