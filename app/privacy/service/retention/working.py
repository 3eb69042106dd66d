"""An approved batch is worked off in small transactions; a hold wins at every one of them.

It can be stopped at any time and goes on where it was.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.catalogue import queries as catalogue
from app.citizens.models import Citizen
from app.citizens.rules import CitizenState
from app.kernel.authors import Author
from app.privacy import queries
from app.privacy.models import RetentionBatch, RetentionItem
from app.privacy.rules import (
    BatchState,
    ItemState,
    RetentionLine,
    TombstoneGround,
    choose,
    longest,
    months_before,
)
from app.privacy.service.erasing import Order, erase_case, erase_citizen, erase_talk
from app.privacy.service.retention.trying import talk_cutoff, today_of

Work = Callable[[Session, RetentionBatch, RetentionItem, date, datetime], ItemState]
AT_ONCE: Final = 20  # matters in one transaction: others wait for SQLite's write lock meanwhile


def work_off(session: Session, batch_id: int, *, now: datetime) -> bool:
    """Erase the next few matters of an approved batch; False when it is done.

    Safe to run twice: what is done is no longer waiting.
    """
    batch = queries.get_batch(session, batch_id)
    if batch.state is not BatchState.APPROVED:
        return False
    items = queries.waiting_items(session, batch_id, most=AT_ONCE)
    today = today_of(session, now)
    for item in items:
        item.state = _work_for(item)(session, batch, item, today, now)
        session.flush()
    if len(items) < AT_ONCE:
        batch.state, batch.done_at = BatchState.DONE, now
        return False
    return True


def _work_for(item: RetentionItem) -> Work:
    if item.talk_id is not None:
        return _erase_talk
    return _erase if item.citizen_id is None else _erase_person


def _erase_talk(
    session: Session, batch: RetentionBatch, item: RetentionItem, _today: date, now: datetime
) -> ItemState:
    # Asked again: who it is may have been settled since, or the rule may reach less far.
    rule, cutoff = queries.talk_rule(session), talk_cutoff(session, now)
    if rule is None or cutoff is None or item.talk_id is None:
        return ItemState.SKIPPED
    talk = queries.talk_of_nobody(session, item.talk_id, cutoff)
    if talk is None:
        return ItemState.SKIPPED
    by = Author(batch.decided_by_id, "")
    order = Order(TombstoneGround.RETENTION, by, rule_id=rule.id, batch_id=batch.id)
    erase_talk(session, item.talk_id, talk, order, now=now)
    return ItemState.ERASED


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
