"""Reads of consents: which kinds there are, what somebody said last, what they said before.

The latest line of a kind holds, over all rows merged into one person.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import BindParameter, bindparam, select
from sqlalchemy.orm import Session

from app.kernel.db import rows
from app.privacy.models import Consent, ConsentKind
from app.privacy.rules import Source

_IDS: Final[BindParameter[int]] = bindparam("ids", expanding=True)
_KINDS: Final = select(
    ConsentKind.code,
    ConsentKind.name,
    ConsentKind.name_en,
    ConsentKind.purpose,
    ConsentKind.purpose_en,
    ConsentKind.position,
    ConsentKind.is_active,
).order_by(ConsentKind.position, ConsentKind.code)
_ACTIVE: Final = _KINDS.where(ConsentKind.is_active.is_(True))
_HISTORY: Final = (
    select(
        Consent.kind_code,
        Consent.is_given,
        Consent.source,
        Consent.guardian_id,
        Consent.by_id,
        Consent.at,
    )
    .where(Consent.citizen_id.in_(_IDS))
    .order_by(Consent.id.desc())
)
_LAST: Final = (
    select(Consent.is_given)
    .where(Consent.citizen_id.in_(_IDS), Consent.kind_code == bindparam("kind"))
    .order_by(Consent.id.desc())
    .limit(1)
)


class KindLine(NamedTuple):
    """One extra somebody may agree to, in both languages."""

    code: str
    name: str
    name_en: str
    purpose: str
    purpose_en: str
    position: int
    is_active: bool

    def label(self, language: str) -> str:
        """What it is called."""
        return self.name if language.startswith("zh") else self.name_en or self.name

    def reason(self, language: str) -> str:
        """What it is for."""
        return self.purpose if language.startswith("zh") else self.purpose_en or self.purpose


class ConsentLine(NamedTuple):
    """One line of somebody's consents."""

    kind: str
    is_given: bool
    source: Source
    guardian_id: int | None
    by_id: int | None
    at: datetime


def active_kinds(session: Session) -> list[KindLine]:
    """The extras offered now, in their order."""
    return [KindLine(*row) for row in rows(session, _ACTIVE)]


def every_kind(session: Session) -> list[KindLine]:
    """Also those no longer offered, for histories."""
    return [KindLine(*row) for row in rows(session, _KINDS)]


def history(session: Session, ids: Sequence[int]) -> list[ConsentLine]:
    """Everything somebody agreed to and took back, newest first."""
    return [ConsentLine(*row) for row in rows(session, _HISTORY, ids=ids)]


def last(session: Session, ids: Sequence[int], kind: str) -> bool | None:
    """What somebody said last; None if they never said anything."""
    found = rows(session, _LAST, ids=ids, kind=kind)
    return bool(found[0][0]) if found else None


def is_agreed_to(session: Session, kind: str) -> bool:
    """Whether anybody ever agreed to this extra."""
    wanted = select(Consent.id).where(Consent.kind_code == kind, Consent.is_given.is_(True))
    return session.scalar(wanted.limit(1)) is not None
