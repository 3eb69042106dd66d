"""Messages of the queue: a time is booked, it comes near, it is nearly your turn.

Through `notifications`, which decides when; what is told stands in no log but as a sentence.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.kernel import outbox
from app.kernel.messages import mark
from app.kernel.outbox import Channel
from app.notifications.service.writing import write_to_number
from app.queueing.booking_models import Booking, QueueContact
from app.queueing.queries import bookings, halls, lines
from app.queueing.rules import ahead_of, in_line, spelt
from app.queueing.service.floor import Floor, calendar_of

SUBJECT: Final = "queue_contact"
REMIND_BEFORE: Final = timedelta(hours=2)
BOOKED: Final = mark(
    "Booked: %(hall)s, %(service)s, %(day)s %(from)s to %(until)s. Code %(code)s: to check in "
    "at the kiosk, or to cancel."
)
SOON: Final = mark(
    "Your booked time: %(hall)s, %(service)s, %(day)s %(from)s to %(until)s. Code %(code)s. "
    "Cannot come? Please cancel, so that somebody else can."
)
NEARLY: Final = mark(
    "Number %(number)s in %(hall)s: about %(people)s people are before you. Please come back now."
)


def can_tell() -> bool:
    """Whether this installation sends short messages at all."""
    return outbox.has_way(Channel.SMS)


def confirm(session: Session, booking: Booking, contact: QueueContact, *, now: datetime) -> None:
    """Say at once what was booked, and again two hours before; nobody is asked to wait for it."""
    params = _params(session, booking)
    remind_at = booking.starts_at - REMIND_BEFORE
    for msgid, at in ((BOOKED, now), (SOON, remind_at)):
        if msgid is BOOKED or remind_at > now:
            _write(session, contact, msgid, params, at=at, now=now)


def tell_near(floor: Floor) -> None:
    """Write to those who asked for it and have few before them now; each is told once."""
    session, hall_id = floor.session, floor.hall.hall_id
    asked = bookings.to_be_told(session, hall_id, floor.day)
    if not asked:
        return
    line = in_line(lines.waiting_of(session, hall_id, floor.day))
    most = bookings.terms_of(session, hall_id).tell_ahead
    services = {one.id: one.service_id for one in line}
    hall = next(one for one in halls.list_halls(session) if one.id == hall_id)
    for row in asked:
        same = [one for one in line if one.service_id == services[row.id]]
        people = ahead_of(same, row.id)
        contact = lines.find_contact(session, row.contact_id)
        if people <= most and contact is not None:
            contact.told_at = floor.now
            params = {
                "number": spelt(row.prefix, row.number),
                "people": people,
                "hall": hall.name,
                "hall_en": hall.name_en or hall.name,
            }
            _write(session, contact, NEARLY, params, at=floor.now, now=floor.now)


def _write(
    session: Session,
    contact: QueueContact,
    msgid: str,
    params: dict[str, object],
    *,
    at: datetime,
    now: datetime,
) -> None:
    write_to_number(
        session,
        (SUBJECT, contact.id),
        channel=Channel.SMS,
        msgid=msgid,
        params=params,
        locale=contact.locale,
        at=at,
        now=now,
    )


def _params(session: Session, booking: Booking) -> dict[str, object]:
    zone = calendar_of(session, booking.hall_id).zone
    hall = next(one for one in halls.list_halls(session) if one.id == booking.hall_id)
    service = next(
        one for one in halls.services_of(session, hall.id) if one.id == booking.service_id
    )
    return {
        "hall": hall.name,
        "hall_en": hall.name_en or hall.name,
        "service": service.name,
        "service_en": service.name_en or service.name,
        "day": booking.day.isoformat(),
        "from": f"{booking.starts_at.astimezone(zone):%H:%M}",
        "until": f"{booking.ends_at.astimezone(zone):%H:%M}",
    }
