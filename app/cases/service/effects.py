"""What a step changes on the case besides its state: unit, handler, category, reply, outcome.

One small function an action; the payload each returns goes into the history
and holds ids and codes only, never words or personal data.
"""

from collections.abc import Mapping
from typing import Final

from app.cases.kinds import NOT_SET_OUT, Action, Outcome, Status
from app.cases.rules import Field, Step, given_fact
from app.cases.service import (
    applying,
    claims,
    clocks,
    closing,
    ending,
    handing,
    investigating,
    merging,
    repairing,
)
from app.cases.service.belongings import searchable
from app.cases.service.confiding import About, complaint_of, confide, name_subject
from app.cases.service.deeds import Deed, Effect, Payload, hand_to
from app.cases.service.ending import came_out
from app.catalogue import queries as catalogue
from app.catalogue.rules import CaseKind
from app.departments import queries as departments
from app.kernel import search


def apply(step: Step, deed: Deed) -> Payload:
    """Do what the step's action does to the case; returns what the history keeps of it."""
    effect = _EFFECTS.get(step.action)
    payload = effect(deed) if effect else {}
    if step.target in NOT_SET_OUT and deed.case.kind is CaseKind.REPAIR:
        repairing.leave(deed)
    if deed.approval is not None:
        payload["approval_id"] = deed.approval.id
        due_at = deed.case.due_at
        if step.decides is not None and due_at is not None and due_at < deed.now:
            payload["after_limit"] = True
    return payload


def _accept(deed: Deed) -> Payload:
    category = claims.category(deed.session, given_fact(deed.given.facts.category_id))
    deed.case.category_id, deed.case.category_name = category.id, category.name.zh
    deed.case.urgency = deed.given.facts.urgency or deed.case.urgency
    deed.case.region_code = claims.region(deed.session, deed.case, deed.given.facts.region_code)
    deed.case.is_confidential = deed.case.is_confidential or category.confidential
    deed.case.proofs = [str(proof) for proof in category.proofs]
    deed.case.accepted_at = deed.now
    search.put(deed.session, deed.case.id, searchable(deed.case))
    return {"category": category.code, "urgency": str(deed.case.urgency), **_named(deed)}


def _named(deed: Deed) -> Payload:
    about = About.of(deed.given.facts)
    return name_subject(deed.session, deed.case, about, doer=deed.doer, now=deed.now)


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
    if deed.case.kind is CaseKind.REPAIR:
        payload |= repairing.dispatched(deed)
    return payload


def _ruled(deed: Deed) -> Payload:
    deed.case.return_barred = True  # after a ruling no return is possible (rulebook §2.2)
    return _to_unit(deed)


def _asked_back(deed: Deed) -> Payload:
    deed.case.return_count += 1
    return {"return": deed.case.return_count}


def _back_to_dispatch(deed: Deed) -> Payload:
    centre = departments.intake_unit(deed.session, deed.case.region_code)
    if deed.case.kind is CaseKind.REPAIR:
        repairing.taken_back(deed)
    return {"unit_id": hand_to(deed.session, deed.case, centre.id, now=deed.now)}


def _sign(deed: Deed) -> Payload:
    deed.case.handler_id = deed.doer.staff_id
    _confide_to(deed, deed.doer.staff_id)
    if deed.case.kind is CaseKind.REPAIR:
        repairing.signed(deed)
    return {}


def _assign(deed: Deed) -> Payload:
    handler_id = given_fact(deed.given.facts.handler_id)
    if handler_id != deed.doer.staff_id:  # whoever may take this step may take it on, as by signing
        claims.handler(deed.session, deed.case, handler_id)
    deed.case.handler_id, deed.case.handing_to_id = handler_id, None
    _confide_to(deed, handler_id)
    return {"handler_id": handler_id}


def _confide_to(deed: Deed, staff_id: int | None) -> None:
    # Whoever is to look into a complaint must be able to speak with who complains.
    if staff_id is not None:
        why = str(deed.given.action)
        confide(deed.session, deed.case, staff_id, reason=why, doer=deed.doer, now=deed.now)


