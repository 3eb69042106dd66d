"""Whom a complaint is about and who complains: named, kept from the accused, kept confidential.

Writes rows beside the case; whether somebody may do so is asked before.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.cases.complaint_models import CaseComplaint, CaseConfidant, CaseIdentity
from app.cases.kinds import Action, SubjectKind
from app.cases.models import Case, CaseAccused
from app.cases.queries.identity import may_know
from app.cases.rules import Doer, Facts
from app.cases.service import claims
from app.cases.service.deeds import Payload, hand_to
from app.cases.service.recording import Entry, record
from app.departments import queries as departments
from app.departments.rules import is_within
from app.kernel.errors import InvalidError
from app.kernel.messages import mark


@dataclass(frozen=True, slots=True)
class About:
    """What a complaint is about: the sort of thing, its name as given, unit and account if known.

    A business has a name and nobody to be guarded against.
    """

    kind: SubjectKind | None = None
    name: str = ""
    unit_id: int | None = None
    staff: str = ""

    @classmethod
    def of(cls, facts: Facts) -> "About":
        """The same from the facts of a step."""
        return cls(
            facts.subject_kind,
            facts.subject_name.strip(),
            facts.accused_unit_id,
            facts.accused_staff.strip(),
        )


def name_subject(
    session: Session, case: Case, about: About, *, doer: Doer, now: datetime
) -> Payload:
    """Write down what the complaint is about, and take it out of the hands of those concerned.

    Named again, it replaces what was said before; returns what the history keeps.

    Raises:
        InvalidError: a business without a name, or no such unit or person.
    """
    payload: Payload = {}
    if about.kind is not None or about.name:
        if about.kind is SubjectKind.BUSINESS and not about.name:
            raise InvalidError(fields={"subject_name": mark("Enter the name of the business.")})
        row = complaint_of(session, case.id)
        row.subject_kind, row.subject_name = about.kind or row.subject_kind, about.name[:200]
        payload["subject"] = str(row.subject_kind or "")
    if about.kind is SubjectKind.BUSINESS:
        return payload
    named = claims.accused(session, about.unit_id, about.staff)
    return payload if named is None else payload | _guard(session, case, named, doer, now)


def _guard(
    session: Session, case: Case, named: tuple[int, int | None], doer: Doer, now: datetime
) -> Payload:
    unit_id, staff_id = named
    row = session.get(CaseAccused, case.id)
    if row is None:
        row = CaseAccused(case_id=case.id)
        session.add(row)
    row.unit_id, row.staff_id = unit_id, staff_id
    row.named_at, row.named_by = now, doer.staff_id
    about = departments.view_of(session, unit_id)
    here = departments.view_of(session, case.unit_id)
    if is_within(here.path, about.path) and about.parent_id is not None:
        hand_to(session, case, about.parent_id, now=now)
    return {"accused_unit_id": unit_id}


def complaint_of(session: Session, case_id: int) -> CaseComplaint:
    """What is kept of the complaint beside the case; made where nothing was yet."""
    row = session.get(CaseComplaint, case_id)
    if row is None:
        row = CaseComplaint(case_id=case_id)
        session.add(row)
    return row


def seal_identity(session: Session, case: Case, citizen_id: int, *, now: datetime) -> None:
    """Keep the complainant's name away from the case."""
    session.add(CaseIdentity(case_id=case.id, citizen_id=citizen_id, sealed_at=now))


def confide(
    session: Session, case: Case, staff_id: int, *, reason: str, doer: Doer, now: datetime
) -> None:
    """Let one more member of staff see who complains; a line of the history says so.

    Does nothing where the identity is no secret, or they may see it already.
    """
    if not case.is_identity_secret or may_know(session, case, staff_id):
        return
    session.add(
        CaseConfidant(
            case_id=case.id,
            staff_id=staff_id,
            named_at=now,
            named_by=doer.staff_id,
            reason=reason[:200],
        )
    )
    payload = {"staff_id": staff_id}
    record(session, case, Entry(Action.CONFIDE, doer, now, payload=payload, is_public=False))
