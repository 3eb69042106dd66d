"""A supervisor follows a matter, and a handler answers many at once, in a real browser."""

import re

from playwright.sync_api import expect

from app.accounts.rules import Role
from app.kernel import events
from app.supervision.service import levels
from tests.browser.conftest import Open
from tests.browser.looking import Look, foreign_words, sideways, violations
from tests.browser.town import Matter, Town


def in_hand(town: Town, place: str) -> Matter:
    """A matter of its own that the handler has signed for, in a city with its ladder."""
    events.wire({})
    with town.edge.writing() as session:
        levels.seed(session)
    matter = town.opened(place=place, is_anonymous=True, person=None)
    town.to_handling(matter)
    return matter


def nobody_is_shut_out(look: Look) -> None:
    assert foreign_words(look.page) == []
    assert violations(look.page) == []
    assert sideways(look.page) == []
    assert look.messages() == []


def test_a_supervisor_issues_an_order_the_unit_answers_it_and_it_is_accepted(
    opened: Open, town: Town
) -> None:
    matter = in_hand(town, "督办街 1 号")
    supervisor, handler = opened(Role.SUPERVISOR), opened(Role.HANDLER)
    supervisor.goto(matter.desk)
    supervisor.follow("Issue a supervision order")
    supervisor.press("Issue the order")
    expect(supervisor.page.locator(".summary")).to_be_focused()
    supervisor.page.locator("#f-level_id").select_option(index=1)
    supervisor.page.locator("#f-reason").fill("逾期未复")
    supervisor.page.locator("#f-demand").fill("三日内到场并反馈。")
    supervisor.press("Issue the order")
    order = supervisor.page.url
    nobody_is_shut_out(supervisor)

    handler.goto(order)
    handler.page.locator("details[open] form button").click()
    expect(handler.page.locator("#f-answer-words")).to_be_visible()
    handler.page.locator("#f-answer-words").fill("已到场处理。")
    handler.page.locator("details[open] form button").click()
    expect(handler.page.locator(".timeline")).to_contain_text("已到场处理。")

    supervisor.goto("/supervision?show=judge")
    nobody_is_shut_out(supervisor)
    supervisor.goto(order)
    supervisor.page.locator("details[open] form button").click()
    accepted = supervisor.t("Accept the answer and close the order")
    expect(supervisor.page.locator(".timeline")).to_contain_text(accepted)
    for page in ("/desk/reminders", "/board/incidents?days=7"):
        supervisor.goto(page)
        nobody_is_shut_out(supervisor)


def test_matters_are_ticked_previewed_and_answered_with_one_text_without_script(
    opened: Open, town: Town
) -> None:
    matters = [in_hand(town, f"批量街 {n} 号") for n in (1, 2)]
    look = opened(Role.HANDLER, script=False)
    look.goto("/desk?view=handle&cursor=")
    numbers = [matter.number for matter in matters]
    found = [look.page.locator(f"input[name=pick][value='{number}']") for number in numbers]
    for tick in found:
        tick.check()

    look.press("Do something with those ticked")
    look.follow("Reply with one text")
    look.page.locator("#f-text").fill("您反映的{number}已办结。")
    look.page.locator("#f-outcome").select_option("resolved")
    look.press("Preview")
    expect(look.page.locator("blockquote.preview")).to_contain_text(re.compile("|".join(numbers)))
    look.press("Do it now")

    rows = look.page.locator("tbody tr")
    expect(rows).to_have_count(len(matters))
    for number in numbers:
        row = rows.filter(has_text=number)
        expect(row).to_contain_text(look.t("Carried out"))
    seen = opened(Role.HANDLER)
    seen.goto(look.page.url)
    nobody_is_shut_out(seen)
