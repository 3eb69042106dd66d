"""Where a matter cannot be withdrawn, its citizen reads why."""

import pytest

from app.cases.kinds import FINAL, Action, Status
from app.cases.workflows import TABLES
from app.portal.words import why_no_withdrawal
from tests.portal import walking
from tests.support.city import City
from tests.support.pages import PageClient


@pytest.mark.parametrize("status", list(Status))
def test_every_state_offers_a_withdrawal_or_says_why_not(status: Status) -> None:
    steps = [step for table in TABLES.values() for step in table if step.source is status]
    offers = any(step.action is Action.WITHDRAW for step in steps)

    assert bool(why_no_withdrawal(status)) is not offers


@pytest.mark.parametrize("status", sorted(FINAL))
def test_what_has_ended_is_said_to_have_ended(status: Status) -> None:
    assert "ended" in why_no_withdrawal(status)


def test_while_the_reply_is_checked_both_pages_say_why_it_cannot_be_withdrawn(
    pages: PageClient, city: City
) -> None:
    token = walking.reported(pages)
    walking.to_replied(city, token)

    own, asked = pages.get(f"/c/{token}"), pages.get(f"/c/{token}/withdraw")

    assert "已经不能撤回：答复已经写好，正在审核。" in own.text
    assert "已经不能撤回：答复已经写好，正在审核。" in asked.text
    assert f"/c/{token}/withdraw" not in own.links.values()


def test_what_can_be_withdrawn_or_has_ended_needs_no_such_sentence(
    pages: PageClient, city: City
) -> None:
    token = walking.reported(pages)
    begun = pages.get(f"/c/{token}")
    walking.to_closed(city, token)
    ended = pages.get(f"/c/{token}")

    assert "撤回这件诉求" in begun.text
    assert "不能撤回" not in begun.text
    assert "不能撤回" not in ended.text
