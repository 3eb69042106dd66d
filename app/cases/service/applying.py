"""What the steps of an application change besides its state: acceptance, decision, delivery.

Its papers and documents are `app.service_requests`'; here is only what the table's steps do.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from app.cases.application_models import CaseApplication
from app.cases.kinds import Action, Admission, Decision, Outcome
from app.cases.queries.applying import application_of
from app.cases.rules import given_fact
from app.cases.service.deeds import Deed, Effect, Payload, hand_to


def application_row(session: Session, case_id: int) -> CaseApplication:
    """The row of an application; it was written when the matter was opened."""
    return session.get_one(CaseApplication, case_id)


def _notify(deed: Deed) -> Payload:
    row = application_row(deed.session, deed.case.id)
    row.notified_at = deed.now
    deed.case.first_response_at = deed.case.first_response_at or deed.now
    return {"papers": row.papers_open}


def _taken_in(deed: Deed) -> Payload:
    application_row(deed.session, deed.case.id).received_at = deed.now
    return {}


def _admit(deed: Deed) -> Payload:
    row = application_row(deed.session, deed.case.id)
    if application_of(deed.session, deed.case).is_notice_late(deed.now):
        return _deem(deed)  # the law was faster than the clerk, and the job than neither
    how = Admission.PAPERS_FOLLOW if row.papers_promised else Admission.PLAIN
    return _admitted(deed, row, how, deed.now)


def _deem(deed: Deed) -> Payload:
    # Accepted as of the day the papers came in (行政许可法 art. 32 no. 4).
    row = application_row(deed.session, deed.case.id)
    return _admitted(deed, row, Admission.DEEMED, row.received_at)


def _admitted(deed: Deed, row: CaseApplication, how: Admission, since: datetime) -> Payload:
    case, row.admission = deed.case, how
    case.accepted_at = since
    case.first_response_at = case.first_response_at or deed.now
    payload: Payload = {"admission": str(how), "since": since.isoformat()}
    if row.deciding_unit_id is not None and row.deciding_unit_id != case.unit_id:
        payload["unit_id"] = hand_to(deed.session, case, row.deciding_unit_id, now=deed.now)
    return payload


def _at_once(deed: Deed) -> Payload:
    row = application_row(deed.session, deed.case.id)
    row.admission = Admission.AT_ONCE
    deed.case.accepted_at = deed.now
    deed.case.first_response_at = deed.case.first_response_at or deed.now
    payload = {"admission": str(row.admission), **_decided(deed, row, Decision.GRANTED)}
    if row.is_on_promise and row.deciding_unit_id not in (None, deed.case.unit_id):
        # Whoever decides such matters looks afterwards whether the promise holds.
        unit_id = given_fact(row.deciding_unit_id)
        payload["unit_id"] = hand_to(deed.session, deed.case, unit_id, now=deed.now)
    return payload


def _not_admit(deed: Deed) -> Payload:
    row, facts = application_row(deed.session, deed.case.id), deed.given.facts
    row.not_admitted = given_fact(facts.not_admitted)
    row.refer_to, row.remedies = facts.refer_to.strip()[:120], facts.remedies.strip()
    deed.case.first_response_at = deed.case.first_response_at or deed.now
    return {"reason": str(row.not_admitted)}


def _start_review(deed: Deed) -> Payload:
    deed.case.handler_id = deed.doer.staff_id
    return {}


def _extend(deed: Deed) -> Payload:
    if deed.approval is not None and (days := deed.approval.amount):
        row = deed.session.get(CaseApplication, deed.case.id)
        if row is not None:
            row.extended_by += days
    return {}


def _grant(deed: Deed) -> Payload:
    return _decided(deed, application_row(deed.session, deed.case.id), Decision.GRANTED)


def _refuse(deed: Deed) -> Payload:
    row = application_row(deed.session, deed.case.id)
    row.remedies = deed.given.facts.remedies.strip()
    deed.case.outcome_basis = deed.given.facts.outcome_basis.strip()
    return _decided(deed, row, Decision.REFUSED)


def _decided(deed: Deed, row: CaseApplication, decision: Decision) -> Payload:
    case = deed.case
    row.decision, row.decided_at, row.decided_by = decision, deed.now, deed.doer.staff_id
    is_granted = decision is Decision.GRANTED
    case.outcome = Outcome.RESOLVED if is_granted else Outcome.NOT_POSSIBLE
    case.reply_text, case.reply_approved_at = deed.given.text, deed.now
    case.replied_at, case.replied_by = deed.now, deed.doer.staff_id
    return {"decision": str(decision)}


def _deliver(deed: Deed) -> Payload:
    row, facts = application_row(deed.session, deed.case.id), deed.given.facts
    row.delivery = given_fact(facts.delivery)
    row.tracking_no = facts.tracking_no.strip()[:60]
    row.delivered_at = deed.now
    return {"delivery": str(row.delivery)}


EFFECTS: Final[Mapping[Action, Effect]] = {
    Action.NOTIFY_DEFECTS: _notify,
    Action.HAND_IN: _taken_in,
    Action.TAKE_PAPERS: _taken_in,
    Action.ADMIT: _admit,
    Action.DEEM_ADMITTED: _deem,
    Action.DECIDE_AT_ONCE: _at_once,
    Action.NOT_ADMIT: _not_admit,
    Action.START_REVIEW: _start_review,
    Action.APPROVE_EXTENSION: _extend,
    Action.GRANT: _grant,
    Action.REFUSE: _refuse,
    Action.DELIVER: _deliver,
}
