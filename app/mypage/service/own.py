"""What somebody changes on their own page: contacts, wishes, matters linked by their code."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.cases.models import Case
from app.cases.queries.identity import citizen_behind
from app.citizens.models import Contact
from app.citizens.rules import ContactKind
from app.citizens.service import contacts
from app.citizens.service.contacts import GivenContact
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.mypage import queries
from app.mypage.models import ContactCode, LinkedCase
from app.mypage.service.codes import address_of

_BY = Author(None, "citizen")


def add_verified(
    session: Session, people: Sequence[int], code: ContactCode, *, now: datetime
) -> None:
    """Write down the contact a right code has just proved.

    Raises:
        InvalidError: far too many are known.
    """
    citizen = queries.primary_of(session, people)
    given = GivenContact(code.kind, address_of(session, code))
    contact_id = contacts.add(session, citizen, given, now=now)
    contacts.verify(session, citizen, contact_id, now=now)
    code.used_at = citizen.updated_at = now
    audit.note(session, _BY, "my:contact_added", ("citizen", citizen.id), at=now)


def end_contact(session: Session, people: Sequence[int], contact_id: int, *, now: datetime) -> None:
    """Say that a contact is not in use any more.

    Raises:
        NotFoundError: it is not one of theirs.
        InvalidError: it is the last one they can sign in with.
    """
    contact = get_contact(session, people, contact_id)
    if not _ways_in(session, people, without=contact.id):
        raise InvalidError(
            mark("This is the only verified one. Add another first, or you cannot sign in again.")
        )
    contact.ended_at, contact.is_preferred = now, False
    queries.primary_of(session, [contact.citizen_id]).updated_at = now
    audit.note(session, _BY, "my:contact_ended", ("citizen", contact.citizen_id), at=now)


def get_contact(session: Session, people: Sequence[int], contact_id: int) -> Contact:
    """One of their contacts in use.

    Raises:
        NotFoundError: there is none of this id.
    """
    found = queries.own_contact(session, people, contact_id)
    if found is None:
        raise NotFoundError(mark("There is no such contact."))
    return found


def _ways_in(session: Session, people: Sequence[int], *, without: int) -> bool:
    return any(
        contact.id != without and contact.verified_at is not None
        for contact in queries.own_contacts(session, people)
        if contact.kind in (ContactKind.MOBILE, ContactKind.EMAIL)
    )


def wish(
    session: Session,
    people: Sequence[int],
    *,
    channel: ContactKind | None,
    times: str,
    language: str,
    now: datetime,
) -> None:
    """How they would like to be reached, when, and in which language."""
    citizen = queries.primary_of(session, people)
    citizen.preferred_channel, citizen.preferred_times = channel, times
    citizen.language, citizen.updated_at = language, now
    audit.note(session, _BY, "my:wishes_changed", ("citizen", citizen.id), at=now)


def link(session: Session, people: Sequence[int], case: Case, *, now: datetime) -> None:
    """Put a matter on their page, whose number and code they knew.

    The matter itself stays as it is: who reported without a name stays unnamed to staff.
    """
    if citizen_behind(session, case) in people:
        return
    citizen = queries.primary_of(session, people)
    if not queries.is_linked(session, citizen.id, case.id):
        session.add(LinkedCase(citizen_id=citizen.id, case_id=case.id, linked_at=now))
        session.flush()
        # Without the person: nobody shall read from the log who reported unnamed.
        audit.note(session, _BY, "my:matter_linked", ("case", case.id), at=now)
