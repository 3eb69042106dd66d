"""Finding an item from what somebody types: code, pinyin initials, pinyin or words.

A few thousand items are scanned in memory; there is no index to keep.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from app.catalogue.rules import Named
from app.service_items.rules.content import Span, holds_on
from app.service_items.rules.vocabulary import Handling, ItemKind

_NO_MATCH: Final = 99


@dataclass(frozen=True, slots=True)
class ItemEntry:
    """A published version as pickers, lists and the guide show it."""

    item_id: int
    version_id: int
    number: int
    code: str
    basic_code: str
    name: Named
    summary: Named
    authority: Named
    kind: ItemKind
    handling: Handling
    legal: Span | None
    promised: Span
    visits: int
    unit_id: int | None
    initials: str
    pinyin: str
    is_sample: bool
    is_active: bool
    valid_from: date
    valid_to: date | None


def in_force(entries: Iterable[ItemEntry], day: date) -> list[ItemEntry]:
    """The versions applications of this day are made by: at most one of each active item."""
    return [
        entry
        for entry in entries
        if entry.is_active and holds_on(entry.valid_from, entry.valid_to, day)
    ]


def find(entries: Iterable[ItemEntry], text: str, *, limit: int = 20) -> list[ItemEntry]:
    """The entries every typed word fits, best first; nothing typed finds nothing.

    Exact code or name, then beginnings of initials, name and code, then words in the name,
    then pinyin, then words in the summary, the body's name or the English name.
    """
    words = text.casefold().split()
    if not words:
        return []
    scored = [(_score(entry, words), entry) for entry in entries]
    hits = [(score, entry) for score, entry in scored if score < _NO_MATCH]
    hits.sort(key=lambda hit: (hit[0], len(hit[1].name.zh), hit[1].code))
    return [entry for _, entry in hits[:limit]]


def _score(entry: ItemEntry, words: Sequence[str]) -> int:
    scores = [_word_score(entry, word) for word in words]
    return _NO_MATCH if _NO_MATCH in scores else sum(scores)


def _word_score(entry: ItemEntry, word: str) -> int:
    name = entry.name.zh.casefold()
    tests = (
        word in (entry.code.casefold(), entry.basic_code.casefold(), name, entry.initials),
        entry.initials.startswith(word) or name.startswith(word),
        entry.code.casefold().startswith(word) or entry.basic_code.casefold().startswith(word),
        word in name,
        entry.pinyin.startswith(word),
        word.isascii() and (word in entry.initials or word in entry.pinyin),
        word in entry.name.en.casefold(),
        word in entry.authority.zh.casefold() or word in entry.authority.en.casefold(),
        word in entry.summary.zh.casefold() or word in entry.summary.en.casefold(),
    )
    return next((score for score, holds in enumerate(tests) if holds), _NO_MATCH)