def _responded(deed: Deed) -> Payload:
    deed.case.first_response_at = deed.case.first_response_at or deed.now
    return {}


def _reply(deed: Deed) -> Payload:
    came = came_out(deed, given_fact(deed.given.facts.outcome))
    lacking = closing.prove(deed.session, deed.case, deed.given, doer=deed.doer, now=deed.now)
    deed.case.reply_text = deed.given.text
    deed.case.reply_approved_at = None
    deed.case.replied_at, deed.case.replied_by = deed.now, deed.doer.staff_id
    deed.case.first_response_at = deed.case.first_response_at or deed.now
    return {**came, **lacking}


def _approve_reply(deed: Deed) -> Payload:
    reviewed = closing.reviewed(deed.session, deed.case, deed.given)
    deed.case.reply_approved_at = deed.now
    if deed.case.kind is CaseKind.COMPLAINT:
        row = complaint_of(deed.session, deed.case.id)
        row.recheck_until = clocks.recheck_window(deed.session, deed.case, now=deed.now)
    deed.case.urge_open_at = None  # the reply is the answer to who asked for speed
    return {"outcome": str(deed.case.outcome), **reviewed}


def _answer(deed: Deed) -> Payload:
    came = came_out(deed, deed.given.facts.outcome or Outcome.EXPLAINED)
    deed.case.reply_text, deed.case.reply_approved_at = deed.given.text, deed.now
    deed.case.replied_at, deed.case.replied_by = deed.now, deed.doer.staff_id
    deed.case.accepted_at = deed.case.accepted_at or deed.now
    deed.case.first_response_at = deed.case.first_response_at or deed.now
    return came


def _decline(deed: Deed) -> Payload:
    reason = given_fact(deed.given.facts.decline_reason)
    deed.case.decline_reason = reason
    return {"reason": str(reason)}


def _refer(deed: Deed) -> Payload:
    return {"to": deed.given.facts.refer_to[:120]}


def _merge(deed: Deed) -> Payload:
    actor = given_fact(deed.doer.actor)
    number = deed.given.facts.master
    return merging.join(deed.session, deed.case, number, actor=actor, doer=deed.doer, now=deed.now)


def _unmerge(deed: Deed) -> Payload:
    how = deed.given.action
    return merging.part(deed.session, deed.case, how, doer=deed.doer, now=deed.now)


def _withdraw(deed: Deed) -> Payload:
    if deed.case.status is Status.MERGED:
        clocks.own_again(deed.session, deed.case)
    merging.leave(deed.session, deed.case, Action.WITHDRAW, now=deed.now)
    heir = merging.pass_on(deed.session, deed.case, now=deed.now)
    return {"led_by": heir.number} if heir else {}


_EFFECTS: Final[Mapping[Action, Effect]] = {
    Action.ACCEPT: _accept,
    Action.ANSWER_ON_SPOT: _answer,
    Action.DECLINE: _decline,
    Action.REFER: _refer,
    Action.MERGE: _merge,
    Action.UNMERGE: _unmerge,
    Action.GRANT_SEPARATION: _unmerge,
    Action.WITHDRAW: _withdraw,
    Action.DISPATCH: _to_unit,
    Action.COORDINATE: _to_unit,
    Action.RULE: _ruled,
    Action.REQUEST_RETURN: _asked_back,
    Action.ACCEPT_RETURN: _back_to_dispatch,
    Action.SIGN: _sign,
    Action.ASSIGN: _assign,
    Action.CONTACT: _responded,
    Action.ASK_CITIZEN: _responded,
    Action.REPLY: _reply,
    Action.APPROVE_REPLY: _approve_reply,
    Action.REDISTRIBUTE: _to_unit,
    **handing.EFFECTS,
    **ending.EFFECTS,
    **investigating.EFFECTS,
    **applying.EFFECTS,
    **repairing.EFFECTS,
}
