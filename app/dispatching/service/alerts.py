"""Raises an alert where the directory fails, tells who can mend it, and clears it once mended.

Never stops a matter: what the directory has no unit for is proposed to the fallback unit.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Permission
from app.cases.models import Case
from app.catalogue import queries as catalogue
from app.catalogue.models import DispatchRule
from app.departments import queries as departments
from app.dispatching import queries
from app.dispatching.models import DirectoryAlert
from app.dispatching.rules import Fault
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.upsert import insert
from app.notifications.service import staff as inbox

_DIRECTORY = "/admin/catalogue/directory"
MEND_IT = mark("The dispatch directory sends matters to a unit that is closed. Please mend it.")
FILL_IT = mark("The dispatch directory has no unit for some matters. Please fill the gap.")


def meet(session: Session, case: Case, *, now: datetime) -> DirectoryAlert | None:
    """Ask the directory about a matter just accepted; raise an alert if it cannot answer."""
    proposal = queries.proposal_for(session, case)
    if proposal is None or proposal.alert is None:
        return None
    if proposal.broken_rule_id is not None:
        alert = _about_rule(session, proposal.broken_rule_id, now=now)
    else:
        alert = _about_gap(session, case, now=now)
    alert.met += 1
    session.flush()
    return alert


def watch(session: Session, *, now: datetime) -> None:
    """Look the whole directory over: raise what is wrong now, clear what has been mended."""
    standing = session.scalars(select(DirectoryAlert).where(DirectoryAlert.cleared_at.is_(None)))
    for alert in standing.all():
        if _is_mended(session, alert):
            alert.cleared_at = now
    for rule in catalogue.snapshot(session).rules:
        if departments.view_of(session, rule.unit_id).is_ending:
            _about_rule(session, rule.id, now=now)
    session.flush()


def _is_mended(session: Session, alert: DirectoryAlert) -> bool:
    if alert.rule_id is not None:
        lines = {rule.id: rule for rule in catalogue.snapshot(session).rules}
        line = lines.get(alert.rule_id)
        return line is None or not departments.view_of(session, line.unit_id).is_ending
    try:
        proposal = catalogue.propose_unit(session, alert.category_id or 0, alert.region_code)
    except NotFoundError:
        return True  # the category is gone, and with it the gap
    return proposal.alert is None


def _about_rule(session: Session, rule_id: int, *, now: datetime) -> DirectoryAlert:
    rule = session.get_one(DispatchRule, rule_id)
    alert = _raised(session, f"rule:{rule_id}", Fault.CLOSED_UNIT, now=now)
    if alert.rule_id is None or alert.unit_id != rule.unit_id:
        alert.rule_id, alert.unit_id = rule_id, rule.unit_id
    return alert


def _about_gap(session: Session, case: Case, *, now: datetime) -> DirectoryAlert:
    subject = f"gap:{case.category_id}:{case.region_code}"
    alert = _raised(session, subject, Fault.NOWHERE, now=now)
    alert.category_id, alert.region_code = case.category_id, case.region_code
    return alert


def _raised(session: Session, subject: str, fault: Fault, *, now: datetime) -> DirectoryAlert:
    # Two matters may meet the same fault at the same moment; neither may be lost over it.
    new = insert(session, DirectoryAlert).values(
        subject=subject, fault=fault, raised_at=now, cleared_at=now, region_code="", met=0
    )
    session.flush()
    session.execute(new.on_conflict_do_nothing(index_elements=["subject"]))
    known = select(DirectoryAlert).where(DirectoryAlert.subject == subject)
    alert = session.scalars(known.with_for_update()).one()
    if alert.cleared_at is None:
        return alert
    alert.raised_at, alert.cleared_at, alert.met = now, None, 0
    _tell(session, fault, now=now)
    return alert


def _tell(session: Session, fault: Fault, *, now: datetime) -> None:
    sentence = MEND_IT if fault is Fault.CLOSED_UNIT else FILL_IT
    centre = departments.intake_unit(session, departments.home_region(session))
    inbox.tell_unit(
        session, centre.id, Permission.CATALOGUE_MANAGE, sentence, link=_DIRECTORY, now=now
    )
