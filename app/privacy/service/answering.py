"""Answering what a person asked: who they are first, then the deed, a refusal or more time.

What cannot be taken back is proposed by one and decided by another.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.calendars import queries as calendars
from app.citizens.models import Citizen
from app.citizens.rules import CitizenState
from app.citizens.service import tokens
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.messages import mark
from app.privacy import queries
from app.privacy.models import DataRequest
from app.privacy.rules import (
    ERASING,
    MAX_TEXT,
    PACKAGED,
    IdentityProof,
    RefusalGround,
    RequestKind,
    RequestStatus,
    TombstoneGround,
    number_of_request,
)
from app.privacy.service import packaging, telling
from app.privacy.service.asking import (
    ANSWER,
    EXTENSION,
    TOO_LONG,
    limit_for,
    living,
    note,
    seal,
    subject_of,
)
from app.privacy.service.erasing import Order, erase_case, erase_citizen
from app.sla import queries as clocks
from app.sla import service as sla
from app.sla.rules import ClockKind

_WHO_FIRST: Final = mark("First make sure who is asking, and write down how.")
_HELD: Final = mark("A legal hold forbids erasing. Refuse the request and name the hold.")
_OPEN: Final = mark("Matters of this person are still open. They must come to their end first.")


def identify(
    session: Session,
    request_id: int,
    how: IdentityProof,
    *,
    version: int,
    by: Author,
    now: datetime,
) -> None:
    """Write down how it was made sure that the person asking is the person meant.

    Raises:
        ConflictError: it was answered, or somebody worked on it meanwhile.
    """
    request = living(session, request_id, version)
    request.identified_at, request.identified_how = now, how
    request.identified_by_id = by.id
    note(session, request, "privacy:identified", by, now=now, how=str(how))
    if request.kind in PACKAGED:
        packaging.order(session, request, now=now)


def answer(
    session: Session, request_id: int, text: str, *, version: int, by: Author, now: datetime
) -> None:
    """Answer with words, and end the request. Erasing has its own way.

    Raises:
        InvalidError: no words, or too many.
        ConflictError: nobody knows yet who is asking; or as for `identify`.
    """
    request = living(session, request_id, version)
    _check_words("answer", text)
    _check_identified(request)
    if request.kind in ERASING:
        raise ConflictError(mark("An erasure is proposed and decided by two people."))
    if request.kind is RequestKind.RESTRICTION:
        restrict(session, request.citizen_id, by=by, now=now)
    _end(session, request, RequestStatus.DONE, text, by, now)


def refuse(
    session: Session,
    request_id: int,
    ground: RefusalGround,
    text: str,
    *,
    version: int,
    by: Author,
    now: datetime,
) -> None:
    """Refuse on a ground of the law, with reason and remedy (art. 50).

    Raises:
        InvalidError: no words, or too many.
        ConflictError: as for `identify`.
    """
    request = living(session, request_id, version)
    _check_words("refusal", text)
    request.refusal_ground = ground
    _end(session, request, RequestStatus.REFUSED, text, by, now)


def extend(
    session: Session,
    request_id: int,
    days: int,
    reason: str,
    *,
    version: int,
    by: Author,
    now: datetime,
) -> None:
    """Take more time, once, within the limit, and tell the person why.

    Raises:
        InvalidError: no reason, or more days than the limit allows.
        ConflictError: it was extended before; or as for `identify`.
    """
    request = living(session, request_id, version)
    most = limit_for(session, request.kind).more_days
    errors = {}
    if not 0 < days <= most:
        errors["days"] = mark("An extension must be longer than nothing, and within the limit.")
    if not reason.strip():
        errors["reason"] = mark("Say why; the person will read it.")
    elif len(reason) > MAX_TEXT:
        errors["reason"] = TOO_LONG
    if errors:
        raise InvalidError(fields=errors)
    if request.extension is not None or by.id is None:
        raise ConflictError(mark("This request was extended before."))
    clock = clocks.find_open(session, subject_of(request), ClockKind.DATA_REQUEST)
    if clock is None:
        raise ConflictError(mark("This clock has ended."))
    sla.extend(session, clock, days, sla.Approval(number_of_request(request.id), by.id), now=now)
    request.extension = seal(session, EXTENSION, reason.strip(), request.place)
    note(session, request, "privacy:request_extended", by, now=now, days=days)


def propose_erasure(
    session: Session, request_id: int, *, version: int, by: Author, now: datetime
) -> None:
    """Lay the erasure before a second person, and tell who asked while they can be reached.

    The erasure takes away the number and every way in: an answer after it would reach nobody.

    Whoever has neither a mobile nor an e-mail address is told by hand (`telling.write_down`).

    Raises:
        ConflictError: it asks for no erasure, nobody knows who is asking, matters are
            open, or a hold forbids it; or as for `identify`.
    """
    request = living(session, request_id, version)
    _check_identified(request)
    if request.kind not in ERASING or request.status is RequestStatus.PROPOSED:
        raise ConflictError(mark("There is nothing to propose here."))
    _check_free(session, _ids(session, request), _today(session, now))
    request.propose(by_id=by.id, now=now)
    telling.announce(session, request, telling.ERASING, now=now)
    note(session, request, "privacy:erasure_proposed", by, now=now)


def send_back(
    session: Session, request_id: int, *, version: int, by: Author, now: datetime
) -> None:
    """Not approved: the request is open again.

    Raises:
        ConflictError: nothing was proposed; or as for `identify`.
    """
    request = _proposed(session, request_id, version)
    request.send_back()
    note(session, request, "privacy:erasure_sent_back", by, now=now)


def approve_erasure(
    session: Session, request_id: int, text: str, *, version: int, by: Author, now: datetime
) -> None:
    """Erase the person and what their matters say. Cannot be taken back.

    Raises:
        ForbiddenError: it is one's own proposal.
        InvalidError: no words for the person, or too many.
        ConflictError: nobody has told the person; or as for `propose_erasure`.
    """
    request = _proposed(session, request_id, version)
    _check_words("answer", text)
    telling.check_told(request)
    if by.id == request.proposed_by_id:
        raise ForbiddenError(mark("Nobody approves what they proposed. Ask a colleague."))
    ids = _ids(session, request)
    _check_free(session, ids, _today(session, now))
    order = Order(TombstoneGround.REQUEST, by, request_id=request.id)
    for case_id in queries.cases_of(session, ids):
        erase_case(session, case_id, order, now=now)
    erase_citizen(session, ids[0], order, now=now)
    session.refresh(request)
    _end(session, request, RequestStatus.DONE, text, by, now, is_told=True)


def restrict(session: Session, citizen_id: int, *, by: Author, now: datetime) -> None:
    """Only store and secure from now on (art. 47): nobody finds the person but us.

    Raises:
        ConflictError: the person's data were erased.
    """
    _set_state(session, citizen_id, CitizenState.RESTRICTED, by, now)


def lift_restriction(session: Session, citizen_id: int, *, by: Author, now: datetime) -> None:
    """Let the person be found again.

    Raises:
        ConflictError: the person's data were erased.
    """
    _set_state(session, citizen_id, CitizenState.ACTIVE, by, now)


def _set_state(
    session: Session, citizen_id: int, state: CitizenState, by: Author, now: datetime
) -> None:
    who = queries.get_who(session, citizen_id)
    if who.state is CitizenState.ANONYMISED:
        raise ConflictError(mark("The data of this person were erased."))
    citizen = session.get_one(Citizen, who.id)
    citizen.state, citizen.updated_at = state, now
    session.flush()
    tokens.rewrite(session, who.id)
    note_person(session, who.id, f"privacy:{state}", by, now=now)


def note_person(
    session: Session, citizen_id: int, action: str, by: Author, *, now: datetime
) -> None:
    """Write a deed about a person down in the audit log."""
    audit.note(session, by, action, ("citizen", citizen_id), at=now)


def _proposed(session: Session, request_id: int, version: int) -> DataRequest:
    request = living(session, request_id, version)
    if request.status is not RequestStatus.PROPOSED:
        raise ConflictError(mark("Nothing was proposed here."))
    return request


def _ids(session: Session, request: DataRequest) -> tuple[int, ...]:
    return queries.family_of(session, queries.get_who(session, request.citizen_id).id)


def _check_free(session: Session, ids: Sequence[int], today: date) -> None:
    if queries.is_citizen_held(session, ids, today=today):
        raise ConflictError(_HELD)
    if queries.open_cases_of(session, ids):
        raise ConflictError(_OPEN)


def _check_identified(request: DataRequest) -> None:
    if request.identified_at is None:
        raise ConflictError(_WHO_FIRST)


def _check_words(field: str, text: str) -> None:
    if not text.strip():
        raise InvalidError(fields={field: mark("Write what the person will read.")})
    if len(text) > MAX_TEXT:
        raise InvalidError(fields={field: TOO_LONG})


def _end(
    session: Session,
    request: DataRequest,
    status: RequestStatus,
    text: str,
    by: Author,
    now: datetime,
    *,
    is_told: bool = False,
) -> None:
    if not is_told:
        telling.announce(session, request, telling.ANSWERED, now=now)
    request.answer = seal(session, ANSWER, text.strip(), request.place)
    request.end(status, by_id=by.id, now=now)
    sla.meet(session, subject_of(request), ClockKind.DATA_REQUEST, now=now)
    note(session, request, f"privacy:request_{status}", by, now=now)


def _today(session: Session, now: datetime) -> date:
    return calendars.load(session).statutory.local_date(now)
