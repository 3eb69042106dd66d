"""The history of one case, as staff read it and as the citizen reads it.

Public lines carry public words only; what a former unit sees ends with its period.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Actor
from app.cases.kinds import Action, ApprovalKind, DoerKind, Status
from app.cases.models import Approval, Attachment, Case, CaseAccess, CaseEvent, CaseText
from app.cases.queries.visibility import sees_only_own_period
from app.departments import queries as departments
from app.departments.models import Unit
from app.kernel.db import rows


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline with its words and the files that came with it."""

    seq: int
    at: datetime
    action: Action
    actor_kind: DoerKind
    actor_name: str
    unit_name: str
    unit_name_en: str
    from_status: Status | None
    to_status: Status | None
    public_text: str
    internal_text: str
    is_public: bool
    payload: dict[str, Any]
    files: tuple["LineFile", ...] = field(default=())


@dataclass(frozen=True, slots=True)
class LineFile:
    """A file that came with a line."""

    id: int
    content_type: str


_LINES: Final = (
    select(
        CaseEvent.id,
        CaseEvent.seq,
        CaseEvent.at,
        CaseEvent.action,
        CaseEvent.actor_kind,
        func.coalesce(Staff.display_name, ""),
        func.coalesce(Unit.name, ""),
        func.coalesce(Unit.name_en, ""),
        CaseEvent.from_status,
        CaseEvent.to_status,
        func.coalesce(CaseText.public_text, ""),
        func.coalesce(CaseText.internal_text, ""),
        CaseEvent.is_public,
        CaseEvent.payload,
    )
    .outerjoin(CaseText, CaseText.event_id == CaseEvent.id)
    .outerjoin(Staff, Staff.id == CaseEvent.actor_id)
    .outerjoin(Unit, Unit.id == CaseEvent.unit_id)
    .where(CaseEvent.case_id == bindparam("case_id"))
    .order_by(CaseEvent.seq)
)
_STEP: Final = "step"  # what the leading matter did; says nothing of anybody
_PUBLIC_LINES: Final = _LINES.where(CaseEvent.is_public)
_FILES: Final = (
    select(Attachment.id, Attachment.content_type, Attachment.event_id)
    .where(
        Attachment.case_id == bindparam("case_id"),
        Attachment.event_id.is_not(None),
        Attachment.is_sealed.is_(False),
    )
    .order_by(Attachment.id)
)
_PUBLIC_FILES: Final = _FILES.where(Attachment.is_public)


def timeline(session: Session, case: Case, actor: Actor) -> list[Line]:
    """Every line the actor may see, oldest first."""
    ends = sight_ends(session, case, actor)
    wanted = _LINES if ends is None else _LINES.where(CaseEvent.at <= ends)
    return _read(session, case, wanted, public_only=False)


def public_timeline(session: Session, case: Case) -> list[Line]:
    """What the citizen reads: public lines, public words, no names of staff."""
    return _read(session, case, _PUBLIC_LINES, public_only=True)


def sight_ends(session: Session, case: Case, actor: Actor) -> datetime | None:
    """When a former unit's sight of this case ended; None where it has not."""
    path = departments.view_of(session, case.unit_id).path
    if not sees_only_own_period(actor, unit_id=case.unit_id, unit_path=path):
        return None
    wanted = select(CaseAccess.to_at).where(
        CaseAccess.case_id == case.id, CaseAccess.unit_id == actor.unit_id
    )
    ends = session.scalars(wanted).all()
    # An intake unit keeps sight of what it took in; a lead unit only of its own time.
    return max((end for end in ends if end is not None), default=None) if None not in ends else None


def approvals_by_id(session: Session, ids: Sequence[int]) -> dict[int, Approval]:
    """Requests by their keys, decided or not."""
    if not ids:
        return {}
    wanted = select(Approval).where(Approval.id.in_(set(ids)))
    return {found.id: found for found in session.scalars(wanted)}


def last_urged_at(session: Session, case_id: int) -> datetime | None:
    """When the citizen last asked for speed."""
    wanted = select(func.max(CaseEvent.at)).where(
        CaseEvent.case_id == case_id, CaseEvent.action == Action.URGE
    )
    return session.scalars(wanted).one()


def suspended_until(session: Session, case: Case) -> date | None:
    """The day until which the case is suspended; None while it is not."""
    found = suspension_of(session, case)
    return found.until_on if found is not None else None


def suspension_of(session: Session, case: Case) -> Approval | None:
    """What the case is suspended by, with its ground and its document; None while it is not."""
    if case.status is not Status.SUSPENDED:
        return None
    wanted = select(Approval).where(
        Approval.case_id == case.id,
        Approval.kind == ApprovalKind.SUSPENSION,
        Approval.was_granted.is_(True),
    )
    return session.scalars(wanted.order_by(Approval.id.desc()).limit(1)).first()


def last_words(session: Session, case_id: int) -> str:
    """What was written last on the case, for staff; "" if nobody has written anything."""
    wanted = (
        select(CaseText.public_text, CaseText.internal_text)
        .join(CaseEvent, CaseEvent.id == CaseText.event_id)
        .where(CaseEvent.case_id == case_id)
        .order_by(CaseEvent.seq.desc())
        .limit(1)
    )
    row = session.execute(wanted).first()
    return "\n".join(part for part in row if part) if row else ""


def open_question(session: Session, case: Case) -> str:
    """The question staff asked last, while the case waits for its answer; else ""."""
    if case.status is not Status.WAITING_CITIZEN:
        return ""
    wanted = (
        select(CaseText.public_text)
        .join(CaseEvent, CaseEvent.id == CaseText.event_id)
        .where(CaseEvent.case_id == case.id, CaseEvent.action == Action.ASK_CITIZEN)
        .order_by(CaseEvent.seq.desc())
        .limit(1)
    )
    return session.scalars(wanted).first() or ""


def _read(session: Session, case: Case, wanted: Any, *, public_only: bool) -> list[Line]:  # noqa: ANN401  # a Select of fourteen columns has no shorter honest type
    files = _files(session, case.id, public_only=public_only)
    lines = []
    for event_id, *rest in rows(session, wanted, case_id=case.id):
        line = Line(*rest)
        if event_id in files:
            line = replace(line, files=tuple(files[event_id]))
        lines.append(_without_inside(line) if public_only else line)
    return lines


def _without_inside(line: Line) -> Line:
    return Line(
        seq=line.seq,
        at=line.at,
        action=line.action,
        actor_kind=line.actor_kind,
        actor_name="",
        unit_name=line.unit_name,
        unit_name_en=line.unit_name_en,
        from_status=line.from_status,
        to_status=line.to_status,
        public_text=line.public_text,
        internal_text="",
        is_public=True,
        payload={_STEP: line.payload[_STEP]} if _STEP in line.payload else {},
        files=line.files,
    )


def _files(session: Session, case_id: int, *, public_only: bool) -> dict[int, list[LineFile]]:
    found: dict[int, list[LineFile]] = {}
    wanted = _PUBLIC_FILES if public_only else _FILES
    for file_id, content_type, event_id in rows(session, wanted, case_id=case_id):
        found.setdefault(event_id, []).append(LineFile(file_id, content_type))
    return found
