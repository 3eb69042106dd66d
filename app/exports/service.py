"""What can be done with exports: order one, take the file, let it expire.

Every deed leaves a line in the audit log; the file itself is made by a job.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.exports import queries
from app.exports.models import Export
from app.exports.rules import KEPT, LONGEST_REASON, SHORTEST_REASON, ExportState, Format
from app.exports.sources import Params, Source
from app.kernel import audit, jobs
from app.kernel.authors import MACHINE
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.ids import random_token
from app.kernel.messages import mark
from app.kernel.sealed_files import FileKey, open_key
from app.kernel.text import clean_line
from app.kernel.vault import vault_of

JOB: Final = "exports:make"
NO_REASON: Final = mark("Say what the file is for, in at least a few words.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody orders; `params` come from the source's own `read`."""

    source: Source
    params: Params
    format: Format
    reason: str
    is_clear: bool = False
    label: str = ""
    locale: str = "zh_CN"


def order(session: Session, actor: Actor, wish: Wish, *, now: datetime, ip: str = "") -> Export:
    """Have a file made in the background.

    Raises:
        ForbiddenError: exports, this source, or clear columns are not theirs to take.
        InvalidError: no reason is given.
    """
    is_clear = wish.is_clear and wish.source.has_clear
    require(actor, wish.source, is_clear=is_clear)
    reason = clean_line(wish.reason)[:LONGEST_REASON]
    if len(reason) < SHORTEST_REASON:
        raise InvalidError(fields={"reason": NO_REASON})
    export = Export(
        ref=random_token(),
        source=wish.source.name,
        label=wish.label,
        params=wish.params,
        format=wish.format,
        is_clear=is_clear,
        reason=reason,
        locale=wish.locale,
        staff_id=actor.id,
        created_at=now,
        expires_at=now + KEPT,
    )
    session.add(export)
    session.flush()
    jobs.enqueue(session, JOB, {"export": export.id}, run_at=now, dedup=job_name(export.id))
    details = {"source": export.source, "format": str(export.format), "clear": export.is_clear}
    audit.note(
        session,
        actor.author(ip=ip),
        "export:ordered",
        ("export", export.id),
        at=now,
        reason=reason,
        details=details,
    )
    return export


def require(actor: Actor, source: Source, *, is_clear: bool) -> None:
    """Refuse who may not take this out; asked when it is ordered and again when it is made.

    Raises:
        ForbiddenError: a right is missing.
    """
    actor.require(Permission.EXPORT_RUN)
    actor.require(source.needs)
    if is_clear:
        actor.require(Permission.CONTACT_REVEAL)


def job_name(export_id: int) -> str:
    """Under what name its job waits."""
    return f"export:{export_id}"


def take(
    session: Session, actor: Actor, export_id: int, *, now: datetime, ip: str = ""
) -> tuple[Export, FileKey]:
    """The file for who ordered it; counted and written down.

    Raises:
        NotFoundError: it is not theirs, not ready, or was deleted.
        ForbiddenError: they have lost the right since.
    """
    actor.require(Permission.EXPORT_RUN)
    export = queries.get_own(session, export_id, actor)
    if export.state is not ExportState.READY or export.file_key is None or now > export.expires_at:
        raise NotFoundError(mark("This file is not ready, or was deleted after a week."))
    export.downloads += 1
    details = {"rows": export.rows_done, "clear": export.is_clear}
    audit.note(
        session,
        actor.author(ip=ip),
        "export:taken",
        ("export", export.id),
        at=now,
        details=details,
    )
    return export, open_key(vault_of(session).cipher, export.file_key, aad=key_aad(export.ref))


def key_aad(ref: str) -> str:
    """What the key of a file is bound to."""
    return f"exports.file_key|{ref}"


def note_end(session: Session, export: Export, *, now: datetime) -> None:
    """Write down how the making of an export ended."""
    is_made = export.state is ExportState.READY
    audit.note(
        session,
        MACHINE,
        "export:made" if is_made else "export:failed",
        ("export", export.id),
        at=now,
        details={"rows": export.rows_done} if is_made else {},
    )


def expire(session: Session, export: Export, *, now: datetime) -> None:
    """Forget the key; the caller deletes the file."""
    export.expire()
    audit.note(session, MACHINE, "export:expired", ("export", export.id), at=now)
