"""Ways to one's own page in a browser; the demo city shows the code that would be sent."""

from itertools import count
from typing import Final

from app.citizens.models import Contact
from app.citizens.service import Person, register
from tests.browser.looking import Look
from tests.browser.town import LAMPS_OUT, Town

# Each walk has a number of its own: nobody may ask for many codes to one.
_NUMBERS: Final = count(1)
NAMES: Final = ("测试甲", "测试乙")


def somebody(town: Town, *names: str, is_verified: bool = True) -> str:
    """The telephone number these people share; the first of them has a matter."""
    phone = f"1790002{next(_NUMBERS):04d}"
    with town.edge.writing() as session:
        for name in names or NAMES[:1]:
            person = Person(name=name, phone=phone)
            citizen_id = register(session, person, now=town.edge.now())
            contacts = session.query(Contact).filter_by(citizen_id=citizen_id)
            for contact in contacts:
                contact.verified_at = town.edge.now() if is_verified else None
    town.opened(
        body=f"{LAMPS_OUT}（{phone[-4:]}）",
        is_anonymous=False,
        person=Person(name=(names or NAMES)[0], phone=phone),
    )
    return phone


def ask(look: Look, phone: str) -> None:
    """Have a code sent."""
    look.goto("/my")
    look.page.locator("#f-contact").fill(phone)
    look.press("Send me a code")


def enter(look: Look, phone: str) -> None:
    """Type the code that is shown."""
    ask(look, phone)
    code = look.page.locator(".code").inner_text()
    look.page.locator("#f-code").fill(code)
    look.press("Continue")


def to_code(look: Look, town: Town) -> None:
    ask(look, somebody(town))


def to_wrong_code(look: Look, town: Town) -> None:
    to_code(look, town)
    look.page.locator("#f-code").fill("12")
    look.press("Continue")


def to_name(look: Look, town: Town) -> None:
    enter(look, somebody(town, *NAMES))


def to_matters(look: Look, town: Town) -> None:
    enter(look, somebody(town))


def to_contacts(look: Look, town: Town) -> None:
    to_matters(look, town)
    look.goto("/my/contacts")


def to_end(look: Look, town: Town) -> None:
    to_contacts(look, town)
    look.page.locator("a[href$='/end']").first.click()


def to_rights(look: Look, town: Town) -> None:
    to_matters(look, town)
    look.goto("/my/rights")


def to_wrong_request(look: Look, town: Town) -> None:
    to_rights(look, town)
    look.press("Send the request")


def to_segment(look: Look, town: Town) -> None:
    """A segment kept just now."""
    to_count(look, town)
    look.page.locator("#f-name").fill(f"老年人 {next(_NUMBERS)}")
    look.press("Keep")


def to_count(look: Look, _: Town) -> None:
    look.goto("/segments/new")
    look.page.locator("#f-what-0").select_option("mark")
    look.page.locator("#f-what-1").select_option("silent")
    look.press("Show the fields")
    look.page.locator("#f-mark-0").select_option("senior")
    look.page.locator("#f-not-1").check()
    look.page.locator("#f-days-1").fill("30")
    look.press("Count first")


def to_wrong_segment(look: Look, _: Town) -> None:
    look.goto("/segments/new")
    look.page.locator("#f-what-0").select_option("matters")
    look.press("Show the fields")
    look.press("Keep")


def to_members(look: Look, town: Town) -> None:
    somebody(town)
    look.goto("/segments/new")
    look.page.locator("#f-name").fill(f"近期来过的人 {next(_NUMBERS)}")
    look.page.locator("#f-what-0").select_option("matters")
    look.press("Show the fields")
    look.page.locator("#f-least-0").fill("1")
    look.page.locator("#f-days-0").fill("30")
    look.press("Keep")
    look.page.locator("#f-purpose").fill("逐一回访")
    look.press("Open the list")


def to_exports(look: Look, _: Town) -> None:
    look.goto("/exports/new?what=cases&is_open=yes")
    look.page.locator("#f-reason").fill("核对台账")
    with look.page.expect_navigation():
        look.page.locator("button[data-key='Ctrl+Enter']").click()
