"""A hall held for one change: who holds it alone may give numbers and call people.

The hall's revision is locked first; everything read afterwards is the latest, on both databases.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.calendars import queries as calendars
from app.calendars.rules import StatutoryCalendar
from app.departments import queries as departments
from app.kernel.errors import ForbiddenError, NotFoundError
from app.kernel.messages import mark
from app.queueing.models import QueueCounter, QueueEvent, QueueHall, QueueRevision, Ticket
from app.queueing.queries import events
from app.queueing.rules import Advance, Deed, Need

_NO_HALL: Final = mark("There is no such hall.")


@dataclass(frozen=True, slots=True)
class Floor:
    """The hall on one day, held until the transaction ends.

    `now` is the time everything is written down with; it never runs backwards within a day.
    """

    session: Session
    hall: QueueHall
    revision: QueueRevision
    day: date
    now: datetime

    def note(
        self,
        deed: Deed,
        *,
        ticket: Ticket | None = None,
        counter: QueueCounter | None = None,
        staff_id: int | None = None,
        detail: str = "",
    ) -> int:
        """Write down what happened; its place in the order of the hall."""
        self.revision.revision += 1
        self.session.add(
            QueueEvent(
                hall_id=self.hall.hall_id,
                seq=self.revision.revision,
                day=self.day,
                at=self.now,
                deed=deed,
                ticket_id=ticket.id if ticket else None,
                service_id=ticket.service_id if ticket else None,
                counter_id=counter.id if counter else None,
                staff_id=staff_id,
                detail=detail,
            )
        )
        self.session.flush()
        return self.revision.revision

    @property
    def advance(self) -> Advance:
        """How much earlier a need counts here."""
        minutes = {
            Need.SENIOR: self.hall.senior_minutes,
            Need.DISABLED: self.hall.disabled_minutes,
        }
        return Advance(minutes, self.hall.most_in_a_row)


def hold(session: Session, hall_id: int, *, now: datetime) -> Floor:
    """The hall, held against everybody else until the transaction ends.

    Raises:
        NotFoundError: no such hall, or it gives no numbers.
    """
    wanted = select(QueueRevision).where(QueueRevision.hall_id == hall_id).with_for_update()
    latest = wanted.execution_options(populate_existing=True)
    revision = session.scalars(latest).one_or_none()
    hall = session.get(QueueHall, hall_id)
    if revision is None or hall is None:
        raise NotFoundError(_NO_HALL)
    day = local_day(session, hall_id, now)
    # A machine's clock may be set back: within one day nothing happens before what happened.
    last = events.last_at(session, hall_id, day, revision.revision)
    return Floor(session, hall, revision, day, max(now, last or now))


def local_day(session: Session, hall_id: int, now: datetime) -> date:
    """The date on the hall's own clock."""
    return calendar_of(session, hall_id).local_date(now)


def day_begins(session: Session, hall_id: int, day: date) -> datetime:
    """The first instant of that date in the hall."""
    return calendar_of(session, hall_id).instant(day, time(0))


def calendar_of(session: Session, hall_id: int) -> StatutoryCalendar:
    """The dates of the hall's zone."""
    return calendars.load(session, hall_id).statutory


def require_at(session: Session, actor: Actor, needs: Permission, hall_id: int) -> None:
    """Refuse whoever may not do this in this hall.

    Raises:
        ForbiddenError: the role does not include it, or does not reach this hall.
    """
    actor.require(needs)
    hall = departments.view_of(session, hall_id)
    if not actor.covers(
        needs,
        unit_id=hall.id,
        unit_path=hall.path,
        region_code=hall.region_code,
        handler_id=None,
    ):
        raise ForbiddenError(mark("This hall is not yours to work in."))
