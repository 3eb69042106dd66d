"""One line about a citizen, by rule: how much lately, what is late, what was promised and not kept.

Pure: counts in, sentences out; the page translates and joins them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.kernel.messages import mark

LATELY: Final = timedelta(days=90)


class Redress(StrEnum):
    """What became of the last bad rating (差评)."""

    WAITING = "waiting"  # nothing was done since
    UNDER_WAY = "under_way"  # the matter is open again
    DONE = "done"  # it was opened again and ended anew: 整改


@dataclass(frozen=True, slots=True)
class Known:
    """What the line is made of; what is capped were at least so many."""

    lately: int
    is_capped: bool = False
    open: int = 0
    is_open_capped: bool = False
    overdue: int = 0
    redress: Redress | None = None
    broken: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the line: a sentence and the number in it."""

    msgid: str
    n: int = 0


_REDRESS: Final = {
    Redress.WAITING: mark("last bad rating not put right yet"),
    Redress.UNDER_WAY: mark("last bad rating being put right"),
    Redress.DONE: mark("last bad rating rectified"),
}


def redress(rated_at: datetime, closed_at: datetime | None) -> Redress:
    """What became of a bad rating of a matter that is open again, or ended at `closed_at`."""
    if closed_at is None:
        return Redress.UNDER_WAY
    return Redress.DONE if closed_at > rated_at else Redress.WAITING


def line(known: Known) -> Sequence[Part]:
    """The pieces of the line, what happened lately first; never empty."""
    parts = [_lately(known)]
    if known.open:
        words = mark("%(n)s or more open") if known.is_open_capped else mark("%(n)s open")
        parts.append(Part(words, known.open))
    if known.overdue:
        parts.append(Part(mark("%(n)s overdue"), known.overdue))
    if known.redress is not None:
        parts.append(Part(_REDRESS[known.redress]))
    if known.broken == 1:
        parts.append(Part(mark("1 promise broken"), 1))
    elif known.broken:
        parts.append(Part(mark("%(n)s promises broken"), known.broken))
    return tuple(parts)


def _lately(known: Known) -> Part:
    if known.lately == 0:
        return Part(mark("no matter in 90 days"))
    if known.is_capped:
        return Part(mark("%(n)s or more matters in 90 days"), known.lately)
    if known.lately == 1:
        return Part(mark("1 matter in 90 days"), 1)
    return Part(mark("%(n)s matters in 90 days"), known.lately)
