"""What a template may not contain, and what typst's complaints mean in plain words.

Pure. Files and the network are out of reach anyway (`pressing`); here is refused what could
turn a value into a command, or fetch code of others.
"""

import re
from typing import Final, NamedTuple

from app.kernel.messages import mark

MOST_SIGNS: Final = 40_000
FIRST_LINE: Final = '#import "house.typ": *'
# `std` leads back to `eval` under another name; `plugin` runs foreign programs.
_FORBIDDEN: Final = re.compile(r"\b(eval|std|plugin|import|include)\b")
_MEANINGS: Final = (
    ("unclosed", mark("a bracket or a quotation mark is not closed")),
    ("unexpected closing", mark("a bracket is closed that was never opened")),
    ("unknown variable", mark("a name is used that does not exist")),
    ("dictionary does not contain key", mark("a value is used that this kind does not have")),
    ("missing argument", mark("something is missing in the brackets")),
    ("unexpected argument", mark("something stands in the brackets that does not belong there")),
    ("it takes too long", mark("it takes too long, or too much room")),
    ("missing alt text", mark("a picture needs a text beside it: alt")),
    ("file not found", mark("templates cannot read files")),
    ("escape the project", mark("templates cannot read files")),
)


class Forbidden(NamedTuple):
    """A word no template may use, and in which line it stands."""

    word: str
    line: int


def first_forbidden(source: str) -> Forbidden | None:
    """The first word that is refused; the one line that brings the shared parts is allowed."""
    for number, line in enumerate(source.splitlines(), start=1):
        if line.strip() == FIRST_LINE:
            continue
        if found := _FORBIDDEN.search(line):
            return Forbidden(found[1], number)
    return None


def meaning_of(words: str) -> str:
    """What typst means, as a msgid; empty where only its own words are known."""
    said = words.lower()
    return next((meaning for begin, meaning in _MEANINGS if begin in said), "")
