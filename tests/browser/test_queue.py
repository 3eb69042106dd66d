"""A visit to the hall: a number at the kiosk, a call by F8, the picture, the panel on the wall."""

import re

from playwright.sync_api import Page, expect

from app.accounts.rules import Role
from app.citizens.service import Person, register
from app.kernel.authors import MACHINE
from app.queueing import service
from app.queueing.queries import halls
from app.queueing.rules import Source
from app.queueing.service import NewTicket, setup
from app.queueing.service.setup import CounterDraft, HallRules, ServiceDraft
from tests.browser.conftest import Open
from tests.browser.looking import foreign_words, sideways, violations
from tests.browser.town import Town

# Nobody else in the town has it, whatever other walks register.
OWN_PHONE = "17900009731"
HALL = "D1-HALL"
MODES = ["light", "elder"]
# What would be heard in the hall; the machine of the tests has no voice.
_LOUDSPEAKER = """
  window.heard = [];
  window.speechSynthesis.speak = (said) => window.heard.push([said.lang, said.text]);
"""


def found_hall(town: Town) -> int:
    """A hall open by day and night with one service and one counter; the service."""
    now = town.edge.now()
    hall_id = town.staffing.units[HALL]
    with town.edge.writing() as session:
        setup.set_up(session, hall_id, HallRules(keeps_hours=False), version=0, by=MACHINE, now=now)
        draft = ServiceDraft("A", "社会保障", "Social insurance")
        offered = setup.add_service(session, hall_id, draft, by=MACHINE, now=now).id
        made = CounterDraft(3, frozenset({offered}))
        setup.add_counter(session, hall_id, made, by=MACHINE, now=now)
    return offered


def assert_called_aloud(page: Page, counter: str) -> None:
    """Somebody was called to this counter, in both languages."""
    page.wait_for_function("window.heard.length === 2")
    (first, chinese), (second, english) = page.evaluate("window.heard")

    assert (first, second) == ("zh-CN", "en-GB")
    assert f"{counter} 号窗口" in chinese or f"{counter}号窗口" in chinese
    assert counter in english


def test_a_visitor_takes_a_number_and_is_called_with_one_key(opened: Open, town: Town) -> None:
    offered = found_hall(town)
    kiosk = opened(size=(1080, 1366))
    kiosk.goto(f"/kiosk/{HALL}")
    assert violations(kiosk.page, MODES) == []
    assert foreign_words(kiosk.page) == []
    kiosk.page.get_by_role("button", name="社会保障").click()
    expect(kiosk.page.locator(".ticket-now")).to_have_text("A001")
    assert violations(kiosk.page, MODES) == []
    with town.edge.writing() as session:
        person = register(session, Person("测试壬", OWN_PHONE), now=town.edge.now())
        known = NewTicket(offered, Source.KIOSK, citizen_id=person)
        service.take(session, town.staffing.units[HALL], known, now=town.edge.now())
    panel = opened(size=(1920, 1080))
    panel.page.add_init_script(_LOUDSPEAKER)
    panel.goto(f"/queue/{HALL}")
    expect(panel.page.locator(".panel-idle")).to_be_visible()
    panel.page.locator("[data-voice]").click()

    look = opened(Role.MANAGER)
    page = look.page
    look.goto("/desk/counter")
    page.get_by_role("button", name=re.compile("^3 号窗口")).click()
    expect(page.locator("h1")).to_contain_text("3 号窗口")
    assert violations(page, MODES) == []
    with page.expect_navigation():
        page.keyboard.press("F8")

    expect(page.locator(".ticket-now")).to_have_text("A001")
    expect(page.locator("#f-q")).to_be_focused()
    expect(panel.page.locator(".panel-call b")).to_have_text("A001")  # nobody reloaded it
    assert_called_aloud(panel.page, "3")
    assert violations(panel.page, MODES) == []
    assert foreign_words(page) == []
    assert sideways(page) == []
    with page.expect_navigation(url=re.compile(r"/desk/talks/\w{26}$")):
        page.keyboard.press("F8")
    expect(page.locator("#p-who")).to_contain_text("测*壬")
    expect(panel.page.locator(".panel-call b")).to_have_text("A002")

    look.goto("/queue")
    expect(page.locator("#watch")).to_contain_text("青禾区政务服务中心")
    assert violations(page, MODES) == []
    with town.edge.writing() as session:  # the counter is left as it was found
        actor = town.actor(Role.MANAGER)
        where = service.where_of(session, actor, now=town.edge.now())
        assert where is not None
        assert where[1] is not None
        service.finish(session, actor, where[1].id, now=town.edge.now())
        service.sign_off(session, actor, now=town.edge.now())
        assert halls.counter_of_staff(session, actor.id) is None
    assert look.messages() + kiosk.messages() + panel.messages() == []
