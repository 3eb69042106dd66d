"""What a notice says: dates off, dates worked, and what is wrong with the text.

Values only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

SATURDAY = 5


class DayKind(StrEnum):
    """Whether the notice gives the date off (休) or has it worked (班)."""

    REST = "rest"
    WORK = "work"


@dataclass(frozen=True, slots=True)
class NoticeDay:
    """One date named by the notice; `line` is where it was read, from 1."""

    day: date
    kind: DayKind
    name: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a notice cannot be applied: English msgid, its values, and the line, 0 for none."""

    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice as read; without problems it may be applied."""

    year: int
    number: str
    days: tuple[NoticeDay, ...]
    problems: tuple[Problem, ...]

    @property
    def rest_days(self) -> tuple[NoticeDay, ...]:
        """The dates off, earliest first."""
        return tuple(d for d in self.days if d.kind is DayKind.REST)

    @property
    def work_days(self) -> tuple[NoticeDay, ...]:
        """The make-up dates worked, earliest first."""
        return tuple(d for d in self.days if d.kind is DayKind.WORK)
