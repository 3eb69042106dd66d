"""Telephones left for one visit: sealed, told once, forgotten after the day.

Nobody is registered by one, and no citizen's file hears of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.citizens.rules.phones import read_phone
from app.citizens.sealing import new_place, seal, unseal
from app.kernel.errors import InvalidError
from app.kernel.ids import Signer
from app.kernel.messages import mark
from app.kernel.text import clean_line
from app.kernel.vault import vault_of
from app.queueing.booking_models import Booking, QueueContact
from app.queueing.models import Ticket

VALUE: Final = "queue_contacts.value"
NAME: Final = "queue_contacts.name"
_PERSONAL: Final = 11  # shorter are numbers of services
_WHICH: Final = mark("Enter a mobile number with 11 digits, or a landline with its area code.")
KEPT: Final = timedelta(days=90)  # as long as missed bookings may count by a hall's rules


@dataclass(frozen=True, slots=True, repr=False)  # a number in clear
class Left:
    """What somebody typed: a telephone, a name if they liked, the language they read."""

    phone: str
    name: str = ""
    locale: str = "zh_CN"


def number_of(left: Left) -> str:
    """The telephone in one spelling.

    Raises:
        InvalidError: nobody can be called under it.
    """
    try:
        number = str(read_phone(left.phone))
    except InvalidError as error:
        raise InvalidError(fields={"phone": error.msgid}) from error
    if len(number) < _PERSONAL:
        raise InvalidError(fields={"phone": _WHICH})
    return number


def digest_of(signer: Signer, number: str) -> bytes:
    """By what the same telephone is known again."""
    return signer.digest(f"queue phone {number}")


def keep(session: Session, left: Left, *, until: datetime) -> QueueContact:
    """Seal what was left, for a visit that is over at `until`.

    Raises:
        InvalidError: nobody can be called under the number.
    """
    vault, number, place = vault_of(session), number_of(left), new_place()
    name = clean_line(left.name)
    contact = QueueContact(
        digest=digest_of(vault.signer, number),
        value=seal(vault, VALUE, number, place),
        name=seal(vault, NAME, name, place) if name else None,
        place=place,
        locale=left.locale,
        wanted_until=until,
    )
    session.add(contact)
    session.flush()
    return contact


def number_in(session: Session, contact: QueueContact) -> str:
    """The telephone in clear; empty once it is forgotten."""
    return unseal(vault_of(session), VALUE, contact.value, contact.place)


def forget(session: Session, *, now: datetime) -> None:
    """Take away numbers of visits that are over, and rows that count for nothing any more."""
    over = QueueContact.wanted_until < now
    session.execute(
        update(QueueContact)
        .where(over, QueueContact.value.is_not(None))
        .values(value=None, name=None)
    )
    old = select(QueueContact.id).where(QueueContact.wanted_until < now - KEPT)
    for table in (Booking, Ticket):
        session.execute(update(table).where(table.contact_id.in_(old)).values(contact_id=None))
    session.execute(delete(QueueContact).where(QueueContact.wanted_until < now - KEPT))
