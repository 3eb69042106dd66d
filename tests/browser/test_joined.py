"""A citizen whose matter was joined with that of others: what they read, and how they object."""

import pytest
from playwright.sync_api import expect

from app.accounts.rules import Role
from app.cases.kinds import Action, Outcome
from app.citizens.service import Person
from tests.browser.conftest import Open
from tests.browser.looking import sideways, violations
from tests.browser.town import Matter, Town

WAYS = {"zh": {"lang": "zh"}, "en without script": {"lang": "en", "script": False}}


def joined(town: Town, last: str) -> tuple[Matter, Matter]:
    """A matter in hand, and one of somebody else that follows it."""
    leading = town.opened(person=Person(name="测试丙", phone=f"1790004{last}1"))
    town.to_handling(leading)
    own = town.opened(person=Person(name="测试丁", phone=f"1790004{last}2"))
    town.step(own, Action.MERGE, Role.CLERK, note="同一盏灯", master=leading.number)
    return leading, own


@pytest.mark.parametrize("way", WAYS)
def test_a_citizen_reads_what_came_of_it_and_says_that_theirs_is_different(
    opened: Open, town: Town, way: str
) -> None:
    leading, own = joined(town, "001" if way == "zh" else "002")
    look = opened(**WAYS[way])  # type: ignore[arg-type]  # keywords of one and the same function
    town.step(
        leading, Action.REPLY, Role.HANDLER, text="整条路的灯已修好。", outcome=Outcome.RESOLVED
    )
    town.step(leading, Action.APPROVE_REPLY, Role.REVIEWER)

    look.goto(own.own)
    expect(look.page.locator("main")).to_contain_text("整条路的灯已修好")
    if way == "zh":  # looking needs a script of its own
        assert violations(look.page) == []
        assert sideways(look.page) == []
    look.page.get_by_text(look.t("Mine is another matter"), exact=True).click()
    look.page.locator("#f-different").fill("我说的是后院那盏。")
    look.press("Say so")

    expect(look.page.locator(".timeline")).to_contain_text("我说的是后院那盏")
    assert look.messages() == []


def test_the_dispatcher_takes_it_out_again(opened: Open, town: Town) -> None:
    leading, own = joined(town, "003")
    look = opened(Role.DISPATCHER)

    look.goto(leading.desk)
    expect(look.page.locator("section[aria-labelledby=joined]")).to_contain_text(own.number)
    look.goto(own.desk)
    assert violations(look.page) == []
    look.page.locator("#step-unmerge > summary").click()
    look.page.locator("#f-unmerge-note").fill("不是同一盏灯")
    with look.page.expect_navigation():
        look.page.locator("#step-unmerge button[data-key='Ctrl+Enter']").click()

    expect(look.page.locator(".case-head")).to_contain_text("待受理")
