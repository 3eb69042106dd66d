"""The events of a day, in the order they happened, and who the staff in them are.

A busy hall writes some three thousand a day; they are read whole.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.kernel.db import rows
from app.queueing.models import QueueEvent
from app.queueing.rules.measuring import Happened

_OF_DAYS: Final = (
    select(
        QueueEvent.ticket_id,
        QueueEvent.deed,
        QueueEvent.at,
        QueueEvent.service_id,
        QueueEvent.counter_id,
        QueueEvent.staff_id,
    )
    .where(
        QueueEvent.hall_id == bindparam("hall_id"),
        QueueEvent.day.between(bindparam("first"), bindparam("last")),
        QueueEvent.ticket_id.is_not(None),
    )
    .order_by(QueueEvent.seq)
)
_LAST_SEQ: Final = select(func.max(QueueEvent.seq)).where(
    QueueEvent.hall_id == bindparam("hall_id")
)
_LAST_AT: Final = select(QueueEvent.at).where(
    QueueEvent.hall_id == bindparam("hall_id"),
    QueueEvent.seq == bindparam("seq"),
    QueueEvent.day == bindparam("day"),
)
_STAFF: Final = select(Staff.id, Staff.display_name).where(
    Staff.id.in_(bindparam("ids", expanding=True))
)


def of_day(session: Session, hall_id: int, day: date) -> Iterator[Happened]:
    """What happened to the tickets of this day."""
    yield from of_days(session, hall_id, day, day)


def of_days(session: Session, hall_id: int, first: date, last: date) -> Iterator[Happened]:
    """What happened to the tickets of these days; a number belongs to one day only."""
    for row in rows(session, _OF_DAYS, hall_id=hall_id, first=first, last=last):
        yield Happened(*row)


def last_seq(session: Session, hall_id: int) -> int:
    """A number that grows with everything that happens in the hall."""
    ((last,),) = rows(session, _LAST_SEQ, hall_id=hall_id)
    return last or 0


def last_at(session: Session, hall_id: int, day: date, seq: int) -> datetime | None:
    """When the hall's latest event happened, if it was on this day."""
    return next(
        (row.at for row in rows(session, _LAST_AT, hall_id=hall_id, day=day, seq=seq)), None
    )


def staff_names(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The names of these members of staff."""
    return {row.id: row.display_name for row in rows(session, _STAFF, ids=list(ids))}
