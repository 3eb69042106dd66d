"""The demo city's service items: the shipped samples, one with a newer version, one that ended.

Goes through the real services; nobody applies for anything here.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.service_items import queries, service
from app.service_items.rules import Span
from app.service_items.service import Edit, Part

_FASTER: Final = "990100-SCJ-001"
_ENDED: Final = "990100-CGJ-002"
_DRAFTED: Final = "990100-GAJ-002"
_SINCE: Final = timedelta(days=60)
_A_DAY: Final = timedelta(days=1)


def stock(session: Session, *, now: datetime) -> int:
    """Fill the catalogue of service items; gives how many there are."""
    added = service.seed(session, now=now)
    _quicken(session, _FASTER, now=now - _SINCE)
    _let_end(session, _ENDED, now=now)
    service.open_draft(session, _item(session, _DRAFTED), edit=Edit(now=now, actor=None))
    return added


def _quicken(session: Session, code: str, *, now: datetime) -> None:
    """A new version whose promised time is two days shorter."""
    edit = Edit(now=now, actor=None, note="承诺时限再压缩两个工作日")
    version_id = service.open_draft(session, _item(session, code), edit=edit)
    draft = queries.get_version(session, version_id)
    promised = draft.content.promised
    content = replace(draft.content, promised=Span(promised.unit, promised.value - 2))
    service.save_draft(session, version_id, content, part=Part.FIELDS, lock=draft.lock, edit=edit)
    service.publish(
        session,
        version_id,
        valid_from=now.date(),
        today=now.date(),
        lock=queries.get_version(session, version_id).lock,
        edit=edit,
    )


def _let_end(session: Session, code: str, *, now: datetime) -> None:
    """An item whose last day was yesterday, so that nothing can be applied for by it today."""
    version = queries.newest_of(session, _item(session, code))
    yesterday = now.date() - _A_DAY
    service.set_end(
        session,
        version.id,
        yesterday,
        today=now.date(),
        lock=version.lock,
        edit=Edit(now=now, actor=None, note="改由统一平台办理（示例）"),
    )


def _item(session: Session, code: str) -> int:
    return queries.keys_by_code(session)[code]
