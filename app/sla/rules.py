"""What a clock does: starts, stops for legal reasons only, goes on, is met; and when it is late.

Pure: a reading follows from the calendars, the terms and the dated changes, and from nothing else.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, Self

from app.calendars.rules import Calendars, LimitUnit

# [S] rulebook §3: amber when at most a fifth of the limit, or one working day, is left.
WARN_PARTS: Final = 5
# Architecture §5: a date that may still move turns red only this long afterwards.
PROVISIONAL_GRACE: Final = timedelta(days=10)


class ClockKind(StrEnum):
    """What must be done in time."""

    ACCEPT = "accept"
    DISPATCH = "dispatch"
    SIGN = "sign"
    FIRST_CONTACT = "first_contact"
    RESOLVE = "resolve"
    REVIEW = "review"
    CALLBACK = "callback"
    RETURN_DECISION = "return_decision"
    RECTIFY = "rectify"
    APPEAL = "appeal"
    SUPERVISION = "supervision"  # a supervision order (督办单)
    DATA_REQUEST = "data_request"  # a person's request about their data, not a matter's
    ONE_TIME_NOTICE = "one_time_notice"  # telling an applicant at once all that lacks (一次性告知)
    WHILE_WAITING = "while_waiting"  # what is done while the applicant waits (即办件)
    LEGAL = "legal"  # the law's limit, beside the promised one
    LATE_PAPERS = "late_papers"  # papers promised to follow (容缺)
    DELIVER = "deliver"  # making and delivering what was decided
    VERIFY = "verify"  # looking at what was granted on the applicant's word (告知承诺)
    HEARING = "hearing"  # holding the hearing that was asked for (听证)
    ON_SITE = "on_site"  # somebody of the crew stands at the spot
    SAFETY = "safety"  # the spot is made safe, before anything is repaired (围挡)
    TASK = "task"  # what a unit that assists does; the lead unit named the date


class PauseKind(StrEnum):
    """The legal grounds on which a clock stands still; waiting for the citizen is none.

    挂起 by the local order rules, the rest 行政许可法 art.45.
    """

    SUSPENSION = "suspension"
    HEARING = "hearing"
    TENDER = "tender"
    AUCTION = "auction"
    INSPECTION = "inspection"
    TESTING = "testing"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert_review"


class Threshold(StrEnum):
    """What a breach row says was crossed."""

    WARN = "warn"
    OVERDUE = "overdue"


class Lamp(StrEnum):
    """The colour shown, always beside a word and a shape (ui.md §5.6)."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    PAUSED = "paused"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a clock belongs to: a case, a task, a supervision order, a data-rights request."""

    type: str
    id: int

    @classmethod
    def case(cls, case_id: int) -> Self:
        """The case with this id."""
        return cls("case", case_id)

    @classmethod
    def task(cls, task_id: int) -> Self:
        """The task of an assisting unit with this id."""
        return cls("task", task_id)

    @classmethod
    def supervision(cls, order_id: int) -> Self:
        """The supervision order with this id."""
        return cls("supervision", order_id)


@dataclass(frozen=True, slots=True)
class Terms:
    """How a clock counts."""

    unit: LimitUnit
    close_of_business: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """Where a clock stands; `budget` and `spent` are seconds or days, as its unit says.

    While it stands still, `running_since`, `due_at` and `warn_at` are None.
    """

    budget: int
    spent: int
    running_since: datetime | None
    due_at: datetime | None
    warn_at: datetime | None
    provisional: bool


class ChangeKind(StrEnum):
    """What may happen to a running clock before it is met."""

    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"


@dataclass(frozen=True, slots=True)
class Change:
    """One dated thing that happened to a clock; `amount` is what an extension adds."""

    at: datetime
    kind: ChangeKind
    amount: int = 0


def started(calendars: Calendars, terms: Terms, budget: int, at: datetime) -> Reading:
    """A clock set going at `at` with its whole budget."""
    return _running(calendars, terms, Reading(budget, 0, at, None, None, provisional=False), at)


