"""What proves the reply of a case, and what its review said: read from the history.

Nothing is kept twice: the lines of the history are the record.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.cases.kinds import Action
from app.cases.models import CaseEvent, CaseText
from app.catalogue.rules import ProofKind
from app.kernel.db import rows

_PROOFS: Final = (
    select(
        CaseEvent.id,
        CaseEvent.at,
        CaseEvent.payload,
        func.coalesce(CaseText.internal_text, "").label("words"),
    )
    .outerjoin(CaseText, CaseText.event_id == CaseEvent.id)
    .where(CaseEvent.case_id == bindparam("case_id"), CaseEvent.action == Action.PROOF)
    .order_by(CaseEvent.seq)
)
_LAST_REVIEW: Final = (
    select(
        CaseEvent.action,
        CaseEvent.at,
        CaseEvent.payload,
        func.coalesce(CaseText.internal_text, "").label("words"),
        func.coalesce(Staff.display_name, "").label("name"),
    )
    .outerjoin(CaseText, CaseText.event_id == CaseEvent.id)
    .outerjoin(Staff, Staff.id == CaseEvent.actor_id)
    .where(
        CaseEvent.case_id == bindparam("case_id"),
        CaseEvent.action.in_((Action.APPROVE_REPLY, Action.RETURN_REPLY)),
    )
    .order_by(CaseEvent.seq.desc())
    .limit(1)
)

_LAST_AGAIN: Final = (
    select(CaseText.public_text, CaseText.internal_text)
    .join(CaseEvent, CaseEvent.id == CaseText.event_id)
    .where(
        CaseEvent.case_id == bindparam("case_id"),
        CaseEvent.action.in_((Action.REWORK, Action.DISPUTE, Action.OVERTURN, Action.REOPEN)),
    )
    .order_by(CaseEvent.seq.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line of evidence of the present round; `lacking` with the reason in its words."""

    event_id: int
    at: datetime
    kinds: tuple[ProofKind, ...]
    lacking: tuple[ProofKind, ...]
    words: str


@dataclass(frozen=True, slots=True)
class SentBack:
    """By which points a reply failed its last review, who said so, and in which words."""

    at: datetime
    name: str
    failed: tuple[str, ...]
    words: str


def evidence_of(session: Session, case_id: int, round_no: int) -> list[Evidence]:
    """The evidence of one round, oldest first."""
    found = rows(session, _PROOFS, case_id=case_id)
    return [_evidence(row) for row in found if row.payload.get("round") == round_no]


def given_proofs(session: Session, case_id: int, round_no: int) -> frozenset[ProofKind]:
    """The kinds of evidence a round has already."""
    lines = evidence_of(session, case_id, round_no)
    return frozenset(kind for line in lines for kind in line.kinds)


def find_sent_back(session: Session, case_id: int) -> SentBack | None:
    """The last review, if it sent the reply back."""
    found = rows(session, _LAST_REVIEW, case_id=case_id)
    if not found or found[0].action is not Action.RETURN_REPLY:
        return None
    row = found[0]
    return SentBack(row.at, row.name, tuple(row.payload.get("failed", ())), row.words)


def find_last_words(session: Session, case_id: int) -> str:
    """What was said when the matter was last sent to be handled again; "" if it never was."""
    found = rows(session, _LAST_AGAIN, case_id=case_id)
    return "\n".join(part for part in found[0] if part) if found else ""


def _evidence(row: Row[*tuple[Any, ...]]) -> Evidence:
    return Evidence(
        row.id,
        row.at,
        tuple(ProofKind(kind) for kind in row.payload["proofs"]),
        tuple(ProofKind(kind) for kind in row.payload.get("lacking", ())),
        row.words,
    )
