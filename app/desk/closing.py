"""What closing asks of a step's form, and what the reviewer of a reply is shown.

Reads only. Evasive words are marked, never refused: whether a reply goes out, a person says.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from app.cases.kinds import Action, Outcome, Status
from app.cases.labels import label
from app.cases.models import Case
from app.cases.queries.proofs import (
    SentBack,
    evidence_of,
    find_sent_back,
    given_proofs,
)
from app.cases.service.closing import points_of
from app.catalogue import queries as catalogue
from app.catalogue.labels import PROOFS
from app.catalogue.rules import Piece, ProofKind, cites_rule, evasive_in, marked

_REVIEW = (Action.APPROVE_REPLY, Action.RETURN_REPLY)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a step's form asks beside its fields: evidence (kind, label, is there), points."""

    proofs: tuple[tuple[str, str, bool], ...] = ()
    points: tuple[tuple[str, str], ...] = ()
    points_fail: bool = False


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A reply under review: the text with its marks, the outcome, the evidence, what lacks."""

    pieces: tuple[Piece, ...]
    evasive: tuple[str, ...]
    outcome: str
    reason: str
    basis: str
    is_refusal: bool
    cites_rule: bool
    needed: tuple[str, ...]
    lines: tuple[tuple[tuple[str, ...], str], ...]
    lacking: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReturnedView:
    """Why a reply came back from its review: the points it failed by, and the words."""

    name: str
    points: tuple[str, ...]
    words: str


NOTHING_ASKED: Final = Asked()
_WRITING: Final = (Status.HANDLING, Status.MEASURES)  # where a reply sent back is rewritten


def closing_holes(asked: Asked, typed: Mapping[str, str]) -> dict[str, str]:
    """What stands in the evidence and the points of a form: what was typed and sent back."""
    points = {
        f"point {code}": "checked" if typed.get(f"point {code}") else "" for code, _ in asked.points
    }
    words = ("proof_statement", "proof_lacking") if asked.proofs else ()
    return {**points, **{name: typed.get(name, "") for name in words}}


def asked_for(session: Session, case: Case, action: Action, language: str) -> Asked:
    """What the form of this step asks on this matter; nothing for most steps."""
    if action is Action.REPLY and case.proofs:
        known = given_proofs(session, case.id, case.round)
        kinds = [kind for kind in ProofKind if kind in case.proofs]
        return Asked(proofs=tuple((str(kind), PROOFS[kind], kind in known) for kind in kinds))
    if action in _REVIEW:
        points = points_of(session, case)
        return Asked(
            points=tuple((point.code, point.text.within(language)) for point in points),
            points_fail=action is Action.RETURN_REPLY,
        )
    return Asked()


def review_of(session: Session, case: Case) -> ReviewView | None:
    """What the reviewer reads; None where no reply waits for review."""
    if case.status is not Status.REPLIED:
        return None
    points = catalogue.review_points(session)
    lines = evidence_of(session, case.id, case.round)
    given = {kind for line in lines for kind in line.kinds}
    lacking = {kind for line in lines for kind in line.lacking} - given
    return ReviewView(
        pieces=marked(case.reply_text, points),
        evasive=evasive_in(case.reply_text, points),
        outcome=label(case.outcome) if case.outcome else "",
        reason=label(case.outcome_reason) if case.outcome_reason else "",
        basis=case.outcome_basis,
        is_refusal=case.outcome is Outcome.NOT_POSSIBLE,
        cites_rule=cites_rule(f"{case.reply_text}\n{case.outcome_basis}"),
        needed=tuple(PROOFS[kind] for kind in ProofKind if kind in case.proofs),
        lines=tuple((tuple(PROOFS[kind] for kind in line.kinds), line.words) for line in lines),
        lacking=tuple(PROOFS[kind] for kind in ProofKind if kind in lacking),
    )


def returned_of(session: Session, case: Case, language: str) -> ReturnedView | None:
    """Why the reply came back, for whoever writes it again."""
    if case.status not in _WRITING or not case.reply_text:
        return None
    back: SentBack | None = find_sent_back(session, case.id)
    if back is None:
        return None
    words = {item.code: item.text for item in catalogue.list_review_items(session)}
    points = (words[code].within(language) if code in words else code for code in back.failed)
    return ReturnedView(back.name, tuple(points), back.words)
