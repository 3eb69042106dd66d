"""What a step changes on the case besides its state: unit, handler, category, reply, outcome.

One small function an action; the payload each returns goes into the history
and holds ids and codes only, never words or personal data.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.kinds import AccessRole, Action, DoerKind, Outcome
from app.cases.models import Approval, Case, CaseAccess, CaseAccused
from app.cases.rules import Doer, Field, Step, StepInput, given_fact
from app.cases.service import claims, clocks
from app.cases.service.belongings import searchable
from app.catalogue import queries as catalogue
from app.departments import queries as departments
from app.departments.rules import is_within
from app.kernel import search


@dataclass(frozen=True, slots=True)
class Deed:
    """One step being taken: on which case, with what, by whom, when, and its request if any."""

    session: Session
    case: Case
    given: StepInput
    doer: Doer
    now: datetime
    approval: Approval | None = None


Payload = dict[str, Any]
Effect = Callable[[Deed], Payload]


def apply(step: Step, deed: Deed) -> Payload:
    """Do what the step's action does to the case; returns what the history keeps of it."""
    effect = _EFFECTS.get(step.action)
    payload = effect(deed) if effect else {}
    if deed.approval is not None:
        payload["approval_id"] = deed.approval.id
    return payload


def _accept(deed: Deed) -> Payload:
    category = claims.category(deed.session, given_fact(deed.given.facts.category_id))
    deed.case.category_id, deed.case.category_name = category.id, category.name.zh
    deed.case.urgency = deed.given.facts.urgency or deed.case.urgency
    deed.case.region_code = claims.region(deed.session, deed.case, deed.given.facts.region_code)
    deed.case.is_confidential = deed.case.is_confidential or category.confidential
    deed.case.accepted_at = deed.now
    search.put(deed.session, deed.case.id, searchable(deed.case))
    return {"category": category.code, "urgency": str(deed.case.urgency), **_guarded(deed)}


def _guarded(deed: Deed) -> Payload:
    """Name whom it is about, and take it out of their hands if it lies there."""
    named = claims.accused(deed.session, deed.given.facts)
    if named is None:
        return {}
    unit_id, staff_id = named
    deed.session.add(
        CaseAccused(
            case_id=deed.case.id,
            unit_id=unit_id,
            staff_id=staff_id,
            named_at=deed.now,
            named_by=deed.doer.staff_id,
        )
    )
    about = departments.view_of(deed.session, unit_id)
    here = departments.view_of(deed.session, deed.case.unit_id)
    if is_within(here.path, about.path):
        hand_to(deed.session, deed.case, given_fact(about.parent_id), now=deed.now)
    return {"accused_unit_id": unit_id}


def _to_unit(deed: Deed) -> Payload:
    wanted = given_fact(deed.given.facts.unit_id)
    unit_id = claims.spared_unit(deed.session, deed.case, wanted, Field.UNIT)
    payload: Payload = {"unit_id": hand_to(deed.session, deed.case, unit_id, now=deed.now)}
    deed.case.returns_until = clocks.return_window(deed.session, deed.case, now=deed.now)
    if deed.case.category_id is not None:
        # Kept for "why was this sent there?", when the directory has long been changed.
        proposal = catalogue.propose_unit(
            deed.session, deed.case.category_id, deed.case.region_code
        )
        payload |= {"proposed_unit_id": proposal.unit_id, "rule_id": proposal.rule_id}
    return payload


def _ruled(deed: Deed) -> Payload:
    deed.case.return_barred = True  # after a ruling no return is possible (rulebook §2.2)
    return _to_unit(deed)


def _asked_back(deed: Deed) -> Payload:
    deed.case.return_count += 1
    return {"return": deed.case.return_count}


def _back_to_dispatch(deed: Deed) -> Payload:
    centre = departments.intake_unit(deed.session, deed.case.region_code)
    return {"unit_id": hand_to(deed.session, deed.case, centre.id, now=deed.now)}


