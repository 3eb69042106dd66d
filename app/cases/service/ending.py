"""What the last steps change on a case: sent back, closed, handled again, checked afterwards.

The payload of each holds codes and numbers only, never words.
"""

from collections.abc import Mapping
from typing import Final

from app.cases.kinds import Action, DoerKind, Outcome, Status
from app.cases.rules import check_callback, given_fact
from app.cases.service import closing, repairing
from app.cases.service.deeds import Deed, Effect, Payload
from app.catalogue.rules import CaseKind


def came_out(deed: Deed, outcome: Outcome) -> Payload:
    """Record the outcome apart from the state, with its reason and the rule it rests on."""
    case, facts = deed.case, deed.given.facts
    case.outcome = outcome
    case.outcome_reason = facts.outcome_reason if outcome is Outcome.NOT_POSSIBLE else None
    case.outcome_basis = facts.outcome_basis
    reason = {"reason": str(case.outcome_reason)} if case.outcome_reason else {}
    return {"outcome": str(outcome), **reason}


def _return_reply(deed: Deed) -> Payload:
    return closing.sent_back(deed.session, deed.case, deed.given)


def _close(deed: Deed) -> Payload:
    if deed.case.status is Status.CHECKED:
        return repairing.closed(deed)
    result = given_fact(deed.given.facts.callback_result)
    case = deed.case
    check_callback(result, round_no=case.round, outcome=case.outcome, note=deed.given.note)
    case.callback_result = result
    return {"result": str(result), "round": case.round}


def _called_back(deed: Deed) -> Payload:
    # Closed already with the matter it follows: what is not solved is handled again from there.
    deed.case.callback_result = given_fact(deed.given.facts.callback_result)
    return {"result": str(deed.case.callback_result), "round": deed.case.round}


def _again(deed: Deed) -> Payload:
    deed.case.reply_approved_at = None
    deed.case.master_id = None  # who ended with another goes their own way from here
    deed.case.callback_result = None
    by_citizen = deed.doer.kind is DoerKind.CITIZEN
    told = {"round": deed.case.round + 1, "asked_by_citizen": by_citizen}
    return told | repairing.rework(deed) if deed.case.kind is CaseKind.REPAIR else told


def _checked(deed: Deed) -> Payload:
    deed.case.is_drawn = False
    return {}


def _overturned(deed: Deed) -> Payload:
    return _checked(deed) | _again(deed)


EFFECTS: Final[Mapping[Action, Effect]] = {
    Action.RETURN_REPLY: _return_reply,
    Action.CLOSE: _close,
    Action.CONFIRM: _close,
    Action.CALL_BACK: _called_back,
    Action.REWORK: _again,
    Action.DISPUTE: _again,
    Action.REOPEN: _again,
    Action.GRANT_REOPEN: _again,
    Action.UPHOLD: _checked,
    Action.OVERTURN: _overturned,
}
