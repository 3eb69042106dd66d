"""How somebody who asked learns of the answer: by a message of ours, or by hand, written down.

An erasure takes every address away, so the telling comes before it; nothing is sent to
whoever asked to be left alone or whose data are restricted.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.calendars import queries as calendars
from app.citizens import service as citizens
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.messages import mark
from app.kernel.outbox import MessageStatus
from app.notifications.rules.deciding import Purpose
from app.notifications.service.writing import write
from app.privacy import queries
from app.privacy.models import DataRequest
from app.privacy.rules import BY_HAND, RequestStatus, Told, number_of_request
from app.privacy.service.asking import ANSWER, STALE, note, unseal

ANSWERED: Final = mark(
    "Request %(number)s has been answered. Read the answer on my page, or ask at the window"
    " or at 12345."
)
ERASING: Final = mark(
    "Request %(number)s: we are about to erase your data as you asked; a second officer decides."
    " After that my page no longer opens for you. Reply in person or call 12345 to stop it."
)
TELLABLE: Final = frozenset({RequestStatus.PROPOSED, RequestStatus.DONE, RequestStatus.REFUSED})
_ABOUT_YOU: Final = mark(
    "A matter of this person is about you or your unit. A colleague elsewhere writes to them."
)


@dataclass(frozen=True, slots=True, repr=False)  # a person's data does not belong in a traceback
class LetterText:
    """A letter to be printed: to whom, where, and the answer; none yet where one is to come."""

    number: str
    name: str
    address: str
    answer: str
    opened_at: datetime
    is_erasing: bool


def announce(session: Session, request: DataRequest, msgid: str, *, now: datetime) -> None:
    """Send the person a message if there is a way; otherwise they are still to be told."""
    request.told_how = request.told_on = request.told_by_id = None
    who = queries.get_who(session, request.citizen_id)
    message = write(
        session,
        who.id,
        ("citizen", who.id),
        msgid,
        params={"number": number_of_request(request.id)},
        purpose=Purpose.RIGHTS,
        now=now,
    )
    if message.status is MessageStatus.SUPPRESSED:
        return
    request.told_how, request.told_on = Told.MESSAGE, _today(session, now)


def write_down(
    session: Session,
    request_id: int,
    how: Told,
    on: date | None,
    *,
    version: int,
    by: Author,
    now: datetime,
) -> None:
    """Write down how and on which day the person was told by hand, and who did it.

    Raises:
        NotFoundError: there is no such request.
        InvalidError: nobody is told in this way, or on a day to come or before they asked.
        ConflictError: there is nothing to tell, or somebody worked on it meanwhile.
    """
    request = queries.get_request(session, request_id)
    if request.version != version or request.status not in TELLABLE:
        raise ConflictError(STALE)
    calendar = calendars.load(session).statutory
    errors = {}
    if how not in BY_HAND:
        errors["told_how"] = mark("Choose one.")
    if on is None or not calendar.local_date(request.opened_at) <= on <= _today(session, now):
        errors["told_on"] = mark("Enter the day, from the day they asked until today.")
    if errors:
        raise InvalidError(fields=errors)
    request.told_how, request.told_on, request.told_by_id = how, on, by.id
    note(session, request, "privacy:request_told", by, now=now, how=str(how))


def check_told(request: DataRequest) -> None:
    """Nobody is erased before they were told, or before it is written down that nobody can be.

    Raises:
        ConflictError: the way of telling is still open.
    """
    if request.told_how is None:
        raise ConflictError(
            mark("First write down how the person was told: afterwards nobody can reach them.")
        )


def letter_for(
    session: Session, request_id: int, *, officer: Actor, by: Author, now: datetime
) -> LetterText:
    """What the letter says, with name and address in clear text; writes down that it was opened.

    Raises:
        NotFoundError: there is no such request.
        ForbiddenError: a matter of the person is about the officer or a unit of theirs.
        ConflictError: there is nothing to tell yet.
    """
    request = queries.get_request(session, request_id)
    if request.status not in TELLABLE:
        raise ConflictError(mark("There is nothing to tell yet."))
    ids = queries.family_of(session, queries.get_who(session, request.citizen_id).id)
    if queries.is_any_about(session, queries.cases_of(session, ids), officer):
        raise ForbiddenError(_ABOUT_YOU)
    note(session, request, "privacy:letter_opened", by, now=now)
    person = citizens.person_of(session, ids[0])
    return LetterText(
        number=number_of_request(request.id),
        name=person.name,
        address=person.address,
        answer=unseal(session, ANSWER, request.answer, request.place),
        opened_at=request.opened_at,
        is_erasing=request.status is RequestStatus.PROPOSED,
    )


def _today(session: Session, now: datetime) -> date:
    return calendars.load(session).statutory.local_date(now)
