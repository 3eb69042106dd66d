"""Has the documents of an application written by the steps that the law wants in writing.

What stands in each is gathered here; numbers, seals and looks are `app.documents`'.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.calendars import queries as calendars
from app.cases.application_models import CaseApplication
from app.cases.events import CaseMoved
from app.cases.kinds import Action, Admission, ApprovalKind
from app.cases.models import Case, CaseText
from app.cases.queries.identity import citizen_behind
from app.cases.rules import Doer
from app.citizens.service import name_of
from app.documents import queries as documents
from app.documents.models import Document
from app.documents.rules import DocumentKind, DocumentState, Value
from app.documents.service import issuing
from app.service_items import queries as items
from app.service_items.rules import ItemVersion
from app.service_requests import queries
from app.service_requests.queries.papers import as_paper
from app.service_requests.rules import NOT_HANDED_IN, SETTLED, Verdict, tell_defects, wording
from app.sla import queries as clocks
from app.sla.rules import ClockKind, Subject

Values = dict[str, Value]
_REVOKED: Final = "已作出撤销决定"


@dataclass(frozen=True, slots=True)
class Writing:
    """One document being written: of which application, by which version, with which words."""

    session: Session
    case: Case
    row: CaseApplication
    item: ItemVersion
    words: str
    at: datetime

    def due_on(self, kind: ClockKind) -> date | None:
        """The day the latest clock of this kind is due, where it runs."""
        clock = clocks.find_open(self.session, Subject.case(self.case.id), kind)
        return self.day(clock.due_at) if clock is not None and clock.due_at else None

    def day(self, at: datetime) -> date:
        """The day of an instant in the hall."""
        return calendars.load(self.session).statutory.local_date(at)

    def granted(self, kind: ApprovalKind) -> Row[*tuple[Any, ...]] | None:
        """The request of this kind granted last, with who granted it."""
        return queries.granted_last(self.session, self.case.id, kind)


def receipt(
    session: Session, case: Case, row: CaseApplication, item: ItemVersion, *, doer: Doer
) -> None:
    """The receipt of the papers, with what was handed in."""
    writing = Writing(session, case, row, item, "", case.opened_at)
    papers = queries.papers_of(session, case.id)
    values: Values = {
        "received_at": row.received_at,
        "limit": wording.limit_text(item),
        "materials": [
            {"name": one.name, "copies": one.copies_in, "note": _note(one.verdict, one.reason)}
            for one in papers
            if one.verdict in (Verdict.OK, Verdict.DEFECT)
        ],
    }
    _issue(writing, DocumentKind.RECEIPT, values, doer)


def on_step(session: Session, event: CaseMoved, row: CaseApplication) -> None:
    """Write the documents this step owes the applicant."""
    for kind, gather in _OF_STEP.get(event.step.action, ()):
        said = session.get(CaseText, event.event.id)
        words = said.public_text if said else ""
        item = items.get_version(session, row.item_version_id)
        writing = Writing(session, event.case, row, item, words, event.at)
        _issue(writing, kind, gather(writing), event.doer)


def revocation(writing: Writing, *, basis: str, remedies: str, doer: Doer) -> None:
    """The decision that takes back what was granted; the one taken back holds no longer."""
    session, now = writing.session, writing.at
    granted = [
        session.get_one(Document, row.id)
        for row in documents.list_for_case(session, writing.case.id)
        if row.kind is DocumentKind.GRANT and row.state is DocumentState.VALID
    ]
    values: Values = {
        "revoked": "、".join(one.number for one in granted),
        "reason": writing.words,
        "basis": basis,
        "remedies": remedies,
    }
    _issue(writing, DocumentKind.REVOCATION, values, doer)
    for one in granted:
        one.end(DocumentState.VOID, _REVOKED, by_id=doer.staff_id, now=now)


def _issue(writing: Writing, kind: DocumentKind, values: Values, doer: Doer) -> None:
    row, session = writing.row, writing.session
    citizen_id = citizen_behind(session, writing.case)
    named: Values = {
        "applicant": (name_of(session, citizen_id) if citizen_id else "") or "申请人",
        "agent": name_of(session, row.agent_id) if row.agent_id else "",
        "item": row.item_name,
    }
    if kind is not DocumentKind.DELIVERY:
        named["item_code"] = writing.item.code
    issuing.issue(
        session,
        kind,
        named | values,
        unit_id=writing.case.unit_id,
        case=writing.case,
        actor=doer.actor or Actor.system(),
        now=writing.at,
    )


def _notice(writing: Writing) -> Values:
    papers = queries.papers_of(writing.session, writing.case.id)
    told = tell_defects(map(as_paper, papers))
    return {
        "received_at": writing.row.received_at,
        "defects": [
            {"name": one.name, "defect": one.reason or NOT_HANDED_IN, "remedy": ""}
            for one in papers
            if one.verdict not in SETTLED
        ],
        "basis": wording.RECEIPT_BASIS,
        # The table says what lacks; only what was written besides is said once more.
        "remarks": writing.words.replace(told, "").strip(),
    }


def _acceptance(writing: Writing) -> Values:
    row, papers = writing.row, queries.papers_of(writing.session, writing.case.id)
    return {
        "received_at": row.received_at,
        "accepted_on": writing.day(writing.case.accepted_at or writing.at),
        "limit": wording.limit_text(writing.item),
        "due_on": writing.due_on(ClockKind.RESOLVE),
        "basis": wording.RECEIPT_BASIS,
        "owed": [
            {"name": one.name, "until": one.promised_until, "consequence": wording.CONSEQUENCE}
            for one in papers
            if one.verdict is Verdict.PROMISED
        ],
        "remarks": wording.DEEMED if row.admission is Admission.DEEMED else "",
    }


def _not_accepted(writing: Writing) -> Values:
    row = writing.row
    reason = wording.REASONS[row.not_admitted] if row.not_admitted else ""
    return {
        "received_at": row.received_at,
        "reason": "\n".join(filter(None, [reason, writing.words])),
        "basis": wording.RECEIPT_BASIS,
        "authority": row.refer_to,
        "remedies": row.remedies,
    }


def _special(writing: Writing) -> Values:
    asked = writing.granted(ApprovalKind.PROCEDURE)
    return {
        "procedure": wording.PROCEDURES[asked.procedure] if asked else "",
        "from_on": writing.day(writing.at),
        "reason": writing.words,
        "basis": "\n".join(filter(None, [wording.PAUSE_BASIS, asked.evidence if asked else ""])),
        "approver": asked.approver if asked else "",
    }


def _extension(writing: Writing) -> Values:
    asked = writing.granted(ApprovalKind.EXTENSION)
    return {
        "reason": writing.words,
        "limit": f"延长 {asked.amount if asked else 0} 个工作日",
        "due_on": writing.due_on(ClockKind.RESOLVE),
        "basis": "\n".join(
            filter(None, [wording.EXTENSION_BASIS, asked.evidence if asked else ""])
        ),
        "approver": asked.approver if asked else "",
    }


def _grant(writing: Writing) -> Values:
    return {
        "decision": writing.words or f"经审查，准予{writing.row.item_name}。",
        "basis": writing.item.content.legal_basis,
        "certificate": writing.item.content.result.zh,
        "delivery": wording.WAYS[writing.row.wanted_delivery],
    }


def _refusal(writing: Writing) -> Values:
    return {
        "refused": wording.refused_text(writing.item),
        "reason": writing.words,
        "basis": writing.case.outcome_basis,
        "remedies": writing.row.remedies,
    }


def _delivery(writing: Writing) -> Values:
    row, result = writing.row, writing.item.content.result.zh
    return {
        "papers": [{"name": result or f"{row.item_name}办理结果", "number": "", "copies": 1}],
        "way": wording.WAYS[row.delivery or row.wanted_delivery],
        "tracking": row.tracking_no,
        "delivered_at": writing.at,
    }


def _note(verdict: Verdict, reason: str) -> str:
    return reason if verdict is Verdict.DEFECT else "齐全"


_Gather = Callable[[Writing], Values]
_ACCEPTED: Final = (DocumentKind.ACCEPTANCE, _acceptance)
_GRANTED: Final = (DocumentKind.GRANT, _grant)
_OF_STEP: Final[Mapping[Action, tuple[tuple[DocumentKind, _Gather], ...]]] = {
    Action.NOTIFY_DEFECTS: ((DocumentKind.NOTICE, _notice),),
    Action.ADMIT: (_ACCEPTED,),
    Action.DEEM_ADMITTED: (_ACCEPTED,),
    Action.DECIDE_AT_ONCE: (_ACCEPTED, _GRANTED),
    Action.NOT_ADMIT: ((DocumentKind.NOT_ACCEPTED, _not_accepted),),
    Action.APPROVE_PROCEDURE: ((DocumentKind.SPECIAL, _special),),
    Action.APPROVE_EXTENSION: ((DocumentKind.EXTENSION, _extension),),
    Action.GRANT: (_GRANTED,),
    Action.REFUSE: ((DocumentKind.REFUSAL, _refusal),),
    Action.DELIVER: ((DocumentKind.DELIVERY, _delivery),),
}
