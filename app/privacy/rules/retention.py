"""How long a matter is kept readable after its end, and which rule says so.

Pure. The months are data of the city; sample values are marked (rulebook: no legal limit invented).
"""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

MONTHS_MIN: Final = 1
MONTHS_MAX: Final = 1200
_YEAR: Final = 12


class BatchState(StrEnum):
    """How far a batch of erasures has come."""

    PROPOSED = "proposed"
    APPROVED = "approved"  # being worked off, in the background
    DONE = "done"
    REFUSED = "refused"


class ItemState(StrEnum):
    """What became of one matter of a batch."""

    WAITING = "waiting"
    ERASED = "erased"
    HELD = "held"  # a legal hold won
    SKIPPED = "skipped"  # no longer old enough, or erased otherwise meanwhile


class RuleSubject(StrEnum):
    """What a rule of retention is about."""

    CASE = "case"
    TALK = "talk"  # a conversation or call that belongs to no person and to no matter


def number_of_talk(talk_id: int) -> str:
    """What lists call a conversation that names nobody: `T000000123`."""
    return f"T{talk_id:09d}"


class TombstoneGround(StrEnum):
    """Why something was erased."""

    RETENTION = "retention"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class RetentionLine:
    """A rule: matters of this category and kind lose their content so many months after the end."""

    id: int
    category_id: int | None
    case_kind: str | None
    months: int


def choose(
    lines: Iterable[RetentionLine], category_path: Sequence[int], case_kind: str
) -> RetentionLine | None:
    """The rule for a matter, or None: without a rule nothing is erased.

    The deepest category wins, then a rule that names the kind; of two alike the longer
    time, because what is erased early is gone.
    """
    fitting = [
        line
        for line in lines
        if line.case_kind in (None, case_kind)
        and (line.category_id is None or line.category_id in category_path)
    ]
    return max(
        fitting,
        key=lambda line: (
            -1 if line.category_id is None else list(category_path).index(line.category_id),
            line.case_kind is not None,
            line.months,
            -line.id,
        ),
        default=None,
    )


def longest(lines: Iterable[RetentionLine]) -> RetentionLine | None:
    """The rule for a person without matters: whatever they might have brought, it is over."""
    return max(lines, key=lambda line: (line.months, -line.id), default=None)


def months_before(at: datetime, months: int) -> datetime:
    """The instant so many months earlier; the last day of a shorter month (民法典 art. 202)."""
    index = at.year * _YEAR + at.month - 1 - months
    year, month = divmod(index, _YEAR)
    last = calendar.monthrange(year, month + 1)[1]
    return at.replace(year=year, month=month + 1, day=min(at.day, last))
