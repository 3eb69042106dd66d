"""The audit log: who did what to which object, append-only and sealed in a hash chain.

Seals batches of entries; it does not decide what is worth an entry, and it
cannot keep a database owner from deleting rows, only make that visible.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Never

from sqlalchemy import Index, LargeBinary, String, event, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.kernel.authors import Author
from app.kernel.db import BigInt, JsonDict, Key, Model
from app.kernel.ids import TOKEN_LENGTH
from app.kernel.vault import vault_of

BATCH: Final = 5_000
_PURPOSE: Final = "audit-seal"


class AuditEntry(Model):
    """One thing done: never changed, never deleted by the application.

    `details` holds what changed, before and after, without personal data.
    Kept at least one year (互联网政务应用安全管理规定 art. 20).
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_object", "object_type", "object_id", "id"),
        Index("ix_audit_entries_actor", "actor_id", "id"),
        Index("ix_audit_entries_at", "at", "id"),
    )

    id: Mapped[Key]
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(BigInt)
    role: Mapped[str] = mapped_column(String(160))
    action: Mapped[str] = mapped_column(String(64))
    object_type: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(300), default="")
    ip: Mapped[str] = mapped_column(String(45), default="")
    details: Mapped[JsonDict] = mapped_column(default=dict)


class AuditSeal(Model):
    """A batch of entries whose digest covers the batch before it.

    `mark` signs the digest with the installation's key, so that somebody who
    can write to the database but not read the key file cannot forge a chain.
    """

    __tablename__ = "audit_seals"

    id: Mapped[Key]
    first_id: Mapped[int] = mapped_column(BigInt, unique=True)
    last_id: Mapped[int] = mapped_column(BigInt, unique=True)
    entries: Mapped[int]
    sealed_at: Mapped[datetime]
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    mark: Mapped[str] = mapped_column(String(TOKEN_LENGTH))


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What a check of the chain found; `broken_seal` is the first that does not hold."""

    seals: int
    sealed_entries: int
    unsealed_entries: int
    head: str
    broken_seal: int | None

    @property
    def is_whole(self) -> bool:
        return self.broken_seal is None


def record(
    session: Session,
    *,
    at: datetime,
    actor_id: int | None,
    role: str,
    action: str,
    object_type: str,
    object_id: object,
    reason: str = "",
    ip: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write one entry in the caller's transaction: deed and entry stand or fall together."""
    session.add(
        AuditEntry(
            at=at,
            actor_id=actor_id,
            role=role[:160],
            action=action,
            object_type=object_type,
            object_id=str(object_id)[:64],
            reason=reason[:300],
            ip=ip[:45],
            details=dict(details or {}),
        )
    )


def note(
    session: Session,
    by: Author,
    action: str,
    subject: tuple[str, object],
    *,
    at: datetime,
    reason: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """`record`, for callers that hold an author; `subject` is the object's type and id."""
    record(
        session,
        at=at,
        actor_id=by.id,
        role=by.role,
        ip=by.ip,
        action=action,
        object_type=subject[0],
        object_id=subject[1],
        reason=reason,
        details=details,
    )


def seal(session: Session, *, now: datetime, limit: int = BATCH) -> AuditSeal | None:
    """Seal the entries written since the last seal, at most `limit`; None if there are none."""
    if session.get_bind().dialect.name == "postgresql":
        # Wait for writers under way: an entry with a lower id must not appear
        # after its number has been sealed over.
        session.execute(text("SET LOCAL lock_timeout = '5s'"))
        session.execute(text("LOCK TABLE audit_entries IN SHARE MODE"))
    session.flush()
    last = session.scalar(select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1))
    entries = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.id > (last.last_id if last else 0))
        .order_by(AuditEntry.id)
        .limit(limit)
    ).all()
    if not entries:
        return None
    digest = _digest(last.digest if last else b"", entries)
    new = AuditSeal(
        first_id=entries[0].id,
        last_id=entries[-1].id,
        entries=len(entries),
        sealed_at=now,
        digest=digest,
        mark=vault_of(session).signer.token(_PURPOSE, digest.hex()),
    )
    session.add(new)
    session.flush()
    return new


def verify(session: Session) -> ChainReport:
    """Recompute the whole chain; stops at the first seal that does not hold."""
    before, last_id, seals, sealed, broken = b"", 0, 0, 0, None
    signer = vault_of(session).signer
    for link in session.scalars(select(AuditSeal).order_by(AuditSeal.id)):
        digest = _digest(before, _sealed(session, last_id, link))
        if not signer.verify(link.mark, _PURPOSE, digest.hex()) or digest != link.digest:
            broken = link.id
            break
        before, last_id = link.digest, link.last_id
        seals, sealed = seals + 1, sealed + link.entries
    newest = session.scalar(select(func.max(AuditSeal.last_id))) or 0
    unsealed = session.scalar(
        select(func.count()).select_from(AuditEntry).where(AuditEntry.id > newest)
    )
    return ChainReport(seals, sealed, unsealed or 0, before.hex(), broken)


def _sealed(session: Session, after_id: int, link: AuditSeal) -> Iterator[AuditEntry]:
    # From the previous seal, not from first_id: a row slipped in between must show.
    statement = (
        select(AuditEntry)
        .where(AuditEntry.id > after_id, AuditEntry.id <= link.last_id)
        .order_by(AuditEntry.id)
        .execution_options(yield_per=500)
    )
    for entry in session.scalars(statement):
        yield entry
        session.expunge(entry)


def _digest(before: bytes, entries: Iterable[AuditEntry]) -> bytes:
    digest = hashlib.sha256(before)
    for entry in entries:
        digest.update(_canonical(entry))
    return digest.digest()


def _canonical(entry: AuditEntry) -> bytes:
    fields = (
        entry.id,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.role,
        entry.action,
        entry.object_type,
        entry.object_id,
        entry.reason,
        entry.ip,
        entry.details,
    )
    line = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return line.encode() + b"\n"


def _refuse(*_: object) -> Never:
    msg = "audit entries are append-only"
    raise RuntimeError(msg)


for _kind in (AuditEntry, AuditSeal):
    event.listen(_kind, "before_update", _refuse)
    event.listen(_kind, "before_delete", _refuse)
