"""What the steps of a repair change besides its state: crew, times, safety, work done.

Photos and materials are `app.repairs`'; here is only what the table's steps do to the repair.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.kinds import MENDED, AccessRole, Action, Outcome, Status
from app.cases.models import Case, CaseAccess
from app.cases.repair_models import Repair
from app.cases.rules import Field, given_fact
from app.cases.service import claims
from app.cases.service.deeds import Deed, Effect, Payload
from app.departments import queries as departments
from app.departments.rules import is_within
from app.kernel.errors import InvalidError
from app.kernel.messages import mark


def repair_row(session: Session, case_id: int) -> Repair:
    """The row of a repair; written where there is none yet, for matters older than the table."""
    row = session.get(Repair, case_id)
    if row is None:
        row = Repair(
            case_id=case_id,
            is_danger=False,
            dangers=[],
            hours=Decimal(0),
            cost=0,
            rework_count=0,
            is_territorial=False,
            contractor="",
        )
        session.add(row)
    return row


def give_to_crew(session: Session, case: Case, crew_id: int | None, *, now: datetime) -> int | None:
    """Let a crew, or none, have the repair: it sees it from now on, the one before no longer."""
    row = repair_row(session, case.id)
    before = row.crew_id
    if before == crew_id:
        return before
    if before is not None:
        end_sight(session, case.id, before, now=now)
    if crew_id is not None:
        session.add(_sight(case.id, crew_id, now))
    row.crew_id, row.contractor = crew_id, ""
    return before


def end_sight(session: Session, case_id: int, crew_id: int, *, now: datetime) -> None:
    """A crew sees a repair while it has it, and not a day longer."""
    for access in _seen(session, case_id, crew_id):
        access.to_at = now


def _seen(session: Session, case_id: int, crew_id: int) -> Sequence[CaseAccess]:
    wanted = select(CaseAccess).where(
        CaseAccess.case_id == case_id,
        CaseAccess.unit_id == crew_id,
        CaseAccess.role == AccessRole.ASSISTING,
        CaseAccess.to_at.is_(None),
    )
    return session.scalars(wanted).all()


def _sight(case_id: int, crew_id: int, now: datetime) -> CaseAccess:
    role = AccessRole.ASSISTING
    return CaseAccess(case_id=case_id, unit_id=crew_id, role=role, from_at=now)


def dispatched(deed: Deed) -> Payload:
    """Note when and to whom it was dispatched; a crew of another unit has it no longer."""
    case, row = deed.case, repair_row(deed.session, deed.case.id)
    if case.status not in MENDED:  # else only whoever answers for it is another
        row.dispatched_at, row.signed_at = deed.now, None
    row.is_territorial = deed.given.action is Action.COORDINATE or (
        row.is_territorial and deed.given.action is Action.REDISTRIBUTE
    )
    if row.crew_id is not None:
        crew, unit = (departments.view_of(deed.session, one) for one in (row.crew_id, case.unit_id))
        if not is_within(crew.path, unit.path):
            give_to_crew(deed.session, case, None, now=deed.now)
    return {"territorial": True} if row.is_territorial else {}


def taken_back(deed: Deed) -> None:
    """Back at whoever dispatches it: no crew has it any longer."""
    give_to_crew(deed.session, deed.case, None, now=deed.now)


def leave(deed: Deed) -> None:
    """Nobody is at the spot: whoever has it next sets out anew, and what is dangerous rings."""
    row = deed.session.get(Repair, deed.case.id)
    if row is not None:
        row.on_way_at = row.on_site_at = None


def signed(deed: Deed) -> None:
    """Note when it was signed for."""
    repair_row(deed.session, deed.case.id).signed_at = deed.now


def _file(deed: Deed) -> Payload:
    case, facts = deed.case, deed.given.facts
    if facts.category_id is not None:
        category = claims.category(deed.session, facts.category_id)
        if category.id != case.category_id and not category.is_facility:
            raise InvalidError(fields={Field.CATEGORY: mark("Choose what kind of facility it is.")})
        case.category_id, case.category_name = category.id, category.name.zh
    case.urgency = facts.urgency or case.urgency
    case.region_code = claims.region(deed.session, case, facts.region_code)
    case.accepted_at = deed.now
    row = repair_row(deed.session, case.id)
    row.filed_at, row.is_by_rule = deed.now, deed.doer.staff_id is None
    return {"urgency": str(case.urgency), "by_rule": row.is_by_rule}


def _not_file(deed: Deed) -> Payload:
    row = repair_row(deed.session, deed.case.id)
    row.not_filed = given_fact(deed.given.facts.not_filed)
    return {"reason": str(row.not_filed)}


def _assign(deed: Deed) -> Payload:
    crew_id = given_fact(deed.given.facts.crew_id)
    claims.crew(deed.session, deed.case, crew_id, Field.CREW)
    before = give_to_crew(deed.session, deed.case, crew_id, now=deed.now)
    return {"crew_id": crew_id, "before_id": before}


def _grab(deed: Deed) -> Payload:
    payload = _assign(deed)
    row = repair_row(deed.session, deed.case.id)
    row.signed_at = row.signed_at or deed.now
    return payload


def _hand_back(deed: Deed) -> Payload:
    return {"before_id": give_to_crew(deed.session, deed.case, None, now=deed.now)}


def _set_out(deed: Deed) -> Payload:
    row = repair_row(deed.session, deed.case.id)
    row.on_way_at = deed.now
    return {"crew_id": row.crew_id}


def _arrive(deed: Deed) -> Payload:
    row = repair_row(deed.session, deed.case.id)
    row.on_site_at = deed.now
    deed.case.first_response_at = deed.case.first_response_at or deed.now
    return {"crew_id": row.crew_id}


def _secure(deed: Deed) -> Payload:
    row = repair_row(deed.session, deed.case.id)
    row.safety_done_at = row.safety_done_at or deed.now
    return {"round": deed.case.round}


def _fix(deed: Deed) -> Payload:
    case, work = deed.case, deed.given.work
    row = repair_row(deed.session, case.id)
    row.repaired_at = deed.now
    row.hours += work.hours or Decimal(0)
    row.cost += work.cost or 0
    case.replied_at, case.replied_by = deed.now, deed.doer.staff_id
    return {"round": case.round, "crew_id": row.crew_id}


def closed(deed: Deed) -> Payload:
    """Close a repair that was checked: what its citizen reads is the reply."""
    case = deed.case
    case.reply_text, case.reply_approved_at = deed.given.text, deed.now
    return {"round": case.round}


def _check(deed: Deed) -> Payload:
    row = repair_row(deed.session, deed.case.id)
    row.checked_at = deed.now
    deed.case.outcome = Outcome.RESOLVED
    return {"round": deed.case.round, "fixed_by": deed.case.replied_by}


def rework(deed: Deed) -> Payload:
    """Send the work back; the crew keeps it unless it is given to another."""
    case = deed.case
    row = repair_row(deed.session, case.id)
    row.rework_count += 1
    row.repaired_at = row.checked_at = None
    if case.status is Status.REPAIRED:  # where a new clock begins, that counts the round
        case.round += 1
    if row.crew_id is not None and not _seen(deed.session, case.id, row.crew_id):
        deed.session.add(_sight(case.id, row.crew_id, deed.now))
    return {"round": row.rework_count + 1, "crew_id": row.crew_id}


EFFECTS: Final[Mapping[Action, Effect]] = {
    Action.FILE: _file,
    Action.NOT_FILE: _not_file,
    Action.ASSIGN_CREW: _assign,
    Action.GRAB: _grab,
    Action.HAND_BACK: _hand_back,
    Action.SET_OUT: _set_out,
    Action.ARRIVE: _arrive,
    Action.SECURE: _secure,
    Action.FIX: _fix,
    Action.CHECK: _check,
}
