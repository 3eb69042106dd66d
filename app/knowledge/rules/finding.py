"""Finding articles from what somebody types: words, a whole question, pinyin or its initials.

Pure; a few thousand articles are scanned in memory, as the categories are: no index to keep,
and the same answer on every database. The best comes first, rare words count most.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import log
from typing import Final

from app.kernel.text import fold, tokens, words

MOST_WORDS_ASKED: Final = 24
_IN_TITLE: Final = 3.0
_IN_TEXT: Final = 1.0
_LATIN: Final = 4.0
_BY_CODE: Final = 100.0
_BY_CATEGORY: Final = 2.0
_SHORT: Final = 2
# An article far behind the best is no answer to the same question.
_FAR_BEHIND: Final = 0.2
# What stands in every second question and says nothing of its subject.
_HOLLOW: Final = frozenset(
    words(
        "请问 我想 想问 问一 一下 我要 想要 怎么 么办 么样 怎样 如何 什么 需要 可以 可不 不可 以吗 "
        "多少 哪里 在哪 里办 哪些 是不 不是 了怎 有没 没有 能不 不能 应该 你好 您好 我的 我们 "
        "how what where when can do does the my is are to for of in and or it"
    )
)


@dataclass(frozen=True, slots=True)
class Findable:
    """What an article is found by; `sounds` are its readings, syllable by syllable."""

    id: int
    code: str
    folded: str
    names: frozenset[str]
    body: frozenset[str]
    initials: tuple[str, ...]
    sounds: tuple[tuple[str, ...], ...]
    categories: frozenset[int]


@dataclass(frozen=True, slots=True)
class Index:
    """All that can be found, and how much a word tells: the rarer, the more."""

    entries: tuple[Findable, ...]
    weights: dict[str, float]


def findable(
    article_id: int,
    code: str,
    *,
    title: str,
    keywords: str,
    text: str,
    initials: str,
    pinyin: str,
    categories: Iterable[int] = (),
) -> Findable:
    """An article cut into what it is found by.

    `initials` and `pinyin` hold one part for the title and one for each keyword: parts are
    divided by commas, syllables by blanks.
    """
    named = f"{title}，{keywords}"
    return Findable(
        id=article_id,
        code=code.casefold(),
        folded=fold(named),
        names=frozenset(tokens(named)),
        body=frozenset(tokens(text)),
        initials=tuple(part.strip() for part in initials.split(",") if part.strip()),
        sounds=tuple(tuple(part.split()) for part in pinyin.split(",") if part.strip()),
        categories=frozenset(categories),
    )


def index_of(entries: Sequence[Findable]) -> Index:
    """What is asked again and again, worked out once."""
    counted = Counter(token for one in entries for token in one.names | one.body)
    size = len(entries) + 1
    weights = {token: log(1 + size / count) for token, count in counted.items()}
    return Index(tuple(entries), weights)


def find(index: Index, text: str, *, near: Collection[int] = (), limit: int = 20) -> list[int]:
    """The articles that fit, best first; nothing typed gives those of the categories in `near`.

    A category alone finds no article for words that nothing else of it fits.
    """
    asked = words(text)[:MOST_WORDS_ASKED]
    if not asked:
        fitting = [one.id for one in index.entries if not one.categories.isdisjoint(near)]
        return fitting[:limit]
    scored = [(_score(index, one, asked), one) for one in index.entries]
    hits = [
        (score + (0 if one.categories.isdisjoint(near) else _BY_CATEGORY), one)
        for score, one in scored
        if score
    ]
    hits.sort(key=lambda hit: (-hit[0], hit[1].id))
    enough = hits[0][0] * _FAR_BEHIND if hits else 0
    return [one.id for score, one in hits[:limit] if score >= enough]


def _score(index: Index, one: Findable, asked: Sequence[str]) -> float:
    return sum(_word(index, one, word) for word in asked)


def _word(index: Index, one: Findable, word: str) -> float:
    if word == one.code:
        return _BY_CODE
    pieces = [piece for piece in tokens(word) if piece not in _HOLLOW]
    heard = sum(piece.isascii() and _sounds_like(one, piece) for piece in pieces)
    named = [piece for piece in pieces if piece in one.names]
    said = [piece for piece in pieces if piece in one.body]
    score = _LATIN * heard
    # A pair of characters in passing is no hit; a word that stands there whole is.
    if named or (said and len(said) == len(pieces)):
        fitting = len({*named, *said}) / len(pieces)
        score += fitting * sum(_IN_TITLE * index.weights[piece] for piece in named)
        score += fitting * sum(_IN_TEXT * index.weights[piece] for piece in said)
    if not score and len(word) < _SHORT and word in one.folded:
        score = _IN_TITLE
    return score


def _sounds_like(one: Findable, word: str) -> bool:
    """Whether letters are the initials, or the reading, of neighbouring characters."""
    if len(word) < _SHORT:
        return False
    if any(word in part for part in one.initials):
        return True
    return any(_reads(part, word) for part in one.sounds)


def _reads(syllables: Sequence[str], word: str) -> bool:
    """Whether the word is a reading that begins with a syllable; the last may be unfinished."""
    return any("".join(syllables[at:]).startswith(word) for at in range(len(syllables)))
