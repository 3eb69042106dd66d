"""What the steps of a complaint change besides its state: finding, its confirmation, the check.

The investigation file and the measures are written by `app.complaints`; here is only what the
steps of the table do.
"""

from collections.abc import Mapping
from typing import Final

from app.cases.kinds import Action, Finding
from app.cases.models import CaseAccused
from app.cases.rules import Field, given_fact
from app.cases.service import claims, clocks
from app.cases.service.confiding import complaint_of
from app.cases.service.deeds import Deed, Effect, Payload, hand_to
from app.departments import queries as departments
from app.departments.rules import is_within


def _conclude(deed: Deed) -> Payload:
    row = complaint_of(deed.session, deed.case.id)
    row.finding = given_fact(deed.given.facts.finding)
    row.proposed_by, row.confirmed_by, row.confirmed_at = deed.doer.staff_id, None, None
    return {"finding": str(row.finding)}


def _confirm(deed: Deed) -> Payload:
    row = complaint_of(deed.session, deed.case.id)
    row.confirmed_by, row.confirmed_at = deed.doer.staff_id, deed.now
    return {"finding": str(given_fact(row.finding))}


def _ask_above(deed: Deed) -> Payload:
    """To the unit above the one that found; never to those it is about (rulebook §4)."""
    row = complaint_of(deed.session, deed.case.id)
    row.rechecked_at = deed.now
    deed.case.master_id = None  # who ended with another goes their own way from here
    above = _unit_above(deed)
    if above == deed.case.unit_id:
        deed.case.handler_id = deed.case.handing_to_id = None
        return {}
    return {"unit_id": hand_to(deed.session, deed.case, above, now=deed.now)}


def _unit_above(deed: Deed) -> int:
    here = departments.view_of(deed.session, deed.case.unit_id)
    above = departments.view_of(deed.session, here.parent_id) if here.parent_id else here
    accused = deed.session.get(CaseAccused, deed.case.id)
    if accused is not None:
        about = departments.view_of(deed.session, accused.unit_id)
        if is_within(above.path, about.path):
            return given_fact(about.parent_id)
    return above.id


def _kept(deed: Deed) -> Payload:
    deed.case.reply_text, deed.case.reply_approved_at = deed.given.text, deed.now
    return {"finding": str(complaint_of(deed.session, deed.case.id).finding)}


def _changed(deed: Deed) -> Payload:
    row = complaint_of(deed.session, deed.case.id)
    row.finding = Finding(given_fact(deed.given.facts.finding))
    row.confirmed_by, row.confirmed_at = deed.doer.staff_id, deed.now
    deed.case.reply_approved_at = None
    return {"finding": str(row.finding), **_to_unit(deed)}


def _again(deed: Deed) -> Payload:
    deed.case.reply_approved_at = None
    return {"round": deed.case.round + 1, **_to_unit(deed)}


def _to_unit(deed: Deed) -> Payload:
    wanted = given_fact(deed.given.facts.unit_id)
    unit_id = claims.spared_unit(deed.session, deed.case, wanted, Field.UNIT)
    hand_to(deed.session, deed.case, unit_id, now=deed.now)
    deed.case.returns_until = clocks.return_window(deed.session, deed.case, now=deed.now)
    return {"unit_id": unit_id}


EFFECTS: Final[Mapping[Action, Effect]] = {
    Action.CONCLUDE: _conclude,
    Action.CONFIRM_FINDING: _confirm,
    Action.REQUEST_RECHECK: _ask_above,
    Action.UPHOLD_FINDING: _kept,
    Action.CHANGE_FINDING: _changed,
    Action.FIND_AGAIN: _again,
}
