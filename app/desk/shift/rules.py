"""What stands on a hand-over list, and who may take one over.

Pure: no tables, no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.kernel.messages import mark


class ItemKind(StrEnum):
    """The sorts of things somebody leaves open."""

    TALK = "talk"
    TICKET = "ticket"
    QUESTION = "question"
    DRAFT = "draft"
    PAPERS = "papers"


KINDS: Final[Mapping[ItemKind, str]] = {
    ItemKind.TALK: mark("Conversations under way"),
    ItemKind.TICKET: mark("Number at the counter"),
    ItemKind.QUESTION: mark("Questions not answered or not accepted"),
    ItemKind.DRAFT: mark("Drafts"),
    ItemKind.PAPERS: mark("Papers received today"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the list; `ref` finds it again, `link` opens it where that is possible."""

    kind: ItemKind
    ref: str
    link: str = ""


def may_accept(from_id: int, to_id: int | None, staff_id: int) -> bool:
    """Nobody accepts their own list; one made out to somebody is theirs alone."""
    return staff_id != from_id and to_id in (None, staff_id)
