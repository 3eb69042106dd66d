"""Makes an application's own part of the citizen's page ready: dates, papers, pauses, decision.

Reads only. Nobody's name and none of the answers stand on it: whoever has the address reads it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from app.cases.kinds import Admission, Decision
from app.cases.labels import label
from app.cases.models import Case
from app.documents import queries as documents
from app.documents.labels import KINDS
from app.documents.rules import DocumentState
from app.service_items import queries as items
from app.service_items.labels import DELIVERIES, PROCEDURES
from app.service_items.rules import Procedure
from app.service_requests import queries, service
from app.service_requests.labels import decided
from app.service_requests.queries import Standing
from app.service_requests.rules import SETTLED, Verdict
from app.sla.rules import ClockKind

_OWED: Final = frozenset(Verdict) - SETTLED - {Verdict.OPEN}


@dataclass(frozen=True, slots=True)
class OwedPaper:
    """A paper that is still to come: what is wrong with it, or until when it may follow."""

    name: str
    reason: str
    until: date | None


@dataclass(frozen=True, slots=True)
class OwnPause:
    """A special procedure: which, by which paper, from when to when."""

    procedure: str
    document_no: str
    from_at: datetime
    to_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnDocument:
    """A paper of the office that holds, as a file to open."""

    id: int
    kind: str
    number: str
    issued_at: datetime


@dataclass(frozen=True, slots=True)
class OwnApplication:
    """What an applicant reads about their application."""

    item: str
    code: str
    notice_due: datetime | None
    accepted_at: datetime | None
    is_deemed: bool
    promised_due: datetime | None
    legal_due: datetime | None
    owed: tuple[OwedPaper, ...]
    pauses: tuple[OwnPause, ...]
    decision: str
    is_refused: bool
    decided_at: datetime | None
    remedies: str
    refer_to: str
    why_not: str
    delivery: str
    tracking_no: str
    delivered_at: datetime | None
    may_hand_in: bool
    basis: str
    why_late: str
    revoked_at: datetime | None
    hearing_until: date | None
    hearing_at: datetime | None
    hearing_held_at: datetime | None
    may_ask_hearing: bool
    documents: tuple[OwnDocument, ...]


def own_application(
    session: Session, case: Case, *, language: str, may: frozenset[str], now: datetime
) -> OwnApplication | None:
    """The application as its applicant may see it; None for every other matter."""
    standing = queries.standing_of(session, case)
    if standing is None:
        return None
    row = standing.row
    item = items.get_version(session, row.item_version_id)
    return OwnApplication(
        item=item.content.name.within(language),
        code=item.code,
        notice_due=_open_due(standing, ClockKind.ONE_TIME_NOTICE),
        accepted_at=case.accepted_at,
        is_deemed=row.admission is Admission.DEEMED,
        promised_due=_due(standing, ClockKind.RESOLVE),
        legal_due=_due(standing, ClockKind.LEGAL),
        owed=tuple(_owed(session, case, language, is_asked="hand_in" in may)),
        pauses=tuple(
            OwnPause(PROCEDURES[Procedure(one.kind)], one.document_no, one.from_at, one.to_at)
            for one in standing.stood
        ),
        decision=decided(Decision(row.decision), item.content.kind) if row.decision else "",
        is_refused=row.decision is Decision.REFUSED,
        decided_at=row.decided_at,
        remedies=row.remedies,
        refer_to=row.refer_to,
        why_not=label(row.not_admitted) if row.not_admitted else "",
        delivery=DELIVERIES[row.delivery or row.wanted_delivery],
        tracking_no=row.tracking_no,
        delivered_at=row.delivered_at,
        may_hand_in="hand_in" in may,
        basis=case.outcome_basis if row.decision is Decision.REFUSED else "",
        why_late=queries.why_late(session, case.id) if row.late_told_at else "",
        revoked_at=row.revoked_at,
        hearing_until=row.hearing_until if row.hearing_asked_at is None else None,
        hearing_at=row.hearing_at,
        hearing_held_at=row.hearing_held_at,
        may_ask_hearing=service.may_ask_hearing(session, case, now=now),
        documents=tuple(_documents(session, case)),
    )


def _documents(session: Session, case: Case) -> Iterator[OwnDocument]:
    for row in documents.list_for_case(session, case.id):
        if row.state is DocumentState.VALID and not row.is_erased:
            yield OwnDocument(row.id, KINDS[row.kind], row.number, row.issued_at)


def _owed(session: Session, case: Case, language: str, *, is_asked: bool) -> list[OwedPaper]:
    """What is asked for now: what came in is being looked at and is not asked for again."""
    return [
        OwedPaper(
            row.name_en if language == "en" and row.name_en else row.name,
            row.reason,
            row.promised_until,
        )
        for row in queries.paper_rows(session, case.id)
        if (is_asked and row.verdict in _OWED) or row.verdict is Verdict.PROMISED
    ]


def _due(standing: Standing, kind: ClockKind) -> datetime | None:
    clock = standing.clocks.get(kind)
    return clock.due_at if clock else None


def _open_due(standing: Standing, kind: ClockKind) -> datetime | None:
    clock = standing.clocks.get(kind)
    return clock.due_at if clock and clock.is_open else None
