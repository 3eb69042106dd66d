"""Works the figures about applications out again from their histories alone.

Independent of the columns and clocks the board counts by, which it proves. Looks only.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from sqlalchemy import Row, or_, select
from sqlalchemy.orm import Session

from app.cases.application_models import CaseApplication
from app.cases.kinds import Action, Admission, Decision, NotAdmitted, Status
from app.cases.models import Case, CaseEvent
from app.sla.models import Clock, ClockPause
from app.sla.rules import ClockKind, PauseKind, Subject
from app.supervision.queries.counting import Period

_BATCH: Final = 500
_CASE: Final = Subject.case(0).type
# What answers the papers received: each of them meets the clock of the one-time notice.
_ANSWERS: Final = frozenset(
    {
        Action.NOTIFY_DEFECTS,
        Action.ADMIT,
        Action.DECIDE_AT_ONCE,
        Action.DEEM_ADMITTED,
        Action.NOT_ADMIT,
    }
)


@dataclass(slots=True)
class _Told:
    """What a history says, or what the rows hold; the same names for both."""

    accepted_at: datetime | None = None
    admission: Admission | None = None
    not_admitted: NotAdmitted | None = None
    decided_at: datetime | None = None
    decision: Decision | None = None
    verified_at: datetime | None = None
    was_true: bool | None = None
    notices: list[datetime] = field(default_factory=list)
    stops: list[datetime] = field(default_factory=list)


def check(session: Session, period: Period) -> Iterator[str]:
    """One sentence for each thing about an application its history contradicts.

    Looks at every application that was in hand in the period.
    """
    last = 0
    while True:
        found = session.execute(
            select(
                Case.id,
                Case.number,
                Case.accepted_at,
                CaseApplication.admission,
                CaseApplication.not_admitted,
                CaseApplication.decided_at,
                CaseApplication.decision,
                CaseApplication.verified_at,
                CaseApplication.was_true,
            )
            .join(CaseApplication, CaseApplication.case_id == Case.id)
            .where(
                Case.id > last,
                Case.opened_at < period.end,
                or_(Case.closed_at.is_(None), Case.closed_at >= period.start),
            )
            .order_by(Case.id)
            .limit(_BATCH)
        ).all()
        if not found:
            return
        last = found[-1].id
        yield from _compared(session, found)


def _compared(session: Session, found: Sequence[Row[*tuple[Any, ...]]]) -> Iterator[str]:
    ids = [row.id for row in found]
    told, kept = _told(session, ids), _kept(session, ids)
    for row in found:
        held = kept.get(row.id, _Told())
        held.accepted_at, held.admission = row.accepted_at, row.admission
        held.not_admitted = row.not_admitted
        held.decided_at, held.decision = row.decided_at, row.decision
        held.verified_at, held.was_true = row.verified_at, row.was_true
        said = told.get(row.id, _Told())
        for part in fields(_Told):
            one, other = getattr(held, part.name), getattr(said, part.name)
            if one != other:
                yield f"{row.number}: {part.name} is {one}, its history says {other}."


def _told(session: Session, ids: Sequence[int]) -> dict[int, _Told]:
    lines = session.execute(
        select(
            CaseEvent.case_id,
            CaseEvent.at,
            CaseEvent.action,
            CaseEvent.from_status,
            CaseEvent.payload,
        )
        .where(CaseEvent.case_id.in_(ids))
        .order_by(CaseEvent.case_id, CaseEvent.seq)
    )
    found: dict[int, _Told] = {}
    for case_id, own in groupby(lines, lambda line: line.case_id):
        said = found[case_id] = _Told()
        for line in own:
            _hear(said, line)
    return found


def _hear(said: _Told, line: Row[*tuple[Any, ...]]) -> None:
    payload = line.payload
    if "admission" in payload:
        said.admission = Admission(payload["admission"])
        since = payload.get("since")
        said.accepted_at = datetime.fromisoformat(since) if since else line.at
    if "decision" in payload:
        said.decision, said.decided_at = Decision(payload["decision"]), line.at
    if line.action is Action.VERIFY:
        said.verified_at, said.was_true = line.at, payload["was_true"]
    if line.action is Action.NOT_ADMIT:
        said.not_admitted = NotAdmitted(payload["reason"])
    if line.action in _ANSWERS and line.from_status is Status.RECEIVED:
        said.notices.append(line.at)
    if line.action is Action.APPROVE_PROCEDURE:
        said.stops.append(line.at)


def _kept(session: Session, ids: Sequence[int]) -> dict[int, _Told]:
    found: dict[int, _Told] = {}
    notices = select(Clock.subject_id, Clock.met_at).where(
        Clock.subject_type == _CASE,
        Clock.subject_id.in_(ids),
        Clock.kind == ClockKind.ONE_TIME_NOTICE,
    )
    for case_id, met_at in session.execute(notices.order_by(Clock.met_at)):
        if met_at is not None:
            found.setdefault(case_id, _Told()).notices.append(met_at)
    stops = (
        select(Clock.subject_id, ClockPause.from_at)
        .join(ClockPause, ClockPause.clock_id == Clock.id)
        .where(
            Clock.subject_type == _CASE,
            Clock.subject_id.in_(ids),
            Clock.kind == ClockKind.RESOLVE,
            ClockPause.legal_type != PauseKind.SUSPENSION,
        )
    )
    for case_id, from_at in session.execute(stops.order_by(ClockPause.from_at)):
        found.setdefault(case_id, _Told()).stops.append(from_at)
    return found
