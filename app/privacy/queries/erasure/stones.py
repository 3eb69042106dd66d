"""Reads of the register of what was erased.

Written once; without a word of what was there.
"""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from app.catalogue.rules import CaseKind
from app.kernel.db import rows
from app.privacy.models import Tombstone

_STONES: Final = (
    select(
        Tombstone.id,
        Tombstone.number,
        Tombstone.case_kind,
        Tombstone.opened_at,
        Tombstone.closed_at,
        Tombstone.ground,
        Tombstone.batch_id,
        Tombstone.request_id,
        Tombstone.digest,
        Tombstone.at,
        Tombstone.talk_id,
    )
    .where(Tombstone.id < bindparam("before"))
    .order_by(Tombstone.id.desc())
    .limit(bindparam("most"))
)


class StoneLine(NamedTuple):
    """One line of the register of what was erased."""

    id: int
    number: str
    case_kind: CaseKind | None
    opened_at: datetime
    closed_at: datetime | None
    ground: str
    batch_id: int | None
    request_id: int | None
    digest: bytes
    at: datetime
    talk_id: int | None


def list_stones(session: Session, *, before: int, most: int) -> list[StoneLine]:
    """The register, the latest first."""
    return [StoneLine(*row) for row in rows(session, _STONES, before=before, most=most)]


def is_case_erased(session: Session, case_id: int) -> bool:
    """Whether the matter has a tombstone."""
    wanted = select(Tombstone.id).where(Tombstone.case_id == case_id)
    return session.scalar(wanted) is not None
