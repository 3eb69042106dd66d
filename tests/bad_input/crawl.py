"""Collects every form of the application as each role sees it, and spoils what it would send.

Chooses by a fixed seed, so that a failure can be repeated; knows no field by its meaning.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tests.support.markup import read
from tests.support.pages import Form

NASTY: Final[Sequence[str]] = (
    "",
    " \t\u3000",
    "0",
    "-1",
    "1",
    "999999",
    str(2**31),
    str(2**63),
    str(10**30),
    "9" * 5000,
    "1.5",
    "1e400",
    "NaN",
    "Infinity",
    "²",
    "１２",
    "true",
    "None",
    "2026-02-30",
    "0001-01-01",
    "9999-12-31",
    "99999-01-01",
    "24:00",
    "25:61",
    "\x00\x01\x1b[2J",
    "a\x00b",
    "\ud800",
    "水\u202e\u200f\ufeff灯",
    "👩‍👩‍👧‍👦🏳️‍🌈",
    "𠮷" * 400,
    "行\n" * 3000,
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "%s %(x)s %d 100%",
    "{{7*7}}{% x %}{number}{",
    "../../etc/passwd",
    "//evil.example/x",
    "/x\r\nSet-Cookie: a=b",
    "[" * 3000,
    '{"url": 1}',
    "(((((((((a*)*)*)*",
    "RX" + "9" * 18,
    "case:accept",
)


@dataclass(frozen=True)
class Sent:
    """One form as a person would send it, found on a page."""

    page: str
    action: str
    data: dict[str, list[str]]


def forms_on(page: str, html: str) -> Iterator[Sent]:
    """The forms of a page that change something."""
    for element in read(html).all("form"):
        form = Form(element, page)
        if form.method == "post":
            names = {name: [""] for name in form.names} | form.values()
            for button in form.buttons:
                if button.attrs.get("name"):
                    names.setdefault(button.attrs["name"], [button.attrs.get("value", "")])
            yield Sent(page, form.action, names)


def links_on(html: str) -> Iterator[str]:
    for element in read(html).all("a"):
        href = element.attrs.get("href", "")
        if href.startswith("/") and not href.startswith("//"):
            yield href.split("#")[0]
