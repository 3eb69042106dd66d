"""Requests that another person decides: written down when asked, closed when decided.

Four eyes are checked in `rules`; here is only the keeping of the request.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.cases.kinds import Action
from app.cases.models import Approval, Case
from app.cases.queries import find_pending
from app.cases.rules import Doer, Field, Step, StepInput, StepNotAllowedError, given_fact
from app.cases.service import claims, levels
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark

GRANTING = frozenset(
    {
        Action.ACCEPT_RETURN,
        Action.APPROVE_EXTENSION,
        Action.APPROVE_SUSPENSION,
        Action.APPROVE_TERMINATION,
        Action.GRANT_REOPEN,
        Action.CONFIRM_FINDING,
        Action.GRANT_SEPARATION,
        Action.APPROVE_PROCEDURE,
    }
)
MAX_EXTENSION_DAYS = 60


def attend(
    session: Session, case: Case, step: Step, given: StepInput, *, doer: Doer, now: datetime
) -> Approval | None:
    """Write down the request a step makes, or close the one it decides.

    Raises:
        InvalidError: the days or the date asked for make no sense.
        StepNotAllowedError: there is nothing of this kind to decide.
        ConflictError: something else is waiting for a decision.
    """
    if step.asks_approval is not None:
        return _ask(session, case, step, given, doer=doer, now=now)
    if step.decides is not None:
        return _decide(session, case, step, given, doer=doer, now=now)
    return None


def _ask(
    session: Session, case: Case, step: Step, given: StepInput, *, doer: Doer, now: datetime
) -> Approval:
    if find_pending(session, case) is not None:
        raise ConflictError(mark("Another request on this matter still waits for a decision."))
    facts = given.facts
    if facts.amount is not None and not 1 <= facts.amount <= MAX_EXTENSION_DAYS:
        raise InvalidError(fields={Field.AMOUNT: mark("Enter between 1 and 60 days.")})
    if facts.until is not None and facts.until <= now.date():
        raise InvalidError(fields={Field.UNTIL: mark("Enter a date in the future.")})
    if facts.suggested_unit_id is not None:
        claims.unit(session, facts.suggested_unit_id, Field.SUGGESTED_UNIT)
    kind = given_fact(step.asks_approval)
    level, basis = levels.decider_for(session, case, kind, days=facts.amount)
    approval = Approval(
        case_id=case.id,
        kind=kind,
        level=level,
        level_basis=basis,
        requested_at=now,
        requested_by=doer.staff_id,
        reason=given.note or given.text,
        amount=facts.amount,
        until_on=facts.until,
        ground=facts.ground,
        procedure=facts.procedure,
        suggested_unit_id=facts.suggested_unit_id,
        evidence=facts.evidence,
    )
    session.add(approval)
    session.flush()
    return approval


def _decide(
    session: Session, case: Case, step: Step, given: StepInput, *, doer: Doer, now: datetime
) -> Approval:
    approval = find_pending(session, case)
    if approval is None or approval.kind is not step.decides:
        raise StepNotAllowedError(mark("There is nothing of this kind to decide."))
    approval.decided_at, approval.decided_by = now, doer.staff_id
    approval.was_granted = step.action in GRANTING
    approval.decision_note = given.note or given.text
    approval.document_no = given.facts.document_no
    session.flush()
    return approval
