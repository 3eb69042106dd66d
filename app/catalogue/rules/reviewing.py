"""The review of replies before they go out: its points, and wording that evades.

Pure. A machine only marks words here; whether a reply goes out, a reviewer says.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.catalogue.rules.vocabulary import Named, ReviewKind

# 《…》 names a law or rule, 第…条 one of its articles.
_RULE: Final = re.compile(r"《[^《》]{2,60}》|第[〇零一二三四五六七八九十百千0-9]{1,8}条")


@dataclass(frozen=True, slots=True)
class ReviewPoint:
    """An active item of the review as pages and rules read it."""

    id: int
    code: str
    kind: ReviewKind
    text: Named


@dataclass(frozen=True, slots=True)
class FollowUps:
    """How citizens are called back and how much of what closed silently is looked at again.

    `attempts` calls without an answer before a matter may be closed as not reached, at least
    `wait_hours` between two of them; `share` per cent of the silent closures of a month are
    drawn. The shipped numbers are samples ([S]).
    """

    attempts: int = 3
    wait_hours: int = 4
    share: int = 10


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a reply; marked where its wording may be evasive."""

    text: str
    is_evasive: bool = False


def points_for(points: Iterable[ReviewPoint], *, is_refusal: bool) -> tuple[ReviewPoint, ...]:
    """The checklist of a reply: what is asked of all, and of refusals only."""
    asked = (ReviewKind.CHECK, ReviewKind.REFUSAL) if is_refusal else (ReviewKind.CHECK,)
    return tuple(point for point in points if point.kind in asked)


def evasive_in(text: str, points: Iterable[ReviewPoint]) -> tuple[str, ...]:
    """The evasive phrases a text holds, each once, in their order of appearance."""
    return tuple(dict.fromkeys(piece.text for piece in marked(text, points) if piece.is_evasive))


def marked(text: str, points: Iterable[ReviewPoint]) -> tuple[Piece, ...]:
    """The whole text in pieces, evasive phrases apart; the longest phrase at a place counts."""
    phrases = _phrases(points)
    if not phrases:
        return (Piece(text),) if text else ()
    either = "|".join(re.escape(phrase) for phrase in phrases)
    parts = re.split(f"({either})", text, flags=re.IGNORECASE)
    return tuple(Piece(part, n % 2 == 1) for n, part in enumerate(parts) if part)


def cites_rule(text: str) -> bool:
    """Whether a text names a law or rule, or an article of one."""
    return _RULE.search(text) is not None


def _phrases(points: Iterable[ReviewPoint]) -> Sequence[str]:
    words = {
        word
        for point in points
        if point.kind is ReviewKind.PHRASE
        for word in (point.text.zh, point.text.en)
        if word
    }
    return sorted(words, key=lambda word: (-len(word), word))
