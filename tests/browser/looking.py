"""Looks at a page as nobody else does: every rule of axe, every message, every width, every word.

Each function answers with what is wrong, in words; an empty list means nothing.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Locator, Page, Response

from app.web.i18n import Locale, catalogue
from tools.translations import used

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
WIDTHS = (320, 390, 1366)
# theme and 长辈版; the light mode of `auto` is what the test browser asks for.
MODES = {
    "light": ("auto", "off"),
    "dark": ("dark", "off"),
    "contrast": ("contrast", "off"),
    "elder": ("auto", "on"),
}
_SET_MODE = (
    """([theme, elder]) => Object.assign(document.documentElement.dataset, {theme, elder})"""
)
_RUN_AXE = """(tags) => axe.run(document, {
  runOnly: {type: "tag", values: tags}, resultTypes: ["violations"],
}).then((found) => found.violations.map((v) => [
  v.id, v.help, v.nodes.map((n) => [n.target.join(" "), n.html, n.failureSummary]),
]))"""
_WIDER = """() => {
  const page = document.scrollingElement, most = page.clientWidth;
  if (page.scrollWidth <= most) return "";
  const out = [...document.querySelectorAll("main *, header *, footer *")]
    .filter((e) => e.getBoundingClientRect().right > most + 1).slice(0, 3)
    .map((e) => e.outerHTML.slice(0, 120));
  return `${page.scrollWidth} > ${most}: ${out.join(" | ")}`;
}"""
# What is read or heard: text nodes that are shown or spoken, and the attributes that name things.
_WORDS = """() => {
  const heard = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const inside = walk.currentNode.parentElement;
    if (inside.closest("script, style, [lang=en], code, kbd, .mono")) continue;
    heard.push(walk.currentNode.data);
  }
  for (const name of ["aria-label", "placeholder", "alt", "title"]) {
    const named = document.querySelectorAll(`[${name}]`);
    named.forEach((element) => heard.push(element.getAttribute(name)));
  }
  return heard.map((text) => text.trim()).filter(Boolean);
}"""
_REFUSED = re.compile(r"^Failed to load resource: the server responded with a status of (\d+)")
_FOREIGN = re.compile(r"[A-Za-z]{3,}")
# What a Chinese reader knows in Latin letters: formats, addresses, browsers, places, numbers.
_AT_HOME = re.compile(
    r"https?://\S+|\b(PDF|JSON|JPEG|PNG|HEIC|CSV|XLSX|Chromium|typst|Chrome|Linux|English|RX\w+)\b"
    r"|\{\w+\}|\b[0-9A-Z]{4} [0-9A-Z]{4}\b|\b[0-9a-f]{16}\b|\bdate、kind、name\b"
    r"|\bsign-in、role、unit\b|\b[0-9A-Z-]+-[A-Z]{2,3}-\d{4}-\d{5}\b"
    r"|\b\d{6}-[A-Z]+-\d{3}\b"  # codes of service items
)
_CODE = re.compile(r"[a-z0-9_.-]+")  # initials of categories, names of accounts


@dataclass
class Look:
    """A page with everything it has said; `t` is a sentence in the page's language."""

    page: Page
    lang: str
    said: list[str] = field(default_factory=list)
    _pending: list[ConsoleMessage] = field(default_factory=list)
    _answers: set[tuple[str, int]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._note_message)
        self.page.on("pageerror", lambda error: self.said.append(f"error: {error}"))
        self.page.on("response", self._note_status)

    def _note_message(self, message: ConsoleMessage) -> None:
        self._pending.append(message)

    def _note_status(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self._answers.add((response.url, response.status))

    def t(self, msgid: str, /, **params: object) -> str:
        text = catalogue(Locale.EN if self.lang == "en" else Locale.ZH).gettext(msgid)
        return text % params if params else text

    def goto(self, address: str) -> Response | None:
        return self.page.goto(address)

    def press(self, msgid: str, **params: object) -> None:
        """Press the button with these words, and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.button(msgid, **params).click()

    def follow(self, msgid: str, **params: object) -> None:
        """Follow the link with these words."""
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=self.t(msgid, **params), exact=True).first.click()

    def button(self, msgid: str, **params: object) -> Locator:
        return self.page.get_by_role("button", name=self.t(msgid, **params)).first

    def sees(self, msgid: str, **params: object) -> bool:
        return self.page.get_by_text(self.t(msgid, **params)).first.is_visible()

    def messages(self) -> list[str]:
        """What the console said; the browser's own line about a refused page is no fault of it."""
        for message in self._pending:
            refused = _REFUSED.match(message.text)
            url = message.location["url"]
            if not refused or (url, int(refused[1])) not in self._answers:
                self.said.append(f"{message.type}: {message.text} ({url})")
        self._pending.clear()
        return self.said


def violations(page: Page, modes: Sequence[str] = tuple(MODES)) -> list[str]:
    """What axe finds in each mode."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    return [line for mode in modes for line in _in_mode(page, mode)]


def _in_mode(page: Page, mode: str) -> Iterator[str]:
    page.evaluate(_SET_MODE, list(MODES[mode]))
    found: list[Any] = page.evaluate(_RUN_AXE, list(RULES))
    for rule, help_text, nodes in found:
        for target, html, why in nodes:
            yield f"{mode}: {rule} ({help_text}) at {target}: {html[:160]} | {why[:300]}"


def sideways(page: Page, modes: Sequence[str] = ("light", "elder")) -> list[str]:
    """Where the page must be scrolled sideways."""
    found = []
    before = page.viewport_size
    for mode in modes:
        page.evaluate(_SET_MODE, list(MODES[mode]))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if wider := page.evaluate(_WIDER):
                found.append(f"{mode} at {width}: {wider}")
    if before:
        page.set_viewport_size(before)
    page.evaluate(_SET_MODE, list(MODES["light"]))
    return found


def foreign_words(page: Page) -> list[str]:
    """English that stands in a Chinese page."""
    texts: list[str] = page.evaluate(_WORDS)
    return sorted({text for text in texts if _is_foreign(text)})


@cache
def _sentences() -> frozenset[str]:
    return frozenset(msgid[0] for msgid in used())


def _is_foreign(text: str) -> bool:
    if not _FOREIGN.search(_AT_HOME.sub("", text)):
        return False
    return text in _sentences() or not _CODE.fullmatch(text)
