"""What is old enough loses its content: tried first, proposed by one, approved by another.

A batch is worked off in small transactions, so that it can be stopped at any time and
goes on where it was; a hold wins at every one of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.cases.models import Case
from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind
from app.citizens.models import Citizen
from app.citizens.rules import CitizenState
from app.kernel import audit, jobs
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.messages import mark
from app.privacy import queries
from app.privacy.models import RetentionBatch, RetentionItem, RetentionRule
from app.privacy.queries import OldCase
from app.privacy.rules import (
    MONTHS_MAX,
    MONTHS_MIN,
    BatchState,
    ItemState,
    RetentionLine,
    TombstoneGround,
    choose,
    longest,
    months_before,
)
from app.privacy.service.erasing import Order, erase_case, erase_citizen

RUN: Final = "privacy:run_batch"
AT_ONCE: Final = 20  # matters in one transaction: others wait for SQLite's write lock meanwhile
MOST_IN_BATCH: Final = 5_000
_SAMPLE: Final = "系统示例值，未引用任何规定，请按本市规定修改"
_SHOWN: Final = 50
_STALE: Final = mark("Somebody else has changed this meanwhile. Look at it again.")


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

    @property
    def number(self) -> int:
        """How many matters would lose their content."""
        return sum(each.number for each in self.due)

    @property
    def held(self) -> int:
        """How many are old enough, but held."""
        return sum(each.held for each in self.due)


def seed(session: Session) -> None:
    """The sample rules a new house starts with, unless it has rules already."""
    if queries.retention_rules(session):
        return
    for kind, months in ((None, 36), (CaseKind.CONSULTATION, 24), (CaseKind.COMPLAINT, 60)):
        session.add(RetentionRule(case_kind=kind, months=months, basis_text=_SAMPLE))
    session.flush()


def dry_run(session: Session, *, now: datetime) -> DryRun:
    """Count and name what would be erased now, and change nothing."""
    today = _today(session, now)
    due = tuple(_due(session, now, today))
    first: list[OldCase] = []
    for each in due:
        left = _SHOWN - len(first)
        if left > 0 and each.number:
            first += queries.old_cases(session, each.cutoff, each.pairs, today=today, most=left)
    rule = longest(queries.retention_lines(session))
    cutoff = months_before(now, rule.months) if rule else None
    people = queries.count_people(session, cutoff, today=today) if cutoff else (0, 0)
    return DryRun(now, due, tuple(first), *people)


def _due(session: Session, now: datetime, today: date) -> Iterator[Due]:
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


def propose(session: Session, *, by: Author, now: datetime) -> RetentionBatch:
    """Write down what is old enough now, at most 5,000 matters, for somebody else to decide.

    Raises:
        ConflictError: nothing is old enough, or all of it is proposed already.
    """
    today = _today(session, now)
    batch = RetentionBatch(as_of=now, proposed_by_id=_somebody(by))
    session.add(batch)
    session.flush()
    left = MOST_IN_BATCH
    for each in _due(session, now, today):
        found = queries.old_cases(session, each.cutoff, each.pairs, today=today, most=left)
        if found:
            session.execute(insert(RetentionItem), [_item(batch, each, case) for case in found])
        left -= len(found)
    left -= _propose_people(session, batch, today, now, left)
    if left == MOST_IN_BATCH:
        raise ConflictError(mark("Nothing is old enough that is not proposed already."))
    _note(session, batch, "privacy:batch_proposed", by, now, matters=MOST_IN_BATCH - left)
    return batch


def _propose_people(
    session: Session, batch: RetentionBatch, today: date, now: datetime, most: int
) -> int:
    rule = longest(queries.retention_lines(session))
    if rule is None or most <= 0:
        return 0
    cutoff = months_before(now, rule.months)
    found = queries.old_people(session, cutoff, today=today, most=most)
    waiting = {"batch_id": batch.id, "rule_id": rule.id, "state": ItemState.WAITING}
    if found:
        session.execute(insert(RetentionItem), [{**waiting, "citizen_id": each} for each in found])
    return len(found)


def _item(batch: RetentionBatch, due: Due, case: OldCase) -> dict[str, object]:
    return {
        "batch_id": batch.id,
        "case_id": case.id,
        "rule_id": due.rule.id,
        "state": ItemState.WAITING,
    }


def approve(session: Session, batch_id: int, *, version: int, by: Author, now: datetime) -> None:
    """Have the batch worked off in the background.

    Raises:
        ForbiddenError: it is one's own proposal.
        ConflictError: it was decided already.
    """
    batch = _decided(session, batch_id, version, by, now)
    batch.state = BatchState.APPROVED
    jobs.enqueue(session, RUN, {"batch": batch.id}, run_at=now, dedup=f"{RUN}:{batch.id}")
    _note(session, batch, "privacy:batch_approved", by, now)


def refuse(session: Session, batch_id: int, *, version: int, by: Author, now: datetime) -> None:
    """Leave everything as it is. Whoever proposed it may take it back this way too.

    Raises:
        ConflictError: it was decided already.
    """
    batch = _waiting(session, batch_id, version)
    batch.state, batch.decided_at, batch.decided_by_id = BatchState.REFUSED, now, by.id
    for item in queries.waiting_items(session, batch.id, most=MOST_IN_BATCH):
        item.state = ItemState.SKIPPED
    _note(session, batch, "privacy:batch_refused", by, now)


def _waiting(session: Session, batch_id: int, version: int) -> RetentionBatch:
    batch = queries.get_batch(session, batch_id)
    if batch.version != version or batch.state is not BatchState.PROPOSED:
        raise ConflictError(_STALE)
    return batch


def _decided(
    session: Session, batch_id: int, version: int, by: Author, now: datetime
) -> RetentionBatch:
    batch = _waiting(session, batch_id, version)
    if by.id == batch.proposed_by_id:
        raise ForbiddenError(mark("Nobody approves what they proposed. Ask a colleague."))
    batch.decided_at, batch.decided_by_id = now, by.id
    return batch


def work_off(session: Session, batch_id: int, *, now: datetime) -> bool:
    """Erase the next few matters of an approved batch; False when it is done.

    Safe to run twice: what is done is no longer waiting.
    """
    batch = queries.get_batch(session, batch_id)
    if batch.state is not BatchState.APPROVED:
        return False
    items = queries.waiting_items(session, batch_id, most=AT_ONCE)
    today = _today(session, now)
    for item in items:
        erase = _erase if item.citizen_id is None else _erase_person
        item.state = erase(session, batch, item, today, now)
        session.flush()
    if len(items) < AT_ONCE:
        batch.state, batch.done_at = BatchState.DONE, now
        return False
    return True


def _erase(
    session: Session, batch: RetentionBatch, item: RetentionItem, today: date, now: datetime
) -> ItemState:
    # Locked first: whatever changes the matter or holds it waits, or is seen here.
    case = session.get_one(Case, item.case_id, with_for_update=True, populate_existing=True)
    rule = _rule_for(session, case, now)
    if rule is None or queries.is_case_erased(session, case.id):
        return ItemState.SKIPPED
    if queries.is_case_held(session, case.id, today=today):
        return ItemState.HELD
    by = Author(batch.decided_by_id, "")
    order = Order(TombstoneGround.RETENTION, by, rule_id=rule.id, batch_id=batch.id)
    citizen_id = case.citizen_id
    erase_case(session, case.id, order, now=now)
    if citizen_id is not None and _is_done_with(session, citizen_id, rule.months, today, now):
        erase_citizen(session, citizen_id, order, now=now)
    return ItemState.ERASED


def _erase_person(
    session: Session, batch: RetentionBatch, item: RetentionItem, today: date, now: datetime
) -> ItemState:
    who = session.get_one(Citizen, item.citizen_id, with_for_update=True, populate_existing=True)
    if queries.is_citizen_held(session, queries.family_of(session, who.id), today=today):
        return ItemState.HELD
    rule = longest(queries.retention_lines(session))
    # Merged meanwhile: whoever they are now is looked at under their own number.
    is_merged = who.merged_into_id is not None
    if rule is None or is_merged or not _is_done_with(session, who.id, rule.months, today, now):
        return ItemState.SKIPPED
    by = Author(batch.decided_by_id, "")
    order = Order(TombstoneGround.RETENTION, by, rule_id=rule.id, batch_id=batch.id)
    erase_citizen(session, who.id, order, now=now)
    return ItemState.ERASED


def _rule_for(session: Session, case: Case, now: datetime) -> RetentionLine | None:
    """The rule by which the matter may be erased now, or None: rules and matters change."""
    entry = catalogue.snapshot(session).categories.get(case.category_id or 0)
    lines = queries.retention_lines(session)
    rule = choose(lines, entry.path if entry else (), case.kind)
    if rule is None or case.closed_at is None:
        return None
    return rule if case.closed_at < months_before(now, rule.months) else None


def _is_done_with(
    session: Session, citizen_id: int, months: int, today: date, now: datetime
) -> bool:
    """Whether nothing needs the person any more: no matter, no hold, no request, no recent talk."""
    who = queries.get_who(session, citizen_id)
    ids = queries.family_of(session, who.id)
    touched = session.get_one(Citizen, who.id).updated_at
    cutoff = months_before(now, months)
    return (
        who.state is not CitizenState.ANONYMISED
        and touched < cutoff
        and not queries.cases_of(session, ids)
        and not queries.living_of(session, ids)
        and not queries.is_citizen_held(session, ids, today=today)
        and not queries.talked_since(session, ids, cutoff)
    )


def set_rule(
    session: Session,
    category_id: int | None,
    case_kind: CaseKind | None,
    *,
    months: int,
    basis_text: str,
    by: Author,
    now: datetime,
) -> RetentionRule:
    """Say how long matters of this category and kind are kept; a former rule is changed.

    Raises:
        InvalidError: the months or the basis make no sense.
    """
    errors = {}
    if not MONTHS_MIN <= months <= MONTHS_MAX:
        errors["months"] = mark("Enter a number of months from 1 to 1200.")
    if not basis_text.strip():
        errors["basis_text"] = mark("Say on what ground.")
    if errors:
        raise InvalidError(fields=errors)
    rule = queries.find_rule(session, category_id, case_kind)
    before = rule.months if rule else None
    if rule is None:
        rule = RetentionRule(category_id=category_id, case_kind=case_kind)
        session.add(rule)
    rule.months, rule.basis_text, rule.is_sample = months, basis_text.strip()[:300], False
    rule.is_active = True
    session.flush()
    audit.note(
        session,
        by,
        "privacy:retention_rule",
        ("retention_rule", rule.id),
        at=now,
        details={"before": before, "after": months},
    )
    return rule


def _note(
    session: Session,
    batch: RetentionBatch,
    action: str,
    by: Author,
    now: datetime,
    **details: int,
) -> None:
    audit.note(session, by, action, ("retention_batch", batch.id), at=now, details=details)


def _somebody(by: Author) -> int:
    if by.id is None:
        raise ForbiddenError(mark("Your role does not include this."))
    return by.id


def _today(session: Session, now: datetime) -> date:
    return calendars.load(session).statutory.local_date(now)
