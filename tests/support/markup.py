"""A small reader for our own pages: a tree of elements, found by tag and attributes.

Understands the HTML we write, not the HTML of the world.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr",
}  # fmt: skip


@dataclass(eq=False)
class Element:
    """One element, its attributes, and what lies in it."""

    tag: str
    attrs: dict[str, str]
    parent: "Element | None" = None
    children: list["Element | str"] = field(default_factory=list)

    def walk(self) -> Iterator["Element"]:
        """Itself and everything below, in the order of the page."""
        yield self
        for child in self.children:
            if isinstance(child, Element):
                yield from child.walk()

    def all(self, *tags: str, **attrs: str) -> list["Element"]:
        """The elements of these tags whose attributes have these values."""
        return [
            e
            for e in self.walk()
            if e.tag in tags and all(e.attrs.get(k.strip("_")) == v for k, v in attrs.items())
        ]

    def within(self, tag: str) -> bool:
        """Whether an element of this tag lies around it."""
        return self.parent is not None and (self.parent.tag == tag or self.parent.within(tag))

    @property
    def raw(self) -> str:
        return "".join(c if isinstance(c, str) else c.raw for c in self.children)

    @property
    def text(self) -> str:
        return " ".join(self.raw.split())


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.at = self.root

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {k: v or "" for k, v in attrs}, self.at)
        self.at.children.append(element)
        if tag not in _VOID:
            self.at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {k: v or "" for k, v in attrs}, self.at)
        self.at.children.append(element)

    def handle_endtag(self, tag: str) -> None:
        around: Element | None = self.at
        while around is not None and around.tag != tag:
            around = around.parent
        if around is not None and around.parent is not None:
            self.at = around.parent

    def handle_data(self, data: str) -> None:
        self.at.children.append(data)


def read(html: str) -> Element:
    """The tree of a page."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root
