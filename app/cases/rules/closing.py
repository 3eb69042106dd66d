"""What closing rests on: evidence for the reply, its review point by point, the citizen's word.

Pure. What is needed was copied on to the case when it was accepted.
"""

from collections.abc import Collection, Iterable
from typing import Final

from app.cases.kinds import CallbackResult, NotPossible, Outcome
from app.cases.rules.steps import Facts, Proof
from app.catalogue.rules import ProofKind, ReviewPoint
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

MOST_WORDS: Final = 2000
# Answers of somebody who was reached, or answered by link; only these say something of the work.
CLEAR: Final = frozenset({CallbackResult.SOLVED, CallbackResult.PARTLY, CallbackResult.NOT_SOLVED})
# What no further work would change: it may end against the citizen's word, once redone.
_SETTLED: Final = frozenset({Outcome.EXPLAINED, Outcome.NOT_POSSIBLE})


def check_outcome(facts: Facts) -> dict[str, str]:
    """What lacks of an outcome: "not possible" needs its reason."""
    reason: NotPossible | None = facts.outcome_reason
    if facts.outcome is Outcome.NOT_POSSIBLE and reason is None:
        return {"outcome_reason": mark("Say why it is not possible.")}
    return {}


def lacking_proofs(
    needed: Iterable[str], given: Collection[ProofKind], proof: Proof
) -> tuple[ProofKind, ...]:
    """The kinds of evidence still missing, after what was given before and what comes now."""
    here = {kind for kind, _file in proof.files} | set(given)
    if proof.statement.strip():
        here.add(ProofKind.STATEMENT)
    return tuple(kind for kind in ProofKind if kind in set(needed) and kind not in here)


_MISSING: Final = {
    ProofKind.PHOTO: mark("Attach a photo of the result, or say below why there is none."),
    ProofKind.DOCUMENT: mark("Attach the document, or say below why there is none."),
    ProofKind.STATEMENT: mark("Write the statement, or say below why there is none."),
}
PROOF_FIELD: Final = {
    ProofKind.PHOTO: "proof_photo",
    ProofKind.DOCUMENT: "proof_document",
    ProofKind.STATEMENT: "proof_statement",
}


def check_proof(lacking: Iterable[ProofKind], proof: Proof) -> None:
    """Refuse a reply whose evidence is missing without a reason.

    Raises:
        InvalidError: one sentence for each kind that is missing.
    """
    if proof.lacking.strip():
        return
    fields = {PROOF_FIELD[kind]: _MISSING[kind] for kind in lacking}
    if fields:
        raise InvalidError(fields=fields)


def check_points(asked: Iterable[ReviewPoint], held: Collection[str]) -> None:
    """Refuse to let a reply go out before every point of the checklist was ticked.

    Raises:
        InvalidError: a point is open.
    """
    if any(point.code not in held for point in asked):
        raise InvalidError(
            fields={
                "points": mark("Tick every point that holds. If one does not, send the reply back.")
            }
        )


def check_callback(
    result: CallbackResult, *, round_no: int, outcome: Outcome | None, note: str
) -> None:
    """Refuse to close what the citizen says is not solved.

    It is handled again. Only what was redone already and cannot be had (explained, or not
    possible) may end against the citizen's word, and the note says why.

    Raises:
        InvalidError: it must be handled again, or the note is missing.
    """
    if result is not CallbackResult.NOT_SOLVED:
        return
    if round_no <= 1 or outcome not in _SETTLED:
        raise InvalidError(
            fields={"callback_result": mark("The citizen says not solved: have it handled again.")}
        )
    if not note.strip():
        raise InvalidError(fields={"note": mark("Say why in the note.")})
