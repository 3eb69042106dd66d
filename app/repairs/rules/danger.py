"""What makes a repair dangerous, and how urgent it comes in: what was ticked, and what was written.

Pure, and one rule for every way a repair comes in (words of danger: `catalogue.rules.dangers`).
"""

from collections.abc import Collection

from app.catalogue.rules import Urgency
from app.catalogue.rules.dangers import DangerFound, dangers, urgency_of
from app.facilities.rules import TypeView


def told_of(kind: TypeView | None, words: str) -> DangerFound:
    """The words of danger somebody wrote; the names a form fills in for them are none.

    A danger's own name stays: whoever wrote it without a tick says the same.
    """
    for name in sorted(_names(kind) if kind else (), key=len, reverse=True):
        words = words.replace(name, " ")
    return dangers().found_in(words)


def _names(kind: TypeView) -> set[str]:
    named = [kind.name, *(one.label for one in kind.forms)]
    return {text for one in named for text in (one.zh, one.en) if text}


def urgency_with(
    kind: TypeView, chosen: Collection[str], words: str, *, given: Urgency | None = None
) -> Urgency:
    """How urgent a report comes in: as given, else as ticked; with words of danger at least so."""
    said = given or kind.urgency_of(chosen)
    told = urgency_of(told_of(kind, words))
    return min((said, told or said), key=lambda each: each.rank)
