"""Keeps what a reply is proved and reviewed by: evidence in the history, points held or failed.

The evidence of one round is a line of its own, internal, with its files and words; a reply that
comes back from review need not be proved twice.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.kinds import Action, Outcome
from app.cases.models import Attachment, Case
from app.cases.queries.proofs import given_proofs
from app.cases.rules import (
    Doer,
    Proof,
    StepInput,
    check_points,
    check_proof,
    lacking_proofs,
)
from app.cases.service.belongings import attach
from app.cases.service.recording import Entry, record
from app.catalogue import queries as catalogue
from app.catalogue.rules import ProofKind, ReviewPoint, points_for
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

Payload = dict[str, Any]


def prove(session: Session, case: Case, given: StepInput, *, doer: Doer, now: datetime) -> Payload:
    """Write down the evidence that comes with a reply.

    A photo or document sent for the citizen proves as well. Gives what the line of the reply
    keeps: the kinds that lack, if a reason was given for them.

    Raises:
        InvalidError: evidence the category asks for is missing without a reason.
    """
    proof, lacking = evidence(session, case, given)
    kinds = _kinds(proof)
    words = "\n\n".join(part for part in (given.proof.statement, given.proof.lacking) if part)
    if kinds or words:
        entry = Entry(
            Action.PROOF,
            doer,
            now,
            internal_text=words,
            payload=_told(case.round, kinds, lacking),
            is_public=False,
        )
        event = record(session, case, entry)
        attach(session, case, [file for _kind, file in given.proof.files], event_id=event.id)
    return {"lacking": [str(kind) for kind in lacking]} if lacking else {}


def evidence(session: Session, case: Case, given: StepInput) -> tuple[Proof, Sequence[ProofKind]]:
    """What comes with a reply as evidence, and what lacks with a reason.

    Raises:
        InvalidError: evidence the category asks for is missing without a reason.
    """
    proof = _with_open_files(session, given) if case.proofs else given.proof
    known = given_proofs(session, case.id, case.round) if case.proofs else frozenset()
    lacking = lacking_proofs(case.proofs, known, proof)
    check_proof(lacking, proof)
    return proof, lacking


def points_of(session: Session, case: Case) -> tuple[ReviewPoint, ...]:
    """The checklist the reply of a case is reviewed by today."""
    is_refusal = case.outcome is Outcome.NOT_POSSIBLE
    return points_for(catalogue.review_points(session), is_refusal=is_refusal)


def reviewed(session: Session, case: Case, given: StepInput) -> Payload:
    """The points a reply goes out with.

    Raises:
        InvalidError: a point of the checklist is open.
    """
    asked = points_of(session, case)
    check_points(asked, given.points)
    return {"points": [point.code for point in asked]} if asked else {}


def sent_back(session: Session, case: Case, given: StepInput) -> Payload:
    """The points a reply failed by.

    Raises:
        InvalidError: none was named, or one that is no point of this reply.
    """
    asked = [point.code for point in points_of(session, case)]
    failed = [code for code in asked if code in given.points]
    if asked and not failed:
        raise InvalidError(fields={"points": mark("Name at least one point that fails.")})
    return {"failed": failed} if failed else {}


def _told(round_no: int, kinds: Sequence[ProofKind], lacking: Sequence[ProofKind]) -> Payload:
    told: Payload = {"round": round_no, "proofs": [str(kind) for kind in kinds]}
    if lacking:
        told["lacking"] = [str(kind) for kind in lacking]
    return told


def _kinds(proof: Proof) -> list[ProofKind]:
    found = {kind for kind, _file in proof.files}
    if proof.statement.strip():
        found.add(ProofKind.STATEMENT)
    return [kind for kind in ProofKind if kind in found]


def _with_open_files(session: Session, given: StepInput) -> Proof:
    if not given.attachment_ids:
        return given.proof
    wanted = select(Attachment.id, Attachment.content_type).where(
        Attachment.id.in_(given.attachment_ids)
    )
    more = tuple(
        (ProofKind.PHOTO if row.content_type.startswith("image/") else ProofKind.DOCUMENT, row.id)
        for row in session.execute(wanted)
    )
    return Proof((*given.proof.files, *more), given.proof.statement, given.proof.lacking)
