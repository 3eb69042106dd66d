"""Makes a message of the queue ready to go: the number, the words, the code of a booking.

What is over by then is not sent: cancelled, checked in, called.
"""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.kernel.outbox import Fate, Letter, Message, Outcome, Ready, Wait
from app.kernel.vault import vault_of
from app.notifications.service.deciding import decide_for_number
from app.queueing.queries import bookings, lines
from app.queueing.service import booking, contacts, telling
from app.web.i18n import Locale, catalogue

_OVER: Final = "over"


def visit_letter(session: Session, message: Message, now: datetime) -> Ready:
    """The letter, or that it is over: the number forgotten, the visit done or called off."""
    contact = lines.find_contact(session, message.subject_id)
    if contact is None or contact.value is None or contact.wanted_until < now:
        return Outcome(Fate.HELD, _OVER)
    decision = decide_for_number(session, now=now)
    if decision.reason is not None:
        return Outcome(Fate.HELD, decision.reason)
    if decision.at > now:
        return Wait(decision.at)
    code = ""
    if message.msgid == telling.NEARLY:
        if not bookings.still_waits(session, contact.id):
            return Outcome(Fate.HELD, _OVER)
    else:
        booked = bookings.find_open_of(session, contact.id)
        if booked is None:
            return Outcome(Fate.HELD, _OVER)
        code = booking.code_of(vault_of(session).signer, booked.id)
    words = catalogue(Locale(message.locale)).gettext(message.msgid)
    tail = f"_{message.locale[:2]}"
    own = {name.removesuffix(tail): v for name, v in message.params.items() if name.endswith(tail)}
    text = words % {**message.params, **own, "code": code}
    return Letter(message.ref, message.channel, contacts.number_in(session, contact), text)
