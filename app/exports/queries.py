"""Reads of exports: one's own list, one of them, those whose time is up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.exports.models import Export
from app.exports.rules import ExportState
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.paging import Order, Page, list_page

_SWEPT: Final = 200
_OWN: Final = select(
    Export.id,
    Export.source,
    Export.label,
    Export.format,
    Export.is_clear,
    Export.reason,
    Export.state,
    Export.rows_done,
    Export.size,
    Export.trouble,
    Export.created_at,
    Export.expires_at,
    Export.downloads,
)
_NEWEST: Final = Order.by(Export.id, descending=True)
_ENDED: Final = (
    select(Export)
    .where(Export.expires_at <= bindparam("now"), Export.state != ExportState.EXPIRED)
    .order_by(Export.expires_at)
    .limit(_SWEPT)
)


def list_own(
    session: Session, actor: Actor, *, cursor: str | None = None
) -> Page[Row[*tuple[Any, ...]]]:
    """What this person ordered, newest first."""
    return list_page(session, _OWN.where(Export.staff_id == actor.id), _NEWEST, cursor=cursor)


def get_own(session: Session, export_id: int, actor: Actor) -> Export:
    """One export, for who ordered it and nobody else.

    Raises:
        NotFoundError: there is none, or somebody else ordered it.
    """
    wanted = select(Export).where(Export.id == export_id, Export.staff_id == actor.id)
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFoundError(mark("There is no such export, or somebody else ordered it."))
    return found


def list_ended(session: Session, *, now: datetime) -> Sequence[Export]:
    """Some of those whose time is up."""
    return session.scalars(_ENDED, {"now": now}).all()
