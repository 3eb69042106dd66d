"""What is old enough now: counted and named, and nothing is changed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind
from app.privacy import queries
from app.privacy.queries import OldCase
from app.privacy.rules import RetentionLine, choose, longest, months_before

_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Due:
    """What one rule would erase now."""

    rule: RetentionLine
    cutoff: datetime
    pairs: tuple[tuple[int | None, CaseKind], ...]
    number: int
    held: int


@dataclass(frozen=True, slots=True)
class DryRun:
    """What would happen; nothing has."""

    as_of: datetime
    due: tuple[Due, ...]
    first: tuple[OldCase, ...]
    people: int = 0  # without any matter, and for longer than the longest rule out of touch
    people_held: int = 0
    talks: int = 0  # conversations of nobody

    @property
    def number(self) -> int:
        """How many matters would lose their content."""
        return sum(each.number for each in self.due)

    @property
    def held(self) -> int:
        """How many are old enough, but held."""
        return sum(each.held for each in self.due)


def dry_run(session: Session, *, now: datetime) -> DryRun:
    """Count and name what would be erased now, and change nothing."""
    today = today_of(session, now)
    due = tuple(due_now(session, now, today))
    first: list[OldCase] = []
    for each in due:
        left = _SHOWN - len(first)
        if left > 0 and each.number:
            first += queries.old_cases(session, each.cutoff, each.pairs, today=today, most=left)
    rule = longest(queries.retention_lines(session))
    cutoff = months_before(now, rule.months) if rule else None
    people = queries.count_people(session, cutoff, today=today) if cutoff else (0, 0)
    return DryRun(now, due, tuple(first), *people, talks=_talks(session, now))


def _talks(session: Session, now: datetime) -> int:
    cutoff = talk_cutoff(session, now)
    return queries.count_talks(session, cutoff) if cutoff else 0


def talk_cutoff(session: Session, now: datetime) -> datetime | None:
    """Before which instant conversations of nobody are old enough; None: they are kept."""
    rule = queries.talk_rule(session)
    return months_before(now, rule.months) if rule else None


def due_now(session: Session, now: datetime, today: date) -> Iterator[Due]:
    """What each rule would erase now, the shortest time first."""
    lines = queries.retention_lines(session)
    categories = catalogue.snapshot(session).categories
    for months in sorted({line.months for line in lines}):
        cutoff = months_before(now, months)
        by_rule: dict[int, list[queries.Group]] = {}
        for group in queries.groups_before(session, cutoff, today=today):
            entry = categories.get(group.category_id or 0)
            rule = choose(lines, entry.path if entry else (), group.kind)
            if rule is not None and rule.months == months:
                by_rule.setdefault(rule.id, []).append(group)
        for line in lines:
            if groups := by_rule.get(line.id):
                yield Due(
                    line,
                    cutoff,
                    tuple(dict.fromkeys((each.category_id, each.kind) for each in groups)),
                    sum(each.number for each in groups if not each.is_held),
                    sum(each.number for each in groups if each.is_held),
                )


def today_of(session: Session, now: datetime) -> date:
    """The day it is in the hall, by which holds count."""
    return calendars.load(session).statutory.local_date(now)
