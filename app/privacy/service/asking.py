"""A person asks about the data held of them: the request, its clock, and taking it back.

What they write is sealed; answering is done in `answering`.
"""

import secrets
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.calendars.rules import LimitUnit
from app.catalogue.rules import BasisLevel, ChosenLimit
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark
from app.kernel.vault import vault_of
from app.privacy import queries
from app.privacy.models import DataRequest, RightsLimit
from app.privacy.queries import RequestLine
from app.privacy.rules import (
    LIVING,
    MAX_TEXT,
    SAMPLE_LIMIT,
    SUBJECT,
    AnswerLimit,
    RequestKind,
    RequestStatus,
    Source,
    number_of_request,
)
from app.sla import service as sla
from app.sla.rules import ClockKind, Subject

TEXT: Final = "data_requests.text"
ANSWER: Final = "data_requests.answer"
EXTENSION: Final = "data_requests.extension"
TOO_LONG: Final = mark("This is too long. Shorten it to 2,000 characters.")
STALE: Final = mark("Somebody else has worked on this request meanwhile. Look at it again.")


def open_request(
    session: Session,
    citizen_id: int,
    kind: RequestKind,
    text: str = "",
    *,
    source: Source,
    by: Author,
    now: datetime,
) -> DataRequest:
    """Take a request in; its clock starts at once. `by.id` is None for the citizen's own page.

    Raises:
        NotFoundError: there is no such citizen.
        InvalidError: the text is too long, or what is wrong with the data was not said.
        ConflictError: they have an open request of this kind already.
    """
    text = text.strip()
    _check_text(kind, text)
    who = queries.get_who(session, citizen_id)
    if queries.find_living(session, queries.family_of(session, who.id), kind) is not None:
        raise ConflictError(
            mark("There is an open request of this kind already. It is being answered.")
        )
    place = secrets.token_hex(8)
    request = DataRequest(
        citizen_id=who.id,
        kind=kind,
        source=source,
        place=place,
        text=seal(session, TEXT, text, place) if text else None,
        opened_at=now,
        opened_by_id=by.id,
    )
    session.add(request)
    session.flush()
    limit = limit_for(session, kind)
    sla.start(session, subject_of(request), ClockKind.DATA_REQUEST, _chosen(limit, kind), now=now)
    note(session, request, "privacy:request_opened", by, now=now)
    return request


def _check_text(kind: RequestKind, text: str) -> None:
    if len(text) > MAX_TEXT:
        raise InvalidError(fields={"text": TOO_LONG})
    if kind is RequestKind.CORRECTION and not text:
        raise InvalidError(fields={"text": mark("Say what is wrong and what is right.")})


def withdraw_request(
    session: Session, request_id: int, *, version: int, by: Author, now: datetime
) -> None:
    """The person does not ask any more.

    Raises:
        NotFoundError: there is no such request.
        ConflictError: it was answered, or somebody worked on it meanwhile.
    """
    request = living(session, request_id, version)
    request.end(RequestStatus.WITHDRAWN, by_id=by.id, now=now)
    sla.cancel(session, subject_of(request), ClockKind.DATA_REQUEST, now=now)
    note(session, request, "privacy:request_withdrawn", by, now=now)


def requests_of(session: Session, citizen_id: int) -> list[RequestLine]:
    """Everything the citizen asked, newest first, with the dates of its clock.

    Raises:
        NotFoundError: there is no such citizen.
    """
    who = queries.get_who(session, citizen_id)
    return queries.requests_of(session, queries.family_of(session, who.id))


def words_of(session: Session, request: DataRequest) -> tuple[str, str, str]:
    """What was asked, what was answered, and why it took longer, in clear text."""
    return (
        unseal(session, TEXT, request.text, request.place),
        unseal(session, ANSWER, request.answer, request.place),
        unseal(session, EXTENSION, request.extension, request.place),
    )


def limit_for(session: Session, kind: RequestKind) -> AnswerLimit:
    """How long an answer of this kind may take; the sample where the city has set nothing."""
    row = session.get(RightsLimit, kind)
    if row is None:
        return SAMPLE_LIMIT
    days = row.work_days, row.more_days
    return AnswerLimit(*days, row.basis_text, row.is_sample, row.basis_text_en)


def _chosen(limit: AnswerLimit, kind: RequestKind) -> ChosenLimit:
    return ChosenLimit(
        code=f"privacy.{kind}",
        unit=LimitUnit.WORK_DAY,
        value=limit.work_days,
        close_of_business=False,
        basis_text=limit.basis_text,
        basis_level=BasisLevel.SYSTEM,
        is_sample=limit.is_sample,
        region_code="",
    )


def living(session: Session, request_id: int, version: int) -> DataRequest:
    """An unanswered request, as the person at the screen saw it.

    Raises:
        NotFoundError: there is no such request.
        ConflictError: it was answered, or somebody worked on it meanwhile.
    """
    request = queries.get_request(session, request_id)
    if request.version != version or request.status not in LIVING:
        raise ConflictError(STALE)
    return request


def subject_of(request: DataRequest) -> Subject:
    """What the clock of a request belongs to."""
    return Subject(SUBJECT, request.id)


def note(
    session: Session,
    request: DataRequest,
    action: str,
    by: Author,
    *,
    now: datetime,
    **details: str | int | None,
) -> None:
    """Write the deed down in the audit log; ids and words of ours only."""
    said = {"kind": str(request.kind), "citizen": request.citizen_id, **details}
    subject = (SUBJECT, number_of_request(request.id))
    audit.note(session, by, action, subject, at=now, details=said)


def seal(session: Session, column: str, text: str, place: str) -> bytes:
    """A text as it is stored in this column of the row with this place."""
    return vault_of(session).cipher.encrypt(text, aad=f"{column}|{place}")


def unseal(session: Session, column: str, sealed: bytes | None, place: str) -> str:
    """The text again, empty where nothing is stored."""
    if sealed is None:
        return ""
    return vault_of(session).cipher.decrypt(sealed, aad=f"{column}|{place}")
