"""What is true of every repair and application after whatever anybody tried (rulebook §3, §5)."""

from collections.abc import Sequence
from itertools import pairwise

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.cases.application_models import CaseApplication
from app.cases.kinds import AT_WORK, MENDED, Action, Decision, Status
from app.cases.models import Attachment, Case, CaseEvent
from app.cases.repair_models import Repair
from app.cases.rules.repairing import PhotoStage
from app.departments.models import Unit
from app.repairs.models import ClientAction, RepairPhoto
from app.service_requests.queries import papers_of
from app.service_requests.queries.papers import as_paper
from app.service_requests.rules import count_open, count_promised


def count(session: Session, case_id: int) -> tuple[int, ...]:
    """How much stands at a matter; sending something twice adds nothing."""
    tables = (CaseEvent, RepairPhoto, ClientAction)
    rows = [
        session.scalars(select(func.count()).where(table.case_id == case_id)).one()
        for table in tables
    ]
    kept = select(func.count()).where(Attachment.case_id == case_id)
    return *rows, session.scalars(kept).one()


def check(session: Session, case: Case) -> None:
    """Every truth of its kind, each with its own sentence."""
    wanted = select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq)
    events = list(session.scalars(wanted))
    if repair := session.get(Repair, case.id):
        _a_crew_is_of_the_unit_that_leads(session, case, repair)
        _nobody_checks_their_own_work(session, events)
        _what_is_repaired_is_shown(session, case, repair)
        _a_dangerous_spot_does_not_rest(case, repair)
        _who_is_at_the_spot_stands_in_its_times(case, repair)
        _its_times_follow_each_other(repair)
    if application := session.get(CaseApplication, case.id):
        _papers_are_counted(session, case, application)
        _defects_are_told_once(events)
        _nobody_decides_what_they_reviewed(events)


def _a_crew_is_of_the_unit_that_leads(session: Session, case: Case, repair: Repair) -> None:
    if repair.crew_id is not None and case.status in {Status.DISPATCHED, *AT_WORK}:
        crew, lead = (session.get_one(Unit, one) for one in (repair.crew_id, case.unit_id))
        assert crew.path.startswith(lead.path), "a crew of somebody else's"
    assert not (repair.crew_id is not None and repair.contractor), "two at one spot"


def _nobody_checks_their_own_work(session: Session, events: Sequence[CaseEvent]) -> None:
    mended_by: int | None = None
    for event in events:
        if event.action is Action.FIX:
            mended_by = event.actor_id
        if event.action is Action.CHECK:
            assert mended_by is not None
            assert event.actor_id != mended_by
            own, theirs = (
                session.get_one(Staff, who).unit_id for who in (event.actor_id, mended_by)
            )
            assert own != theirs, "checked by the crew's own people"


def _what_is_repaired_is_shown(session: Session, case: Case, repair: Repair) -> None:
    if case.status not in MENDED:
        return
    assert repair.repaired_at is not None
    assert (repair.checked_at is not None) == (case.status is Status.CHECKED)
    wanted = select(RepairPhoto.id).where(
        RepairPhoto.case_id == case.id, RepairPhoto.stage == PhotoStage.AFTER
    )
    assert not repair.needs_after or session.scalars(wanted).first() is not None


def _a_dangerous_spot_does_not_rest(case: Case, repair: Repair) -> None:
    if case.status is Status.SUSPENDED and repair.is_danger:
        assert repair.safety_done_at is not None


def _who_is_at_the_spot_stands_in_its_times(case: Case, repair: Repair) -> None:
    if case.status in {Status.VERIFIED, Status.DISPATCHED, Status.SIGNED, Status.ON_WAY}:
        assert repair.on_site_at is None, "nobody is there, and what is dangerous would not ring"
    assert (repair.on_site_at is not None) or case.status is not Status.ON_SITE


def _its_times_follow_each_other(repair: Repair) -> None:
    times = (
        repair.filed_at,
        repair.dispatched_at,
        repair.signed_at,
        repair.on_way_at,
        repair.on_site_at,
        repair.repaired_at,
        repair.checked_at,
    )
    known = [at for at in times if at is not None]
    assert all(one <= other for one, other in pairwise(known)), known


def _papers_are_counted(session: Session, case: Case, application: CaseApplication) -> None:
    papers = [as_paper(one) for one in papers_of(session, case.id)]
    assert application.papers_open == count_open(papers)
    assert application.papers_promised == count_promised(papers)
    if application.decision is Decision.GRANTED and case.status is Status.DECIDED:
        assert application.papers_open == application.papers_promised == 0


def _defects_are_told_once(events: Sequence[CaseEvent]) -> None:
    assert sum(event.action is Action.NOTIFY_DEFECTS for event in events) <= 1


def _nobody_decides_what_they_reviewed(events: Sequence[CaseEvent]) -> None:
    reviewed_by = {event.actor_id for event in events if event.action is Action.START_REVIEW}
    for event in events:
        if event.action in (Action.GRANT, Action.REFUSE):
            assert event.actor_id not in reviewed_by
