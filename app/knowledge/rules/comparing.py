"""What became different between two versions of an article, piece by piece.

Pure; Chinese has no blanks between words, so texts are compared by their half sentences.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

_PIECE = re.compile(r"[^，。；：！？、,.;:!?\s]+|[，。；：！？、,.;:!?\s]+")


class Turn(StrEnum):
    """What happened to a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of text and what happened to it."""

    turn: Turn
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that changed, and how."""

    field: str
    pieces: tuple[Piece, ...]


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """The fields in which two versions differ, in the order of the later one."""
    return tuple(
        Difference(name, pieces_of(_shown(before.get(name)), _shown(value)))
        for name, value in after.items()
        if _shown(before.get(name)) != _shown(value)
    )


def pieces_of(before: str, after: str) -> tuple[Piece, ...]:
    """One text turned into another: what stayed, what went, what came."""
    old, new = _PIECE.findall(before), _PIECE.findall(after)
    found: list[Piece] = []
    for what, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found.append(Piece(Turn.SAME, "".join(old[i1:i2])))
            continue
        if i1 < i2:
            found.append(Piece(Turn.GONE, "".join(old[i1:i2])))
        if j1 < j2:
            found.append(Piece(Turn.NEW, "".join(new[j1:j2])))
    return tuple(found)


def _shown(value: object) -> str:
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return "" if value is None else str(value)
