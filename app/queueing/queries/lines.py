"""The line of a hall as it stands: who waits, who is at which counter, who was called last.

Everything is of one day; numbers of earlier days are history.
"""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from app.kernel.db import rows
from app.queueing.booking_models import QueueContact
from app.queueing.models import QueueCounter, QueueRevision, Ticket
from app.queueing.rules import AT_COUNTER, WAITING, Need, TicketState, Waiting

Rows = Sequence[Row[*tuple[Any, ...]]]
_OF_DAY: Final = (Ticket.hall_id == bindparam("hall_id"), Ticket.day == bindparam("day"))

_WAITING: Final = select(
    Ticket.id,
    Ticket.service_id,
    Ticket.need,
    Ticket.taken_at,
    Ticket.rank_at,
    Ticket.rank_seq,
    Ticket.back_seq,
    Ticket.only_counter_id,
).where(*_OF_DAY, Ticket.state.in_(WAITING))
_LAST_NEEDS: Final = (
    select(Ticket.need)
    .where(*_OF_DAY, Ticket.called_seq > 0, Ticket.service_id.in_(bindparam("ids", expanding=True)))
    .order_by(Ticket.called_seq.desc())
    .limit(bindparam("most"))
)
_LAST_NUMBER: Final = select(func.max(Ticket.number)).where(
    *_OF_DAY, Ticket.prefix == bindparam("prefix")
)
_SHOWN: Final = (
    select(
        Ticket.id,
        Ticket.prefix,
        Ticket.number,
        Ticket.state,
        Ticket.called_seq,
        Ticket.called_at,
        QueueCounter.number.label("counter"),
    )
    .join(QueueCounter, QueueCounter.id == Ticket.counter_id)
    .where(*_OF_DAY, Ticket.called_seq > 0, Ticket.state.in_([*AT_COUNTER, TicketState.DONE]))
    .order_by(Ticket.called_seq.desc())
    .limit(bindparam("most"))
)
_LINED_UP: Final = select(
    Ticket.id,
    Ticket.prefix,
    Ticket.number,
    Ticket.service_id,
    Ticket.need,
    Ticket.taken_at,
    Ticket.citizen_id,
    Ticket.only_counter_id,
    Ticket.state,
    Ticket.booked_for,
).where(*_OF_DAY, Ticket.state.in_(WAITING))
_PASSED: Final = (
    select(Ticket.id, Ticket.prefix, Ticket.number, Ticket.called_at, Ticket.service_id)
    .where(*_OF_DAY, Ticket.state == TicketState.NO_SHOW)
    .order_by(Ticket.called_seq.desc())
    .limit(bindparam("most"))
)
_DONE: Final = (
    select(Ticket.service_id, Ticket.called_at, Ticket.serving_at, Ticket.ended_at)
    .where(*_OF_DAY, Ticket.called_seq > 0, Ticket.state == TicketState.DONE)
    .order_by(Ticket.called_seq.desc())
    .limit(bindparam("most"))
)
_CITIZENS: Final = (
    select(Ticket.citizen_id)
    .where(*_OF_DAY, Ticket.citizen_id.is_not(None))
    .order_by(Ticket.called_seq.desc(), Ticket.id.desc())
    .limit(bindparam("most"))
)
_REVISIONS: Final = select(QueueRevision.hall_id, QueueRevision.revision)


def waiting_of(session: Session, hall_id: int, day: date) -> list[Waiting]:
    """Everybody who waits in this hall, in no order."""
    return [Waiting(*row) for row in rows(session, _WAITING, hall_id=hall_id, day=day)]


def last_needs(
    session: Session, hall_id: int, day: date, service_ids: Collection[int], most: int
) -> list[Need]:
    """The needs of those called last for these services, the latest first."""
    found = rows(session, _LAST_NEEDS, hall_id=hall_id, day=day, ids=list(service_ids), most=most)
    return [row[0] for row in found]


def last_number(session: Session, hall_id: int, day: date, prefix: str) -> int:
    """The highest number given out today under this letter; 0 before the first."""
    ((found,),) = rows(session, _LAST_NUMBER, hall_id=hall_id, day=day, prefix=prefix)
    return found or 0


def shown_on_panel(session: Session, hall_id: int, day: date, most: int) -> Rows:
    """Who was called where, the latest call first; whoever did not come is taken away."""
    return rows(session, _SHOWN, hall_id=hall_id, day=day, most=most)


def lined_up(session: Session, hall_id: int, day: date) -> Rows:
    """Who waits, with what a counter shows of it, in no order."""
    return rows(session, _LINED_UP, hall_id=hall_id, day=day)


def passed_over(session: Session, hall_id: int, day: date, most: int) -> Rows:
    """Whose number was called for nothing and who has not come back, the latest first."""
    return rows(session, _PASSED, hall_id=hall_id, day=day, most=most)


def done_lately(session: Session, hall_id: int, day: date, most: int) -> Rows:
    """Tickets ended today, the latest called first, with the times of their service."""
    return rows(session, _DONE, hall_id=hall_id, day=day, most=most)


def citizens_today(session: Session, hall_id: int, day: date, most: int) -> list[int]:
    """Citizens with a number of today: whoever was called last first, then the newest."""
    found = rows(session, _CITIZENS, hall_id=hall_id, day=day, most=most)
    return list(dict.fromkeys(row[0] for row in found))


def revisions(session: Session) -> dict[int, int]:
    """How often each hall's queue has changed."""
    return {row.hall_id: row.revision for row in rows(session, _REVISIONS)}


def current_at(session: Session, counter_id: int, day: date) -> Ticket | None:
    """Whom this counter has called or serves."""
    wanted = select(Ticket).where(
        Ticket.counter_id == counter_id, Ticket.day == day, Ticket.state.in_(AT_COUNTER)
    )
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def find_ticket(session: Session, ticket_id: int) -> Ticket | None:
    """A ticket as it stands now."""
    return session.get(Ticket, ticket_id, populate_existing=True)


def find_contact(session: Session, contact_id: int | None) -> QueueContact | None:
    """The telephone left for a visit, if there was one."""
    return session.get(QueueContact, contact_id) if contact_id is not None else None


def find_by_digest(session: Session, digest: bytes) -> Ticket | None:
    """The ticket whose token this is."""
    wanted = select(Ticket).where(Ticket.token_digest == digest)
    return session.scalars(wanted).one_or_none()
