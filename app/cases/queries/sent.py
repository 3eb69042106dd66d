"""Where matters of which category and place went; for trying and mending the directory.

Counts, and the numbers of matters a ruling rests on: nothing of what a matter says, so an
administrator may read it (rulebook §10).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, func, literal, select
from sqlalchemy.orm import Session

from app.cases.kinds import ApprovalKind
from app.cases.models import Approval, Case
from app.kernel.db import rows


class Sent(NamedTuple):
    """So many matters of one category in one place, and the unit they are with."""

    category_id: int
    region_code: str
    unit_id: int
    how_many: int


_SENT: Final = (
    select(Case.category_id, Case.region_code, Case.unit_id, func.count())
    .where(
        Case.opened_at >= bindparam("since"),
        Case.category_id.is_not(None),
        Case.accepted_at.is_not(None),
    )
    .group_by(Case.category_id, Case.region_code, Case.unit_id)
)


def sent_since(session: Session, since: datetime) -> Sequence[Sent]:
    """The matters taken on since then, by category, place and unit."""
    return [Sent(*row) for row in rows(session, _SENT, since=since)]


class Settled(NamedTuple):
    """Whose duty a matter turned out to be, by ruling or by a return everybody agreed to."""

    number: str
    category_id: int
    region_code: str
    unit_id: int
    was_ruled: bool


_MOST: Final = 500
_RULED: Final = (
    select(Case.number, Case.category_id, Case.region_code, Case.unit_id, literal(True))
    .where(
        Case.opened_at >= bindparam("since"),
        Case.category_id.is_not(None),
        Case.return_barred,
    )
    .order_by(Case.opened_at.desc())
    .limit(_MOST)
)
_AGREED: Final = (
    select(Case.number, Case.category_id, Case.region_code, Case.unit_id, literal(False))
    .join(Approval, Approval.case_id == Case.id)
    .where(
        Case.opened_at >= bindparam("since"),
        Case.category_id.is_not(None),
        Approval.kind == ApprovalKind.RETURN,
        Approval.was_granted.is_(True),
        Approval.suggested_unit_id == Case.unit_id,
    )
    .order_by(Case.opened_at.desc())
    .limit(_MOST)
)


def settled_since(session: Session, since: datetime) -> Sequence[Settled]:
    """The rulings and agreed returns on matters opened since then, newest first, rulings before."""
    return [
        Settled(*row)
        for statement in (_RULED, _AGREED)
        for row in rows(session, statement, since=since)
    ]
