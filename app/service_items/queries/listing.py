"""What those who keep the catalogue look at: all items with all their versions, also drafts.

Plain rows; entities are read only by the service that changes them.
"""

from datetime import date
from typing import Any, Final

from sqlalchemy import Row, bindparam, select
from sqlalchemy.orm import Session

from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.service_items.models import ServiceItem, ServiceItemVersion
from app.service_items.queries.reading import get_version
from app.service_items.rules import ItemVersion

_KEYS: Final = select(ServiceItem.code, ServiceItem.id)
_ITEM: Final = select(
    ServiceItem.id,
    ServiceItem.code,
    ServiceItem.basic_code,
    ServiceItem.is_sample,
    ServiceItem.is_active,
    ServiceItem.version,
).where(ServiceItem.id == bindparam("item_id"))
_VERSIONS: Final = (
    select(
        ServiceItemVersion.id,
        ServiceItemVersion.number,
        ServiceItemVersion.name,
        ServiceItemVersion.name_en,
        ServiceItemVersion.valid_from,
        ServiceItemVersion.valid_to,
        ServiceItemVersion.published_at,
        ServiceItemVersion.version,
    )
    .where(ServiceItemVersion.item_id == bindparam("item_id"))
    .order_by(ServiceItemVersion.number.desc())
)
_DRAFTS: Final = (
    select(
        ServiceItemVersion.id,
        ServiceItemVersion.item_id,
        ServiceItemVersion.number,
        ServiceItem.code,
        ServiceItemVersion.name,
        ServiceItemVersion.name_en,
        ServiceItemVersion.authority,
        ServiceItemVersion.authority_en,
        ServiceItemVersion.kind,
    )
    .join(ServiceItem, ServiceItem.id == ServiceItemVersion.item_id)
    .where(ServiceItemVersion.valid_from.is_(None))
    .order_by(ServiceItem.code)
)
_LAST: Final = (
    select(ServiceItemVersion.id, ServiceItemVersion.valid_from, ServiceItemVersion.valid_to)
    .where(
        ServiceItemVersion.item_id == bindparam("item_id"),
        ServiceItemVersion.valid_from.is_not(None),
    )
    .order_by(ServiceItemVersion.number.desc())
    .limit(1)
)


def keys_by_code(session: Session) -> dict[str, int]:
    """The key of every item, by its code."""
    return {row.code: row.id for row in rows(session, _KEYS)}


def get_item(session: Session, item_id: int) -> Row[*tuple[Any, ...]]:
    """The item's own columns.

    Raises:
        NotFoundError: there is none.
    """
    found = rows(session, _ITEM, item_id=item_id)
    if not found:
        raise NotFoundError(mark("There is no such service item."))
    return found[0]


def versions_of(session: Session, item_id: int) -> list[Row[*tuple[Any, ...]]]:
    """All versions of an item, newest first; a draft has no first day."""
    return list(rows(session, _VERSIONS, item_id=item_id))


def list_drafts(session: Session) -> list[Row[*tuple[Any, ...]]]:
    """All drafts, by the code of their item."""
    return list(rows(session, _DRAFTS))


def newest_of(session: Session, item_id: int) -> ItemVersion:
    """The newest version of an item, published or not.

    Raises:
        NotFoundError: there is no such item.
    """
    found = versions_of(session, item_id)
    if not found:
        raise NotFoundError(mark("There is no such service item."))
    return get_version(session, found[0].id)


def last_published(session: Session, item_id: int) -> tuple[date, date | None] | None:
    """The first and last day of the newest published version; none before the first."""
    found = rows(session, _LAST, item_id=item_id)
    return (found[0].valid_from, found[0].valid_to) if found else None
