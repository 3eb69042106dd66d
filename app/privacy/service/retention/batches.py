"""What is old enough is laid before a second person, who approves it or leaves it be."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.kernel import audit, jobs
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, ForbiddenError
from app.kernel.messages import mark
from app.privacy import queries
from app.privacy.models import RetentionBatch, RetentionItem
from app.privacy.queries import OldCase
from app.privacy.rules import BatchState, ItemState, longest, months_before
from app.privacy.service.retention.trying import Due, due_now, talk_cutoff, today_of

RUN: Final = "privacy:run_batch"
MOST_IN_BATCH: Final = 5_000
_STALE: Final = mark("Somebody else has changed this meanwhile. Look at it again.")


def propose(session: Session, *, by: Author, now: datetime) -> RetentionBatch:
    """Write down what is old enough now, at most 5,000 matters, for somebody else to decide.

    Raises:
        ConflictError: nothing is old enough, or all of it is proposed already.
    """
    today = today_of(session, now)
    batch = RetentionBatch(as_of=now, proposed_by_id=_somebody(by))
    session.add(batch)
    session.flush()
    left = MOST_IN_BATCH
    for each in due_now(session, now, today):
        found = queries.old_cases(session, each.cutoff, each.pairs, today=today, most=left)
        if found:
            session.execute(insert(RetentionItem), [_item(batch, each, case) for case in found])
        left -= len(found)
    left -= _propose_people(session, batch, today, now, left)
    left -= _propose_talks(session, batch, now, left)
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


def _propose_talks(session: Session, batch: RetentionBatch, now: datetime, most: int) -> int:
    rule, cutoff = queries.talk_rule(session), talk_cutoff(session, now)
    if rule is None or cutoff is None or most <= 0:
        return 0
    found = queries.old_talks(session, cutoff, most=most)
    waiting = {"batch_id": batch.id, "rule_id": rule.id, "state": ItemState.WAITING}
    if found:
        session.execute(insert(RetentionItem), [{**waiting, "talk_id": each} for each in found])
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
