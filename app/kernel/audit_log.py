"""Reading the audit log: filtered, a page at a time. Who may read it is decided above."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from app.kernel.audit import AuditEntry, AuditSeal
from app.kernel.paging import Order, Page, list_page

ORDER: Final = Order.by(AuditEntry.id, descending=True)

_LIST: Final = select(
    AuditEntry.id,
    AuditEntry.at,
    AuditEntry.actor_id,
    AuditEntry.role,
    AuditEntry.action,
    AuditEntry.object_type,
    AuditEntry.object_id,
    AuditEntry.reason,
    AuditEntry.ip,
    AuditEntry.details,
)


@dataclass(frozen=True, slots=True)
class Filter:
    """What is asked of the log; an empty part asks nothing. `action` is a beginning."""

    since: datetime | None = None
    before: datetime | None = None
    actor_id: int | None = None
    action: str = ""
    object_type: str = ""
    object_id: str = ""


@dataclass(frozen=True, slots=True)
class ChainState:
    """How far the log is sealed; whether the seals hold is `audit.verify`'s question."""

    seals: int
    sealed_at: datetime | None
    head: str
    unsealed: int


def list_entries(
    session: Session, asked: Filter, *, cursor: str | None
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of the log, newest first."""
    return list_page(session, _filtered(asked), ORDER, cursor=cursor, size=50)


def state_of_chain(session: Session) -> ChainState:
    """How far the log is sealed."""
    last = session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    seals = session.scalar(select(func.count()).select_from(AuditSeal)) or 0
    unsealed = select(func.count()).select_from(AuditEntry)
    if last is None:
        return ChainState(0, None, "", session.scalar(unsealed) or 0)
    later = session.scalar(unsealed.where(AuditEntry.id > last.last_id)) or 0
    return ChainState(seals, last.sealed_at, last.digest.hex(), later)


def _filtered(asked: Filter) -> Select[*tuple[Any, ...]]:
    statement = _LIST
    if asked.since:
        statement = statement.where(AuditEntry.at >= asked.since)
    if asked.before:
        statement = statement.where(AuditEntry.at < asked.before)
    if asked.actor_id is not None:
        statement = statement.where(AuditEntry.actor_id == asked.actor_id)
    if asked.action:
        statement = statement.where(AuditEntry.action.startswith(asked.action, autoescape=True))
    if asked.object_type:
        statement = statement.where(AuditEntry.object_type == asked.object_type)
    if asked.object_id:
        statement = statement.where(AuditEntry.object_id == asked.object_id)
    return statement
