"""Applications taken in by keyboard alone, the keys counted; scans pasted into their paper."""

import re
from base64 import b64encode
from dataclasses import dataclass, field

from playwright.sync_api import Page, expect

from app.accounts.rules import Role
from app.citizens import service as citizens
from app.citizens.service import Person
from tests.browser.conftest import Open
from tests.browser.town import Town
from tests.web.papers import picture

MOST_KEYS = 25  # from walk-up to accepted, without the words that are typed
PICTURE = re.compile(r"/citizens/C\d{9}$")
CASE = re.compile(r"/cases/RX\w+$")
_PASTE = """(data) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const held = new DataTransfer();
  held.items.add(new File([bytes], "scan.png", { type: "image/png" }));
  const init = { bubbles: true, cancelable: true, clipboardData: held };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", init));
}"""


_DROP = """(row, data) => {
  const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
  const held = new DataTransfer();
  held.items.add(new File([bytes], "scan.png", { type: "image/png" }));
  row.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: held }));
}"""
# A camera that looks at a sheet of paper; the machine of the tests has none.
_CAMERA = """
  navigator.mediaDevices.getUserMedia = async () => {
    const sheet = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
    const brush = sheet.getContext("2d");
    const paint = () => { brush.fillStyle = "white"; brush.fillRect(0, 0, 640, 480); };
    paint();
    setInterval(paint, 50);
    return sheet.captureStream(20);
  };
"""


@dataclass
class Keys:
    """Somebody's keyboard that counts; a key with Ctrl or Alt held is one, as in the brief."""

    page: Page
    pressed: list[str] = field(default_factory=list)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.pressed.append(key)
            self.page.keyboard.press(key)

    def leads(self, key: str) -> None:
        """Press a key that opens a page."""
        with self.page.expect_navigation():
            self.press(key)

    def code(self, signs: str) -> None:
        """Signs that count: initials, digits."""
        self.pressed.extend(signs)
        self.page.keyboard.type(signs, delay=60)  # slower than a card reader

    def words(self, text: str) -> None:
        """What the citizen says: text, not keys."""
        self.page.keyboard.type(text)


def known(town: Town, name: str, phone: str) -> None:
    with town.edge.writing() as session:
        citizens.register(session, Person(name=name, phone=phone), now=town.edge.now())


def to_item(keys: Keys, tail: str, initials: str) -> None:
    """From the list to the questions of an item, for whoever has this tail."""
    keys.page.goto("/desk")
    keys.press("F2")
    keys.code(tail)
    keys.leads("Enter")
    if not PICTURE.search(keys.page.url):  # others have this tail; the first line has the focus
        keys.leads("Enter")
    keys.leads("Alt+a")
    expect(keys.page.locator("#f-item")).to_be_focused()
    keys.code(initials)
    expect(keys.page.locator("[role=option]").first).to_be_visible()
    keys.leads("Enter")


def test_a_known_person_is_accepted_within_the_budget_of_keys(opened: Open, town: Town) -> None:
    known(town, "测试申请", "17900004417")
    look = opened(Role.CLERK)
    page, keys = look.page, Keys(look.page)

    to_item(keys, "4417c", "wycj")
    expect(page.locator("#f-q_years")).to_be_focused()
    keys.words("3")
    page.locator("[data-material] input[type=radio]").first.focus()
    page.evaluate(_PASTE, b64encode(picture("PNG")).decode())
    expect(page.locator("[data-scanned] img")).to_have_count(1)
    keys.press("Alt+c")
    expect(page.locator("#save")).to_be_focused()
    assert page.locator("[aria-labelledby=dates] dd").count() == 4
    keys.leads("Control+Enter")

    expect(page).to_have_url(CASE)
    expect(page.locator(".case-head")).to_contain_text(look.t("Application accepted"))
    assert len(keys.pressed) <= MOST_KEYS, keys.pressed
    assert look.messages() == []


def one_form_at_a_time(page: Page) -> None:
    """A step opened shuts the other, and Ctrl+Enter sends what one is writing, nothing else."""
    page.keyboard.press("Alt+2")
    expect(page.locator("section > details.step[open]")).to_have_count(1)
    expect(page.locator("#step-decide_at_once")).not_to_have_attribute("open", "")
    page.locator("#f-note-note").fill("字据已核对")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator(".timeline")).to_contain_text("字据已核对")


def test_what_is_done_while_waiting_takes_two_presses_after_the_papers(
    opened: Open, town: Town
) -> None:
    known(town, "测试即办", "17900004418")
    look = opened(Role.CLERK)
    page, keys = look.page, Keys(look.page)
    to_item(keys, "4418c", "yyzzysbl")
    keys.press("Space", "Alt+c")
    checked = len(keys.pressed)

    keys.leads("Control+Enter")
    one_form_at_a_time(page)
    expect(page.locator("#step-decide_at_once")).to_have_attribute("open", "")
    keys.leads("Control+Enter")

    expect(page.locator(".case-head")).to_contain_text(look.t("Decided"))
    assert len(keys.pressed) - checked == 2
    assert look.messages() == []


def test_a_scan_is_dropped_on_its_paper_and_the_next_photographed(opened: Open, town: Town) -> None:
    known(town, "测试扫描", "17900004419")
    look = opened(Role.CLERK)
    page = look.page
    page.add_init_script(_CAMERA)
    to_item(Keys(page), "4419c", "wycj")
    row = page.locator("[data-scans]").first

    row.evaluate(_DROP, b64encode(picture("PNG")).decode())
    expect(row.locator("[data-scanned] img")).to_have_count(1)
    row.locator("button[data-camera]").click()
    page.wait_for_function("document.querySelector('.camera video').videoWidth > 0")
    page.locator(".camera button").first.click()

    expect(row.locator("[data-scanned] img")).to_have_count(2)
    page.keyboard.press("Escape")
    expect(page.locator(".camera")).to_have_count(0)
    assert look.messages() == []
