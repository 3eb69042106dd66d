"""What was done on matters while somebody sat at a counter, and what visitors thought of it.

Ids and times only; ratings are counted, never shown with a number.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.cases.kinds import Status
from app.cases.models import CaseEvent
from app.kernel.db import rows
from app.queueing.models import QueueEvent, Ticket, TicketRating
from app.queueing.rules import Deed
from app.queueing.rules.working import Done, SatDown, Seat

_NEW: Final = frozenset({Status.SUBMITTED, Status.RECEIVED, Status.CORRECTING})
_ACCEPTED: Final = frozenset(
    {Status.ACCEPTED, Status.ADMITTED, Status.REVIEWING, Status.DECIDED, Status.ANSWERED}
)
_FINISHED: Final = frozenset({Status.DECIDED, Status.CLOSED, Status.ANSWERED})
_SEATS: Final = select(
    QueueEvent.staff_id, QueueEvent.deed, QueueEvent.counter_id, QueueEvent.at
).where(
    QueueEvent.hall_id == bindparam("hall_id"),
    QueueEvent.day == bindparam("day"),
    QueueEvent.deed.in_([Deed.SIGN_ON, Deed.SIGN_OFF]),
)
_DONE: Final = select(
    CaseEvent.actor_id,
    CaseEvent.case_id,
    CaseEvent.at,
    CaseEvent.from_status,
    CaseEvent.to_status,
).where(
    CaseEvent.at >= bindparam("begins"),
    CaseEvent.at < bindparam("ends"),
    CaseEvent.actor_id.in_(bindparam("staff", expanding=True)),
    CaseEvent.to_status.in_(sorted(_ACCEPTED | _FINISHED)),
)
_RATED: Final = (
    select(
        Ticket.counter_id,
        Ticket.staff_id,
        func.count(),
        func.sum(TicketRating.level),
    )
    .join(Ticket, Ticket.id == TicketRating.ticket_id)
    .where(Ticket.hall_id == bindparam("hall_id"), Ticket.day == bindparam("day"))
    .group_by(Ticket.counter_id, Ticket.staff_id)
)


def seats_of(session: Session, hall_id: int, day: date) -> list[SatDown]:
    """Who signed on where and when, and off again."""
    return [
        SatDown(staff_id, counter_id if deed is Deed.SIGN_ON else None, at)
        for staff_id, deed, counter_id, at in rows(session, _SEATS, hall_id=hall_id, day=day)
        if staff_id is not None
    ]


def done_by(
    session: Session, staff_ids: Collection[int], *, begins: datetime, ends: datetime
) -> list[Done]:
    """Matters these people accepted or finished in this time."""
    if not staff_ids:
        return []
    found = rows(session, _DONE, staff=sorted(staff_ids), begins=begins, ends=ends)
    return [
        Done(staff_id, case_id, at, before in _NEW and to in _ACCEPTED, to in _FINISHED)
        for staff_id, case_id, at, before, to in found
    ]


def rated(session: Session, hall_id: int, day: date) -> dict[Seat, tuple[int, int]]:
    """How many visits of the day were rated at each counter with each person, and the sum."""
    found = rows(session, _RATED, hall_id=hall_id, day=day)
    return {(counter or 0, staff or 0): (count, total) for counter, staff, count, total in found}
