"""Reads of requests about personal data, with their clocks.

Lists are keyset-paged and hold no text of anybody: that is sealed.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import BindParameter, and_, bindparam, func, select
from sqlalchemy.orm import Session

from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.privacy.models import DataRequest
from app.privacy.rules import LIVING, SUBJECT, RequestKind, RequestStatus, Source, Told
from app.sla.models import Clock
from app.sla.rules import ClockKind

_IDS: Final[BindParameter[int]] = bindparam("ids", expanding=True)
_LINES: Final = select(
    DataRequest.id,
    DataRequest.citizen_id,
    DataRequest.kind,
    DataRequest.status,
    DataRequest.source,
    DataRequest.opened_at,
    DataRequest.closed_at,
    DataRequest.package_until,
    DataRequest.told_how,
    Clock.due_at,
    Clock.warn_at,
    Clock.provisional,
).join(
    Clock,
    and_(
        Clock.subject_type == SUBJECT,
        Clock.subject_id == DataRequest.id,
        Clock.kind == ClockKind.DATA_REQUEST,
    ),
    isouter=True,
)
_OPEN: Final = (
    _LINES.where(DataRequest.status.in_(sorted(LIVING)), DataRequest.id > bindparam("after_id"))
    .order_by(DataRequest.id)
    .limit(bindparam("most"))
)
_ENDED: Final = (
    _LINES.where(DataRequest.status.not_in(sorted(LIVING)), DataRequest.id < bindparam("before_id"))
    .order_by(DataRequest.id.desc())
    .limit(bindparam("most"))
)
_THEIRS: Final = _LINES.where(DataRequest.citizen_id.in_(_IDS)).order_by(DataRequest.id.desc())
_COUNTS: Final = (
    select(DataRequest.status, func.count())
    .where(DataRequest.status.in_(sorted(LIVING)))
    .group_by(DataRequest.status)
)
_LATE: Final = (
    select(func.count())
    .select_from(DataRequest)
    .join(Clock, and_(Clock.subject_type == SUBJECT, Clock.subject_id == DataRequest.id))
    .where(DataRequest.status.in_(sorted(LIVING)), Clock.due_at < bindparam("now"))
)
_UNTOLD: Final = select(func.count()).where(
    DataRequest.status.in_([RequestStatus.DONE, RequestStatus.REFUSED]),
    DataRequest.told_how.is_(None),
)
_EXPIRED: Final = (
    select(DataRequest)
    .where(DataRequest.package_name.is_not(None), DataRequest.package_until < bindparam("now"))
    .order_by(DataRequest.id)
    .limit(100)
)
MISSING: Final = mark("There is no such request.")


class RequestLine(NamedTuple):
    """One request as a list shows it."""

    id: int
    citizen_id: int
    kind: RequestKind
    status: RequestStatus
    source: Source
    opened_at: datetime
    closed_at: datetime | None
    package_until: datetime | None
    told_how: Told | None
    due_at: datetime | None
    warn_at: datetime | None
    provisional: bool | None


def list_open(session: Session, *, after_id: int = 0, most: int) -> list[RequestLine]:
    """What waits for an answer, the oldest first."""
    return [RequestLine(*row) for row in rows(session, _OPEN, after_id=after_id, most=most)]


def list_ended(session: Session, *, before_id: int, most: int) -> list[RequestLine]:
    """What was answered, newest first."""
    return [RequestLine(*row) for row in rows(session, _ENDED, before_id=before_id, most=most)]


def requests_of(session: Session, ids: Sequence[int]) -> list[RequestLine]:
    """Everything somebody asked, newest first."""
    return [RequestLine(*row) for row in rows(session, _THEIRS, ids=ids)]


def counts(session: Session, *, now: datetime) -> dict[str, int]:
    """How many wait, by status; how many are `late`; how many were answered, but not told."""
    found = {str(status): number for status, number in rows(session, _COUNTS)}
    late, untold = rows(session, _LATE, now=now)[0][0], rows(session, _UNTOLD)[0][0]
    return found | {"late": late, "untold": untold}


def get_request(session: Session, request_id: int) -> DataRequest:
    """One request.

    Raises:
        NotFoundError: there is none with this id.
    """
    found = session.get(DataRequest, request_id)
    if found is None:
        raise NotFoundError(MISSING)
    return found


def find_living(session: Session, ids: Sequence[int], kind: RequestKind) -> int | None:
    """The open request of this kind, if they have one."""
    wanted = select(DataRequest.id).where(
        DataRequest.citizen_id.in_(ids), DataRequest.kind == kind, DataRequest.status.in_(LIVING)
    )
    return session.scalar(wanted.limit(1))


def living_of(session: Session, ids: Sequence[int]) -> Sequence[DataRequest]:
    """Everything of theirs that waits for an answer."""
    wanted = select(DataRequest).where(
        DataRequest.citizen_id.in_(ids), DataRequest.status.in_(LIVING)
    )
    return session.scalars(wanted).all()


def expired_packages(session: Session, *, now: datetime) -> Sequence[DataRequest]:
    """Requests whose package has lain long enough."""
    return session.scalars(_EXPIRED, {"now": now}).all()
