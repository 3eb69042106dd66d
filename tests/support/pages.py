"""A browser without a screen: fetches pages, fills in their forms, and looks each page over.

What it refuses on every call is what would shut somebody out: a page without a
title, a field without a label, a form without its CSRF field.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from httpx2 import Response

from app.accounts import passwords
from tests.support.markup import Element, read

PASSWORD = "Window-2026-test"  # noqa: S105  # of people who exist only in a test's database
# As cheap as Argon2 may be: hundreds sign in who do not test signing in.
PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(
    passwords.prepare(PASSWORD)
)
_UNLABELLED = {"hidden", "submit", "button", "image", "reset"}
Files = Mapping[str, tuple[str, bytes, str]]


@dataclass(frozen=True)
class Form:
    """A form of a page and the values it would send as it stands."""

    element: Element
    url: str

    @property
    def action(self) -> str:
        return self.element.attrs.get("action") or self.url

    @property
    def method(self) -> str:
        return self.element.attrs.get("method", "get").lower()

    @property
    def fields(self) -> list[Element]:
        return [e for e in self.element.all("input", "textarea", "select") if e.attrs.get("name")]

    @property
    def names(self) -> set[str]:
        return {e.attrs["name"] for e in self.fields}

    @property
    def buttons(self) -> list[Element]:
        pressable = [*self.element.all("button"), *self.element.all("input", type="submit")]
        return [b for b in pressable if b.attrs.get("type", "submit") == "submit"]

    def values(self) -> dict[str, list[str]]:
        """What is sent when nobody touches the form."""
        sent: dict[str, list[str]] = {}
        for element in self.fields:
            for value in _sent_by(element):
                sent.setdefault(element.attrs["name"], []).append(value)
        return sent

    def pressed(self, words: str) -> dict[str, list[str]]:
        """What the button with these words, or with this value, adds."""
        for button in self.buttons:
            if words in (button.text, button.attrs.get("value"), button.attrs.get("name")):
                name = button.attrs.get("name")
                return {name: [button.attrs.get("value", "")]} if name else {}
        msg = f"no button {words!r} among {[b.text for b in self.buttons]}"
        raise AssertionError(msg)


@dataclass(frozen=True)
class Page:
    """An answer of the application, read."""

    url: str
    status: int
    html: str
    headers: Mapping[str, str]
    tree: Element

    @property
    def text(self) -> str:
        return self.tree.text

    @property
    def heading(self) -> str:
        return self.tree.all("h1")[0].text

    @property
    def forms(self) -> list[Form]:
        return [Form(e, self.url) for e in self.tree.all("form")]

    @property
    def links(self) -> dict[str, str]:
        return {a.text: a.attrs["href"] for a in self.tree.all("a") if "href" in a.attrs}

    def form(self, *, field: str = "", action: str = "", button: str = "") -> Form:
        """The first form that has this field, this in its action, and this button."""
        for form in self.forms:
            words = {b.text for b in form.buttons} | {b.attrs.get("value") for b in form.buttons}
            if (
                (not field or field in form.names)
                and action in form.action
                and (not button or button in words)
            ):
                return form
        msg = f"no form with {field=} {action=} {button=} on {self.url} ({self.status})"
        raise AssertionError(msg)


class PageClient:
    """Walks through the application as a person with a browser and no script would."""

    def __init__(self, http: TestClient) -> None:
        self.http = http

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, list[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        answer = self.http.get(url, params=params, headers=headers, follow_redirects=True)
        return self._looked_over(answer)

    def post(
        self,
        url: str,
        data: Mapping[str, str | list[str]],
        *,
        files: Files | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        answer = self.http.post(
            url, data=dict(data), files=files, headers=headers, follow_redirects=True
        )
        return self._looked_over(answer)

    def submit(
        self, form: Form, *, press: str = "", files: Files | None = None, **typed: str | list[str]
    ) -> Page:
        """Fill in the form, press a button, and follow where the answer leads.

        Raises:
            AssertionError: the form has no such field or button.
        """
        unknown = set(typed) - form.names
        assert not unknown, f"no field {sorted(unknown)} among {sorted(form.names)}"
        data = form.values() | {k: [v] if isinstance(v, str) else v for k, v in typed.items()}
        data |= form.pressed(press) if press else {}
        if form.method == "post":
            return self.post(form.action, data, files=files)
        return self.get(form.action, params=data)

    def sign_in(self, username: str, password: str = PASSWORD) -> Page:
        """Through the sign-in page, as everybody."""
        form = self.get("/sign-in").form(field="password")
        return self.submit(form, username=username, password=password)

    def _looked_over(self, answer: Response) -> Page:
        kind = answer.headers.get("content-type", "")
        is_page = kind.startswith("text/html")
        page = Page(
            url=answer.url.path,
            status=answer.status_code,
            html=answer.text if is_page else "",
            headers=answer.headers,
            tree=read(answer.text if is_page else ""),
        )
        if is_page:
            whole = "hx-request" not in answer.request.headers
            flaws = list(flaws_of(page.tree, whole=whole))
            assert not flaws, f"{page.url} ({page.status}): {'; '.join(flaws)}"
        return page


def flaws_of(tree: Element, *, whole: bool = True) -> Iterator[str]:
    """What would shut somebody out of this page or part of a page."""
    if whole:
        yield from _flaws_of_the_whole(tree)
    ids = Counter(e.attrs["id"] for e in tree.walk() if e.attrs.get("id"))
    yield from (f"id {name!r} used {n} times" for name, n in ids.items() if n > 1)
    yield from _unlabelled(tree)
    yield from _flaws_of_forms(tree)
    yield from _inline(tree)


def _flaws_of_the_whole(tree: Element) -> Iterator[str]:
    titles = [e for e in tree.all("title") if not e.within("svg")]
    if len(titles) != 1 or not titles[0].text:
        yield "no title"
    if (headings := len(tree.all("h1"))) != 1:
        yield f"{headings} h1"
    if not any(e.attrs.get("lang") for e in tree.all("html")):
        yield "no language"


def _unlabelled(tree: Element) -> Iterator[str]:
    pointed = {e.attrs.get("for") for e in tree.all("label")}
    for element in tree.all("input", "select", "textarea"):
        if element.attrs.get("type") in _UNLABELLED:
            continue
        named = element.attrs.get("aria-label") or element.attrs.get("aria-labelledby")
        if not named and element.attrs.get("id") not in pointed and not element.within("label"):
            yield f"{element.tag} {element.attrs.get('name')!r} has no label"


def _flaws_of_forms(tree: Element) -> Iterator[str]:
    for form in (Form(e, "") for e in tree.all("form")):
        if not form.element.attrs.get("action"):
            yield "a form without an action"
        if form.method == "post" and not any(n.startswith("csrf") for n in form.names):
            yield f"the form to {form.action!r} has no CSRF field"


def _inline(tree: Element) -> Iterator[str]:
    for element in tree.walk():
        kind = element.attrs.get("type", "")
        if element.tag == "style" or "style" in element.attrs:
            yield f"inline style at {element.tag}"
        if element.tag == "script" and not element.attrs.get("src") and "json" not in kind:
            yield "inline script"
        yield from (f"inline {a}" for a in element.attrs if a.startswith("on"))


def _sent_by(element: Element) -> list[str]:
    if "disabled" in element.attrs:
        return []
    if element.tag == "textarea":
        return [element.raw.removeprefix("\n")]
    if element.tag == "select":
        options = element.all("option")
        chosen = [o for o in options if "selected" in o.attrs]
        if not chosen and "multiple" not in element.attrs:
            chosen = options[:1]
        return [o.attrs.get("value", o.text) for o in chosen]
    kind = element.attrs.get("type", "text")
    if kind in {"submit", "button", "image", "reset", "file"}:
        return []
    if kind in {"checkbox", "radio"}:
        return [element.attrs.get("value", "on")] if "checked" in element.attrs else []
    return [element.attrs.get("value", "")]
