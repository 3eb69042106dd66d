"""Takes in what a way out says afterwards: a message arrived, or its number is dead."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.citizens.models import Citizen
from app.citizens.service import contacts
from app.kernel import outbox
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.outbox import MessageStatus
from app.notifications.queries.ledger import find_entry, is_theirs
from app.notifications.rules.receipts import DEAD


def receive(session: Session, ref: str, *, arrived: bool, reason: str, now: datetime) -> None:
    """Write down what became of the message known outside by `ref`.

    A number the gateway calls dead is marked so at the person: nothing more is sent there
    until it was verified again.

    Raises:
        NotFoundError: there is no such message.
    """
    message = outbox.confirm(
        session, ref, arrived=arrived, trouble=f"receipt {reason}".strip(), now=now
    )
    if message is None:
        raise NotFoundError(mark("There is no such message."))
    entry = find_entry(session, message.id)
    if message.status is not MessageStatus.FAILED or reason not in DEAD or entry is None:
        return
    citizen = session.get_one(Citizen, entry.citizen_id)
    if is_theirs(session, entry.citizen_id, message.contact_id):
        contacts.note_failure(session, citizen, message.contact_id, now=now)