def hand_to(session: Session, case: Case, unit_id: int, *, now: datetime) -> int:
    """Make a unit the one lead of the case; the one before keeps sight of its own period."""
    open_rows = select(CaseAccess).where(
        CaseAccess.case_id == case.id,
        CaseAccess.role == AccessRole.MAIN,
        CaseAccess.to_at.is_(None),
    )
    for row in session.scalars(open_rows):
        row.to_at = now
    case.unit_id, case.handler_id = unit_id, None
    session.add(CaseAccess(case_id=case.id, unit_id=unit_id, role=AccessRole.MAIN, from_at=now))
    return unit_id


def _sign(deed: Deed) -> Payload:
    deed.case.handler_id = deed.doer.staff_id
    return {}


def _assign(deed: Deed) -> Payload:
    handler_id = given_fact(deed.given.facts.handler_id)
    if handler_id != deed.doer.staff_id:  # whoever may take this step may take it on, as by signing
        claims.handler(deed.session, deed.case, handler_id)
    deed.case.handler_id = handler_id
    return {"handler_id": handler_id}


def _responded(deed: Deed) -> Payload:
    deed.case.first_response_at = deed.case.first_response_at or deed.now
    return {}


def _reply(deed: Deed) -> Payload:
    outcome = given_fact(deed.given.facts.outcome)
    deed.case.reply_text, deed.case.outcome = deed.given.text, outcome
    deed.case.reply_approved_at = None
    deed.case.replied_at, deed.case.replied_by = deed.now, deed.doer.staff_id
    deed.case.first_response_at = deed.case.first_response_at or deed.now
    return {"outcome": str(outcome)}


def _approve_reply(deed: Deed) -> Payload:
    deed.case.reply_approved_at = deed.now
    return {"outcome": str(deed.case.outcome)}


def _answer(deed: Deed) -> Payload:
    deed.case.outcome = deed.given.facts.outcome or Outcome.EXPLAINED
    deed.case.reply_text, deed.case.reply_approved_at = deed.given.text, deed.now
    deed.case.replied_at, deed.case.replied_by = deed.now, deed.doer.staff_id
    deed.case.accepted_at = deed.case.accepted_at or deed.now
    deed.case.first_response_at = deed.case.first_response_at or deed.now
    return {"outcome": str(deed.case.outcome)}


def _decline(deed: Deed) -> Payload:
    reason = given_fact(deed.given.facts.decline_reason)
    deed.case.decline_reason = reason
    return {"reason": str(reason)}


def _refer(deed: Deed) -> Payload:
    return {"to": deed.given.facts.refer_to[:120]}


def _merge(deed: Deed) -> Payload:
    actor = given_fact(deed.doer.actor)
    master = claims.master(deed.session, deed.case, deed.given.facts.master, actor)
    deed.case.master_id = master.id
    return {"master": master.number}


def _close(deed: Deed) -> Payload:
    result = given_fact(deed.given.facts.callback_result)
    deed.case.callback_result = result
    return {"result": str(result)}


def _again(deed: Deed) -> Payload:
    deed.case.reply_approved_at = None
    by_citizen = deed.doer.kind is DoerKind.CITIZEN
    return {"round": deed.case.round + 1, "asked_by_citizen": by_citizen}


_EFFECTS: Final[Mapping[Action, Effect]] = {
    Action.ACCEPT: _accept,
    Action.ANSWER_ON_SPOT: _answer,
    Action.DECLINE: _decline,
    Action.REFER: _refer,
    Action.MERGE: _merge,
    Action.DISPATCH: _to_unit,
    Action.RULE: _ruled,
    Action.REQUEST_RETURN: _asked_back,
    Action.ACCEPT_RETURN: _back_to_dispatch,
    Action.SIGN: _sign,
    Action.ASSIGN: _assign,
    Action.CONTACT: _responded,
    Action.ASK_CITIZEN: _responded,
    Action.REPLY: _reply,
    Action.APPROVE_REPLY: _approve_reply,
    Action.CLOSE: _close,
    Action.REWORK: _again,
    Action.REOPEN: _again,
    Action.GRANT_REOPEN: _again,
}
