"""Reads of batches laid before a second person, and of what stands in them.

Lists are keyset-paged and name numbers only.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.catalogue.rules import CaseKind
from app.citizens.rules import number_of
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.privacy.models import RetentionBatch, RetentionItem, RetentionRule
from app.privacy.rules import BatchState, ItemState, number_of_talk


def get_batch(session: Session, batch_id: int) -> RetentionBatch:
    """One batch.

    Raises:
        NotFoundError: there is none with this id.
    """
    batch = session.get(RetentionBatch, batch_id)
    if batch is None:
        raise NotFoundError(mark("There is no such batch."))
    return batch


def list_batches(session: Session, *, most: int) -> Sequence[RetentionBatch]:
    """The latest batches."""
    wanted = select(RetentionBatch).order_by(RetentionBatch.id.desc()).limit(most)
    return session.scalars(wanted).all()


def waiting_batches(session: Session) -> list[int]:
    """Batches that are being worked off."""
    approved = RetentionBatch.state == BatchState.APPROVED
    return list(session.scalars(select(RetentionBatch.id).where(approved)))


def items_by_state(session: Session, batch_ids: Sequence[int]) -> dict[tuple[int, ItemState], int]:
    """How many matters of each batch stand how."""
    wanted = (
        select(RetentionItem.batch_id, RetentionItem.state, func.count())
        .where(RetentionItem.batch_id.in_(batch_ids))
        .group_by(RetentionItem.batch_id, RetentionItem.state)
    )
    return {(batch, state): number for batch, state, number in session.execute(wanted).all()}


def waiting_items(session: Session, batch_id: int, *, most: int) -> Sequence[RetentionItem]:
    """What is left of a batch, in order."""
    wanted = select(RetentionItem).where(
        RetentionItem.batch_id == batch_id, RetentionItem.state == ItemState.WAITING
    )
    return session.scalars(wanted.order_by(RetentionItem.id).limit(most)).all()


class ItemLine(NamedTuple):
    """One matter of a batch as a list shows it."""

    id: int
    number: str
    category_id: int | None
    category_name: str
    kind: CaseKind | None  # None: it is a person
    closed_at: datetime | None
    months: int
    state: ItemState
    is_talk: bool = False


_ITEMS: Final = (
    select(
        RetentionItem.id,
        RetentionItem.citizen_id,
        RetentionItem.talk_id,
        Case.number,
        Case.category_id,
        Case.category_name,
        Case.kind,
        Case.closed_at,
        RetentionRule.months,
        RetentionItem.state,
    )
    .join(Case, Case.id == RetentionItem.case_id, isouter=True)
    .join(RetentionRule, RetentionRule.id == RetentionItem.rule_id)
    .where(RetentionItem.batch_id == bindparam("batch_id"), RetentionItem.id > bindparam("after"))
    .order_by(RetentionItem.id)
    .limit(bindparam("most"))
)


def list_items(session: Session, batch_id: int, *, after: int = 0, most: int) -> list[ItemLine]:
    """The matters of a batch, a page at a time."""
    found = rows(session, _ITEMS, batch_id=batch_id, after=after, most=most)
    return [
        ItemLine(
            row.id,
            row.number or _number(row.citizen_id, row.talk_id),
            row.category_id,
            row.category_name or "",
            row.kind,
            row.closed_at,
            row.months,
            row.state,
            is_talk=row.talk_id is not None,
        )
        for row in found
    ]


def _number(citizen_id: int | None, talk_id: int | None) -> str:
    return number_of_talk(talk_id) if talk_id else number_of(citizen_id or 0)
