"""Finding a category from what a clerk types: code, pinyin initials or words.

A few hundred entries are scanned in memory; there is no index to keep.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from app.catalogue.rules.vocabulary import CaseKind, Named, ProofKind, Urgency

_NO_MATCH: Final = 99


@dataclass(frozen=True, slots=True)
class CategoryEntry:
    """A category as pages and pickers read it.

    `path` runs from the first level down to the category itself.
    """

    id: int
    code: str
    parent_id: int | None
    level: int
    position: int
    name: Named
    hint: Named
    initials: str
    pinyin: str
    kinds: tuple[CaseKind, ...]
    may_be_anonymous: bool
    on_portal: bool
    confidential: bool
    default_urgency: Urgency
    is_active: bool
    version: int
    path: tuple[int, ...]
    parent_name: Named | None = None
    proofs: tuple[ProofKind, ...] = ()

    @property
    def is_facility(self) -> bool:
        """Whether it stands for a type of facility: nothing but repairs is filed here."""
        return self.kinds == (CaseKind.REPAIR,)

    def serves(self, kind: CaseKind | None) -> bool:
        """Whether matters of this kind may be filed here; no kind asks for none."""
        return kind is None or kind in self.kinds


def find(entries: Iterable[CategoryEntry], text: str, *, limit: int = 20) -> list[CategoryEntry]:
    """The entries that every typed word fits, best first; nothing typed finds nothing.

    Exact code, then beginnings of code, initials and pinyin, then words in the name,
    then words in the hint, the English name or the parent's name.
    """
    words = text.casefold().split()
    if not words:
        return []
    scored = [(_score(entry, words), entry) for entry in entries]
    hits = [(score, entry) for score, entry in scored if score < _NO_MATCH]
    hits.sort(key=lambda hit: (hit[0], -hit[1].level, hit[1].code))
    return [entry for _, entry in hits[:limit]]


def _score(entry: CategoryEntry, words: list[str]) -> int:
    scores = [_word_score(entry, word) for word in words]
    return _NO_MATCH if _NO_MATCH in scores else sum(scores)


def _word_score(entry: CategoryEntry, word: str) -> int:
    name = entry.name.zh.casefold()
    tests = (
        entry.code.casefold() == word or name == word,
        entry.initials == word,
        entry.code.casefold().startswith(word),
        entry.initials.startswith(word) or name.startswith(word),
        word in name,
        entry.pinyin.replace(" ", "").startswith(word),
        word in entry.hint.zh.casefold() or word in entry.name.en.casefold(),
        word in entry.hint.en.casefold() or _in_parent(entry, word),
    )
    return next((score for score, holds in enumerate(tests) if holds), _NO_MATCH)


def _in_parent(entry: CategoryEntry, word: str) -> bool:
    return entry.parent_name is not None and word in entry.parent_name.zh.casefold()
