"""The places where people really type: which page, which form, which field, who sits there.

Also what every answer must be, whatever was sent: a page with a heading and a sentence.
"""

import dataclasses
import re
from dataclasses import dataclass, replace
from typing import Final

from app.accounts.rules import Role
from tests.support.pages import Files, Form, Page, PageClient

TYPED: Final = "写了很久的一段话：路灯不亮，老人出门看不清。"
_CJK: Final = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Door:
    """One form; `field` is where somebody writes, `also` what else they fill in."""

    name: str
    page: str
    field: str
    role: Role | None = None
    action: str = ""
    step: str = ""
    press: str = ""
    also: dict[str, str] = dataclasses.field(default_factory=dict)
    takes_files: str = ""

    def __str__(self) -> str:
        return self.name

    def at(self, **places: str) -> "Door":
        """The same door of a certain matter."""
        return replace(self, page=self.page.format(**places))

    def form(self, pages: PageClient) -> Form:
        """The form as its page shows it."""
        shown = pages.get(self.page)
        if self.step:
            return step_form(shown, self.step)
        return shown.form(field=self.field, action=self.action)

    def filled(self, form: Form, typed: str = TYPED) -> dict[str, list[str]]:
        """What is sent by somebody who fills in the form."""
        own = {name: [value] for name, value in {self.field: typed, **self.also}.items()}
        return form.values() | own | (form.pressed(self.press) if self.press else {})

    def send(
        self, pages: PageClient, data: dict[str, list[str]], form: Form, files: Files | None = None
    ) -> Page:
        """Send it and follow where it leads."""
        return pages.post(form.action, dict(data), files=files)


PORTAL: Final = (
    Door("report", "/report/details", "body", press="next", takes_files="photos"),
    Door("supplement", "/c/{token}", "more", takes_files="photos"),
    Door("rating", "/rate/{closed}", "words", also={"score": "3"}),
    Door("tracking", "/track", "number", also={"code": "ABCDEFGH"}),
)
DESK: Final = (
    Door("intake", "/desk/new", "body", Role.CLERK, "/desk/new", also={"category": "0101"}),
    Door("step", "/cases/{number}", "text", Role.CLERK, step="answer_on_spot", takes_files="files"),
    Door("note", "/cases/{number}", "note", Role.CLERK, "/notes", takes_files="files"),
    Door("search", "/desk", "q", Role.CLERK, "/desk/search"),
    Door("unit", "/admin/units/new", "name", Role.ADMIN, also={"code": "NEW", "kind": "bureau"}),
)


def step_form(page: Page, action: str) -> Form:
    """The form of one step on a case's page."""
    found = [form for form in page.forms if form.values().get("action") == [action]]
    assert found, f"no form for {action} on {page.url}: {page.heading}"
    return found[0]


def speak(pages: PageClient, language: str) -> None:
    """Read everything in this language from now on."""
    pages.http.cookies.set("lang", language)


def assert_understood(page: Page, *statuses: int, typed: str = "", language: str = "zh") -> None:
    """A page in the reader's language that says something, with what was typed still on it."""
    assert page.status in statuses, f"{page.status} at {page.url}: {page.text[:300]}"
    said = [element.text for element in page.tree.all("h1", "h2")]
    assert page.tree.all("h1")
    assert all(said)
    assert any(bool(_CJK.search(words)) is (language == "zh") for words in said), said
    sentences = [e.text for e in page.tree.all("p", "li", "span") if len(e.text) > 8]
    assert sentences or page.status < 400
    if typed:
        kept = [v for form in page.forms for values in form.values().values() for v in values]
        is_there = typed in kept or " ".join(typed.split()) in page.text
        assert is_there, f"lost what was typed at {page.url}"