def paused(calendars: Calendars, terms: Terms, reading: Reading, at: datetime) -> Reading:
    """The clock stopped at `at`: what has passed is spent, nothing is due.

    A pause neither makes a clock late that was not (a calendar-day limit rolled over a
    rest day has nothing left but is not late) nor heals one that was.
    """
    if reading.running_since is None or reading.due_at is None:
        return reading
    spent = reading.spent + calendars.count(terms.unit, reading.running_since, at)
    if is_late(reading.due_at, at, provisional=reading.provisional):
        spent = max(spent, reading.budget + 1)
    else:
        spent = min(spent, reading.budget)
    return replace(reading, spent=spent, running_since=None, due_at=None, warn_at=None)


def resumed(calendars: Calendars, terms: Terms, reading: Reading, at: datetime) -> Reading:
    """The clock set going again at `at` with what is left of its budget."""
    if reading.running_since is not None:
        return reading
    return _running(calendars, terms, reading, at)


def extended(calendars: Calendars, terms: Terms, reading: Reading, amount: int) -> Reading:
    """The clock with a larger budget; what was spent stays spent."""
    larger = replace(reading, budget=reading.budget + amount)
    if reading.running_since is None:
        return larger
    return _running(calendars, terms, larger, reading.running_since)


def replayed(
    calendars: Calendars, terms: Terms, budget: int, opened_at: datetime, changes: Iterable[Change]
) -> Reading:
    """The reading that the same history gives under these calendars and terms.

    `budget` is the one it began with. Changes may come in any order.
    """
    reading = started(calendars, terms, budget, opened_at)
    for change in sorted(changes, key=lambda one: one.at):
        if change.kind is ChangeKind.PAUSED:
            reading = paused(calendars, terms, reading, change.at)
        elif change.kind is ChangeKind.RESUMED:
            reading = resumed(calendars, terms, reading, change.at)
        else:
            reading = extended(calendars, terms, reading, change.amount)
    return reading


def late_after(due_at: datetime, *, provisional: bool) -> datetime:
    """The last instant that is not late: the due date, ten days more while it may move."""
    return due_at + PROVISIONAL_GRACE if provisional else due_at


def is_late(due_at: datetime, at: datetime, *, provisional: bool) -> bool:
    """Whether `at` is too late. The due second itself is on time, to its end (民法典 1259)."""
    return at.replace(microsecond=0) > late_after(due_at, provisional=provisional)


def lamp(
    *,
    due_at: datetime | None,
    warn_at: datetime | None,
    met_at: datetime | None,
    paused: bool,
    provisional: bool,
    now: datetime,
) -> Lamp:
    """The colour of a clock at `now`; without a due date there is nothing to worry about."""
    if met_at is not None:
        return Lamp.DONE
    if paused:
        return Lamp.PAUSED
    if due_at is None:
        return Lamp.OK
    if is_late(due_at, now, provisional=provisional):
        return Lamp.BAD
    return Lamp.WARN if warn_at is not None and now >= warn_at else Lamp.OK


def _running(calendars: Calendars, terms: Terms, reading: Reading, since: datetime) -> Reading:
    left = reading.budget - reading.spent
    due = calendars.add(terms.unit, since, left, close_of_business=terms.close_of_business)
    return replace(
        reading,
        running_since=since,
        due_at=due.at,
        warn_at=_warn_at(calendars, terms.unit, reading.budget, due.at),
        provisional=due.provisional,
    )


def _warn_at(calendars: Calendars, unit: LimitUnit, budget: int, due_at: datetime) -> datetime:
    # The first instant at which at most max(a fifth, one working day) is left. Working
    # days are whole, so their window opens at the midnight before its first day.
    if unit is LimitUnit.HOUR:
        return due_at - timedelta(seconds=budget // WARN_PARTS)
    if unit is LimitUnit.WORK_HOUR:
        return calendars.hours.add(due_at, -(budget // WARN_PARTS))
    statutory = calendars.statutory
    last = statutory.local_date(due_at)
    if unit is LimitUnit.WORK_DAY:
        return statutory.day_after(statutory.add(last, -max(1, budget // WARN_PARTS)))
    one_workday = statutory.day_after(statutory.add(last, -1))
    return min(due_at - timedelta(days=budget) / WARN_PARTS, one_workday)
