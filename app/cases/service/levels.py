"""Says who decides a request, by the lines that hold on the day it is made; edits those lines.

The answer is copied on to the request: a later edit of a line never reaches it.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases.application_models import CaseApplication
from app.cases.approver_models import ApprovalRule
from app.cases.kinds import ApprovalKind, ApproverLevel
from app.cases.models import Approval, Case
from app.cases.rules.levels import (
    BY_LAW,
    BY_LAW_JOINT,
    LAID_DOWN,
    LevelLine,
    check_line,
    decider,
)
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, NotFoundError
from app.kernel.messages import mark

_BY_LAW = frozenset({ApprovalKind.EXTENSION})


def decider_for(
    session: Session, case: Case, kind: ApprovalKind, *, days: int | None
) -> tuple[ApproverLevel, str]:
    """Who decides such a request on this matter, and the ground that is copied on to it."""
    row = session.get(CaseApplication, case.id) if kind in _BY_LAW else None
    if row is not None:
        return BY_LAW_JOINT if row.is_joint else BY_LAW
    granted = select(func.count()).where(
        Approval.case_id == case.id, Approval.kind == kind, Approval.was_granted.is_(True)
    )
    nth = (session.scalar(granted) or 0) + 1
    return decider(list_lines(session), kind, nth=nth, days=days)


def list_lines(session: Session) -> list[LevelLine]:
    """Every line in the order in which they are tried: as laid down, or as it was changed."""
    changed = {row.code: row for row in session.scalars(select(ApprovalRule))}
    return [_merged(line, changed.get(line.code)) for line in LAID_DOWN]


def _merged(line: LevelLine, row: ApprovalRule | None) -> LevelLine:
    if row is None:
        return line
    return replace(
        line,
        most_nth=row.most_nth,
        most_days=row.most_days,
        level=row.level,
        basis_text=row.basis_text,
        is_sample=row.is_sample,
        version=row.version,
    )


@dataclass(frozen=True, slots=True)
class LineDraft:
    """What an administrator says about a line; its kind and place stay."""

    level: ApproverLevel
    most_nth: int | None
    most_days: int | None
    basis_text: str
    is_sample: bool


def change_line(
    session: Session,
    code: str,
    draft: LineDraft,
    *,
    version: int,
    actor: Actor,
    by: Author,
    now: datetime,
) -> None:
    """Change a line; requests already made keep the decider they were given.

    Raises:
        ForbiddenError: the actor does not manage the catalogue.
        NotFoundError, ConflictError: no such line; somebody changed it meanwhile.
        InvalidError: a number or the ground cannot be accepted.
    """
    actor.require(Permission.CATALOGUE_MANAGE)
    line = next((one for one in list_lines(session) if one.code == code), None)
    if line is None:
        raise NotFoundError(mark("There is no such line."))
    if line.version != version:
        raise ConflictError(
            mark("Somebody else changed this while you were working on it."),
            stored={mark("Basis"): line.basis_text},
            fresh={"version": str(line.version)},
        )
    check_line(most_nth=draft.most_nth, most_days=draft.most_days, basis_text=draft.basis_text)
    row = session.scalars(select(ApprovalRule).where(ApprovalRule.code == code)).one_or_none()
    if row is None:
        row = ApprovalRule(code=code)
        session.add(row)
    row.level, row.most_nth, row.most_days = draft.level, draft.most_nth, draft.most_days
    row.basis_text, row.is_sample = draft.basis_text.strip(), draft.is_sample
    details = {"before": _told(line), "after": _told(_merged(line, row))}
    audit.note(
        session, by, "approval_rule:change", ("approval_rule", code), at=now, details=details
    )
    session.flush()


def _told(line: LevelLine) -> dict[str, object]:
    return {"level": str(line.level), "nth": line.most_nth, "days": line.most_days}
