"""Stepping back from a matter for an interest of one's own, or on the supervisor's order (回避).

From then on the person is treated as if the matter were about them; written once, never undone.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts import queries as accounts
from app.accounts.rules import Actor
from app.cases.complaint_models import CaseRecusal
from app.cases.kinds import Action
from app.cases.models import Case
from app.cases.queries import situation_of
from app.cases.rules import staff
from app.cases.service.recording import Entry, record
from app.complaints import rules
from app.kernel.errors import ConflictError, ForbiddenError, InvalidError
from app.kernel.messages import mark

_WHY = mark("Say what the interest is.")


def step_back(session: Session, case: Case, reason: str, *, actor: Actor, now: datetime) -> None:
    """Declare an interest of one's own.

    Raises:
        InvalidError: no reason.
        ForbiddenError: the matter has ended.
    """
    if not rules.may_step_back(actor, situation_of(session, case)):
        raise ForbiddenError(mark("This matter has ended; there is nothing to step back from."))
    _keep_away(session, case, actor.id, reason, by=actor, is_own=True, now=now)


def order_back(
    session: Session, case: Case, account: str, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Have somebody step back from the matter.

    Raises:
        InvalidError: nobody has this account, or no reason.
        ForbiddenError: not the supervisor's to order.
        ConflictError: they have stepped back already.
    """
    situation = situation_of(session, case)
    if not rules.may_order_back(actor, situation):
        raise ForbiddenError(mark("Only the supervisor can tell somebody to step back."))
    found = accounts.find_by_username(session, account.strip()) if account.strip() else None
    if found is None:
        raise InvalidError(fields={"account": mark("Nobody here has this account.")})
    if found.id in situation.recused:
        raise ConflictError(mark("They have stepped back from this matter already."))
    _keep_away(session, case, found.id, reason, by=actor, is_own=False, now=now)


def _keep_away(
    session: Session,
    case: Case,
    staff_id: int,
    reason: str,
    *,
    by: Actor,
    is_own: bool,
    now: datetime,
) -> None:
    if not reason.strip():
        raise InvalidError(fields={"reason": _WHY})
    session.add(
        CaseRecusal(
            case_id=case.id,
            staff_id=staff_id,
            reason=reason.strip(),
            declared_at=now,
            ordered_by=None if is_own else by.id,
        )
    )
    if case.handler_id == staff_id:
        case.handler_id = case.handing_to_id = None  # stays with the unit; a colleague takes it on
    elif case.handing_to_id == staff_id:
        case.handing_to_id = None  # stays with whoever has it
    payload = {"staff_id": staff_id, "ordered": not is_own}
    record(session, case, Entry(Action.RECUSE, staff(by), now, payload=payload, is_public=False))
