"""Which time limit applies to a clock that is about to start.

Chooses among rows of data; counting the days is the calendar's job.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Final, TypeAlias

from app.calendars.rules import LimitUnit
from app.catalogue.rules.vocabulary import BasisLevel, CaseKind, Urgency, covers

SECONDS_PER_HOUR: Final = 3600
SECONDS_PER_MINUTE: Final = 60

# Rows that hold whichever profile is in force.
COMMON_PROFILE: Final = "common"

# Not a clock but a window: how long a unit may send a matter back (退单, rulebook §2.4).
RETURN_WINDOW: Final = "return_request"
# How long a complainant may ask the unit above to check the finding (复查, rulebook §4).
RECHECK_WINDOW: Final = "recheck_request"

# Not a clock but a quiet time: who urges again inside it is counted, and nobody alarmed (催办).
URGE_QUIET: Final = "urge_quiet"

# The clocks an order can run; `sla` owns their meaning, the catalogue their length.
CLOCK_KINDS: Final = (
    "accept",
    "dispatch",
    "sign",
    "first_contact",
    "resolve",
    "review",
    "callback",
    "return_decision",
    "appeal",
    "one_time_notice",
    "while_waiting",
    "deliver",
    "verify",
    "on_site",
    "safety",
    RETURN_WINDOW,
    RECHECK_WINDOW,
    URGE_QUIET,
)

_Weight: TypeAlias = tuple[bool, bool, int, bool, bool, int, bool, int, date, str, int]


@dataclass(frozen=True, slots=True)
class ChosenLimit:
    """The limit a clock starts with; copied, so that later edits never reach a running case.

    `value` counts in `unit`; `minutes` refines HOUR and WORK_HOUR only.
    """

    code: str
    unit: LimitUnit
    value: int
    close_of_business: bool
    basis_text: str
    basis_level: BasisLevel
    is_sample: bool
    region_code: str
    minutes: int = 0

    @property
    def budget(self) -> int:
        """The whole allowance: seconds for HOUR and WORK_HOUR, days for DAY and WORK_DAY."""
        if self.unit.is_duration:
            return self.value * SECONDS_PER_HOUR + self.minutes * SECONDS_PER_MINUTE
        return self.value


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One limit with what it holds for; None or "" means: for all."""

    id: int
    profile: str
    clock_kind: str
    case_kind: CaseKind | None
    category_id: int | None
    urgency: Urgency | None
    valid_from: date | None
    valid_to: date | None
    limit: ChosenLimit


@dataclass(frozen=True, slots=True)
class LimitQuestion:
    """What is known of a matter when a clock starts.

    `category_path` runs from the first level down to the category itself.
    """

    clock_kind: str
    case_kind: CaseKind | None
    category_path: tuple[int, ...]
    urgency: Urgency
    region_code: str
    on: date


@dataclass(frozen=True, slots=True)
class Gap:
    """A clock that would start without any limit."""

    clock_kind: str
    case_kind: CaseKind
    urgency: Urgency


def choose(rows: Iterable[LimitRow], question: LimitQuestion, *, profile: str) -> LimitRow | None:
    """The row that applies, or None where the catalogue has a hole.

    National law first; then a row that names 特急 or 紧急, so that no general rule for a
    category slows an emergency down; then the most specific: category before kind before
    grade before region; then the stronger basis, then the later start of validity.
    """
    fitting = [row for row in rows if _fits(row, question, profile)]
    return max(fitting, key=lambda row: _weight(row, question), default=None)


def gaps(rows: Iterable[LimitRow], *, profile: str, on: date) -> tuple[Gap, ...]:
    """The clocks that would be without a limit somewhere, were these rows in force on that day."""
    known = tuple(rows)
    return tuple(
        Gap(clock_kind, case_kind, urgency)
        for clock_kind, case_kind, urgency in _everything()
        if choose(known, LimitQuestion(clock_kind, case_kind, (), urgency, "", on), profile=profile)
        is None
    )


def _everything() -> Iterator[tuple[str, CaseKind, Urgency]]:
    return product(CLOCK_KINDS, CaseKind, Urgency)


def _fits(row: LimitRow, question: LimitQuestion, profile: str) -> bool:
    return (
        row.clock_kind == question.clock_kind
        and row.profile in (profile, COMMON_PROFILE)
        and row.case_kind in (None, question.case_kind)
        and row.urgency in (None, question.urgency)
        and (row.category_id is None or row.category_id in question.category_path)
        and covers(row.limit.region_code, question.region_code)
        and _is_valid(row, question.on)
    )


def _is_valid(row: LimitRow, on: date) -> bool:
    # Both ends belong to the period (民法典 1259).
    return (row.valid_from or date.min) <= on <= (row.valid_to or date.max)


def _weight(row: LimitRow, question: LimitQuestion) -> _Weight:
    level = row.limit.basis_level
    depth = 0 if row.category_id is None else question.category_path.index(row.category_id) + 1
    return (
        level.is_national,
        row.urgency is not None and row.urgency.is_emergency,
        depth,
        row.case_kind is not None,
        row.urgency is not None,
        len(row.limit.region_code),
        row.profile != COMMON_PROFILE,
        -level.rank,
        row.valid_from or date.min,
        row.limit.code,
        row.id,
    )
