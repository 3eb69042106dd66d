"""What is asked about watching: how many, who is to be told, what somebody watches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.cases.kinds import Status
from app.cases.models import Case
from app.citizens.models import Citizen, Contact
from app.citizens.rules import ContactKind
from app.kernel.db import rows
from app.watching.models import Watcher
from app.watching.rules import Why

MOST: Final = 50
_BATCH: Final = 200

_COUNTS: Final = (
    select(Watcher.case_id, func.count().label("people"))
    .where(Watcher.case_id.in_(bindparam("ids", expanding=True)), Watcher.why == Why.ME_TOO)
    .group_by(Watcher.case_id)
)
_THEIRS: Final = (
    select(
        Watcher.id,
        Watcher.watched_at,
        Case.number,
        Case.category_name,
        Case.place,
        Case.region_code,
        Case.status,
        Case.opened_at,
        Case.closed_at,
    )
    .join(Case, Case.id == Watcher.case_id)
    .where(
        Watcher.citizen_id.in_(bindparam("ids", expanding=True)),
        Watcher.ended_at.is_(None),
        Case.is_confidential.is_(False),
    )
    .order_by(Watcher.id.desc())
    .limit(MOST)
)
_BARRED: Final = (
    select(Contact.id)
    .join(Citizen, Citizen.id == Contact.citizen_id)
    .where(
        Contact.exact_index.in_(bindparam("indexes", expanding=True)),
        Contact.kind == bindparam("kind"),
        Citizen.do_not_contact,
    )
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Watched:
    """A matter somebody watches, as far as anybody may know of it."""

    id: int
    number: str
    category_name: str
    place: str
    region_code: str
    status: Status
    opened_at: datetime
    closed_at: datetime | None
    watched_at: datetime


def voices(session: Session, case_ids: Sequence[int]) -> dict[int, int]:
    """How many said "me too", by matter; matters nobody said it of are left out."""
    if not case_ids:
        return {}
    return {row.case_id: row.people for row in rows(session, _COUNTS, ids=list(case_ids))}


def voices_of(session: Session, case_id: int) -> int:
    """How many said "me too" of one matter."""
    return voices(session, [case_id]).get(case_id, 0)


def watched_by(session: Session, people: Sequence[int]) -> list[Watched]:
    """What these rows of one person watch, newest first."""
    found = rows(session, _THEIRS, ids=list(people)) if people else []
    return [
        Watched(
            row.id,
            row.number,
            row.category_name,
            row.place,
            row.region_code,
            row.status,
            row.opened_at,
            row.closed_at,
            row.watched_at,
        )
        for row in found
    ]


def find_same(session: Session, case_id: int, who: Sequence[bytes]) -> Watcher | None:
    """Who is known by one of these digests and watches the matter already."""
    wanted = select(Watcher).where(Watcher.case_id == case_id, Watcher.who.in_(who))
    return session.scalars(wanted.order_by(Watcher.id).limit(1)).first()


def find_by_digest(session: Session, digest: bytes) -> Watcher | None:
    """Whom a link belongs to."""
    return session.scalars(select(Watcher).where(Watcher.token_digest == digest)).one_or_none()


def list_untold(session: Session, case_id: int, seq: int, *, after: int = 0) -> list[Watcher]:
    """Some of those who are to be told and have not heard of this line yet, oldest first."""
    wanted = (
        select(Watcher)
        .where(
            Watcher.case_id == case_id,
            Watcher.id > after,
            Watcher.told_seq < seq,
            Watcher.confirmed_at.is_not(None),
            Watcher.ended_at.is_(None),
        )
        .order_by(Watcher.id)
        .limit(_BATCH)
    )
    return list(session.scalars(wanted))


def has_any(session: Session, case_id: int) -> bool:
    """Whether anybody watches."""
    return session.scalar(select(Watcher.id).where(Watcher.case_id == case_id).limit(1)) is not None


def is_barred(session: Session, indexes: Sequence[bytes], kind: ContactKind) -> bool:
    """Whether somebody with this address does not wish to be contacted."""
    asked: dict[str, Any] = {"indexes": list(indexes), "kind": kind}
    return bool(indexes) and bool(rows(session, _BARRED, **asked))
