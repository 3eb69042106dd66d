"""Reads for the end of a shift: what is open of somebody's, and lists nobody has taken over.

Only lists of halls the person works in are ever asked for.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Staff
from app.cases.kinds import Action
from app.cases.models import Case, CaseEvent, Draft
from app.catalogue.rules import CaseKind
from app.departments.models import Unit
from app.desk.shift_models import ShiftHandover, ShiftItem
from app.kernel.db import rows

Rows = Sequence[Row[*tuple[Any, ...]]]
_MOST: Final = 50
_TAKER: Final = aliased(Staff)

_DRAFTS: Final = (
    select(Draft.form).where(Draft.owner == bindparam("owner")).order_by(Draft.id).limit(_MOST)
)
_PAPERS: Final = (
    select(Case.number)
    .join(CaseEvent, CaseEvent.case_id == Case.id)
    .where(
        CaseEvent.at >= bindparam("since"),
        CaseEvent.actor_id == bindparam("staff_id"),
        CaseEvent.action == Action.OPEN,
        Case.kind == CaseKind.SERVICE_REQUEST,
        Case.closed_at.is_(None),
    )
    .order_by(Case.id)
    .limit(_MOST)
)
_LISTED: Final = (
    select(
        ShiftHandover.id,
        ShiftHandover.hall_id,
        ShiftHandover.counter,
        ShiftHandover.from_id,
        ShiftHandover.to_id,
        ShiftHandover.note,
        ShiftHandover.place,
        ShiftHandover.document_id,
        ShiftHandover.made_at,
        ShiftHandover.accepted_at,
        Staff.display_name.label("from_name"),
        _TAKER.display_name.label("by_name"),
        Unit.name.label("hall"),
        Unit.name_en.label("hall_en"),
    )
    .join(Staff, Staff.id == ShiftHandover.from_id)
    .join(Unit, Unit.id == ShiftHandover.hall_id)
    .outerjoin(_TAKER, _TAKER.id == ShiftHandover.accepted_by)
)
_WAITS_FOR: Final = and_(
    ShiftHandover.accepted_at.is_(None),
    ShiftHandover.from_id != bindparam("staff_id"),
    or_(ShiftHandover.to_id.is_(None), ShiftHandover.to_id == bindparam("staff_id")),
    ShiftHandover.hall_id.in_(bindparam("halls", expanding=True)),
)
_PENDING: Final = _LISTED.where(_WAITS_FOR).order_by(ShiftHandover.id).limit(_MOST)
_OWN: Final = (
    _LISTED.where(
        or_(
            ShiftHandover.from_id == bindparam("staff_id"),
            ShiftHandover.accepted_by == bindparam("staff_id"),
        )
    )
    .order_by(ShiftHandover.id.desc())
    .limit(10)
)
_ITEMS: Final = (
    select(ShiftItem.handover_id, ShiftItem.kind, ShiftItem.ref)
    .where(ShiftItem.handover_id.in_(bindparam("ids", expanding=True)))
    .order_by(ShiftItem.id)
)
_HAS: Final = select(ShiftHandover.id).where(_WAITS_FOR).limit(1)


def drafts_of(session: Session, owner: str) -> list[str]:
    """The forms somebody has left unfinished, by name."""
    return [row.form for row in rows(session, _DRAFTS, owner=owner)]


def papers_since(session: Session, staff_id: int, since: datetime) -> list[str]:
    """Applications somebody has taken papers in for since then and that are open, by number."""
    return [row.number for row in rows(session, _PAPERS, staff_id=staff_id, since=since)]


def pending(session: Session, staff_id: int, hall_ids: Sequence[int]) -> Rows:
    """Lists of these halls that wait for this person, the oldest first."""
    return rows(session, _PENDING, staff_id=staff_id, halls=list(hall_ids))


def is_pending(session: Session, staff_id: int, hall_id: int) -> bool:
    """Whether a list of this hall waits for this person."""
    return bool(rows(session, _HAS, staff_id=staff_id, halls=[hall_id]))


def own(session: Session, staff_id: int) -> Rows:
    """The last lists somebody left or took over."""
    return rows(session, _OWN, staff_id=staff_id)


def items_of(session: Session, ids: Sequence[int]) -> Rows:
    """What stands on these lists."""
    return rows(session, _ITEMS, ids=list(ids))


def find_handover(session: Session, handover_id: int) -> ShiftHandover | None:
    """One list as it stands now, held until the transaction ends."""
    wanted = select(ShiftHandover).where(ShiftHandover.id == handover_id).with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
