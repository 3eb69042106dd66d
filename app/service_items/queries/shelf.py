"""All published versions as short entries, read once and kept until the next edit.

A copy belongs to one token (`kernel.revisions`), which every edit renews; without a token
nothing is kept. Materials and questions are read where a version is opened.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.catalogue.rules import Named
from app.kernel import revisions
from app.kernel.db import rows
from app.service_items.models import ITEMS, ServiceItem, ServiceItemVersion
from app.service_items.rules import ItemEntry, Span

_KEPT: Final = 4
_ENTRIES: Final = (
    select(
        ServiceItemVersion.id,
        ServiceItemVersion.item_id,
        ServiceItemVersion.number,
        ServiceItem.code,
        ServiceItem.basic_code,
        ServiceItem.is_sample,
        ServiceItem.is_active,
        ServiceItemVersion.name,
        ServiceItemVersion.name_en,
        ServiceItemVersion.summary,
        ServiceItemVersion.summary_en,
        ServiceItemVersion.authority,
        ServiceItemVersion.authority_en,
        ServiceItemVersion.kind,
        ServiceItemVersion.handling,
        ServiceItemVersion.legal_unit,
        ServiceItemVersion.legal_value,
        ServiceItemVersion.promised_unit,
        ServiceItemVersion.promised_value,
        ServiceItemVersion.visits,
        ServiceItemVersion.unit_id,
        ServiceItemVersion.initials,
        ServiceItemVersion.pinyin,
        ServiceItemVersion.valid_from,
        ServiceItemVersion.valid_to,
    )
    .join(ServiceItem, ServiceItem.id == ServiceItemVersion.item_id)
    .where(ServiceItemVersion.valid_from.is_not(None))
    .order_by(ServiceItem.code, ServiceItemVersion.number)
)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The published versions in the order of their codes, and by their own keys."""

    entries: tuple[ItemEntry, ...]
    by_version: Mapping[int, ItemEntry]


_shelves: Final[OrderedDict[str, Shelf]] = OrderedDict()
_lock: Final = Lock()


def shelf(session: Session) -> Shelf:
    """The published versions as this transaction sees them."""
    token = revisions.token_of(session, ITEMS)
    with _lock:
        kept = _shelves.get(token)
    if kept is None:
        entries = tuple(_entry(row) for row in rows(session, _ENTRIES))
        kept = Shelf(entries, {entry.version_id: entry for entry in entries})
        if token:
            _keep(token, kept)
    return kept


def _keep(token: str, kept: Shelf) -> None:
    with _lock:
        _shelves[token] = kept
        while len(_shelves) > _KEPT:
            _shelves.popitem(last=False)


def _entry(row: Row[*tuple[Any, ...]]) -> ItemEntry:
    return ItemEntry(
        item_id=row.item_id,
        version_id=row.id,
        number=row.number,
        code=row.code,
        basic_code=row.basic_code,
        name=Named(row.name, row.name_en),
        summary=Named(row.summary, row.summary_en),
        authority=Named(row.authority, row.authority_en),
        kind=row.kind,
        handling=row.handling,
        legal=Span(row.legal_unit, row.legal_value) if row.legal_value else None,
        promised=Span(row.promised_unit, row.promised_value),
        visits=row.visits,
        unit_id=row.unit_id,
        initials=row.initials,
        pinyin=row.pinyin,
        is_sample=row.is_sample,
        is_active=row.is_active,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
    )
