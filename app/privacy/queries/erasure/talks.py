"""Reads of conversations and calls that belong to no person and to no matter.

What belongs to somebody goes with them; a conversation whose matters were all erased and
which names nobody belongs to nobody either.
"""

from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import BindParameter, and_, bindparam, column, exists, func, or_, select, table
from sqlalchemy.orm import Session

from app.kernel.db import BigInt, UtcDateTime, rows
from app.privacy.models import RetentionItem, Tombstone
from app.privacy.rules import ItemState

_CUTOFF: Final[BindParameter[datetime]] = bindparam("cutoff")

# By name: conversations stand beside this package, not under it.
_TALKS: Final = table(
    "interactions",
    column("id", BigInt),
    column("citizen_id", BigInt),
    column("summary"),
    column("began_at", UtcDateTime()),
    column("ended_at", UtcDateTime()),
)
_CALLS: Final = table("incoming_calls", column("interaction_id", BigInt), column("number"))
_LINKS: Final = table(
    "interaction_cases", column("interaction_id", BigInt), column("case_id", BigInt)
)
_PROMISES: Final = table("promises", column("interaction_id", BigInt))
_ID: Final = _TALKS.c.id
_OF_NOBODY: Final = and_(
    _TALKS.c.citizen_id.is_(None),
    ~exists().where(
        _LINKS.c.interaction_id == _ID, ~exists().where(Tombstone.case_id == _LINKS.c.case_id)
    ),
    or_(
        _TALKS.c.summary.is_not(None),
        exists().where(_CALLS.c.interaction_id == _ID, _CALLS.c.number.is_not(None)),
        exists().where(_PROMISES.c.interaction_id == _ID),
    ),
)
_DUE: Final = and_(
    _TALKS.c.began_at < _CUTOFF,
    _OF_NOBODY,
    ~exists().where(RetentionItem.talk_id == _ID, RetentionItem.state == ItemState.WAITING),
)
_OLD: Final = select(_ID).where(_DUE).order_by(_TALKS.c.began_at, _ID).limit(bindparam("most"))
_NUMBER: Final = select(func.count()).select_from(_TALKS).where(_DUE)
_ONE: Final = select(_TALKS.c.began_at, _TALKS.c.ended_at).where(
    bindparam("talk_id") == _ID, _TALKS.c.began_at < _CUTOFF, _OF_NOBODY
)


class Talk(NamedTuple):
    """When a conversation began and ended."""

    began_at: datetime
    ended_at: datetime | None


def old_talks(session: Session, cutoff: datetime, *, most: int) -> list[int]:
    """Those of nobody that began before that instant and still say something, the oldest first."""
    return [row[0] for row in rows(session, _OLD, cutoff=cutoff, most=most)]


def count_talks(session: Session, cutoff: datetime) -> int:
    """How many they are."""
    return int(rows(session, _NUMBER, cutoff=cutoff)[0][0])


def talk_of_nobody(session: Session, talk_id: int, cutoff: datetime) -> Talk | None:
    """This conversation, if it still belongs to nobody, says something and is old enough."""
    found = rows(session, _ONE, talk_id=talk_id, cutoff=cutoff)
    return Talk(*found[0]) if found else None
