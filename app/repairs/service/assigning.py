"""Gives a repair to a crew: a dispatcher or head assigns it, or a crew takes it itself (抢单).

Of several who do it in the same moment one wins; the others get a clear sentence.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.cases import service as cases
from app.cases.kinds import Action, Status
from app.cases.models import Case
from app.cases.queries import get_case
from app.cases.rules import Facts, StepInput, staff
from app.cases.service import Taken
from app.departments import queries as departments
from app.departments.rules import UnitKind, is_within
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.repairs.models import Repair


def assign_crew(
    session: Session,
    case_id: int,
    crew_id: int,
    *,
    seen_version: int,
    note: str = "",
    actor: Actor,
    now: datetime,
) -> Taken:
    """Give a repair to a crew; dispatched to its unit first, where it is not there yet.

    Raises:
        NotFoundError: no such repair in the actor's sight.
        ConflictError: somebody changed it meanwhile.
        ForbiddenError: role or scope does not allow it.
        InvalidError: no such crew, or it belongs to another unit and the repair is in hand.
    """
    case = get_case(session, case_id, actor)
    home = _unit_of(session, crew_id)
    away = not is_within(departments.view_of(session, home).path, _path(session, case))
    is_filed = case.status is Status.VERIFIED
    if is_filed or (away and case.status is Status.DISPATCHED):
        sent = StepInput(Action.DISPATCH, seen_version, note, facts=Facts(unit_id=home))
        cases.take_step(session, case, sent, doer=staff(actor), now=now)
        seen_version = case.version
    given = StepInput(Action.ASSIGN_CREW, seen_version, note, facts=Facts(crew_id=crew_id))
    return cases.take_step(session, case, given, doer=staff(actor), now=now)


def grab(session: Session, case_id: int, crew_id: int, *, actor: Actor, now: datetime) -> Taken:
    """Take for one's crew what no crew has; the first to come wins.

    Raises:
        NotFoundError: no such repair with a unit the crew belongs to.
        ConflictError: another crew was faster, or a firm has it.
        ForbiddenError: the actor does not work in this crew.
    """
    crew = departments.view_of(session, crew_id)
    case = hold_case(session, case_id)
    if not is_within(crew.path, _path(session, case)) or not _works_in(actor, crew_id):
        raise NotFoundError(mark("There is no such matter, or it is not yours to see."))
    row = session.get(Repair, case.id, populate_existing=True)
    if row is not None and (row.crew_id not in (None, crew_id) or row.contractor):
        raise ConflictError(mark("Another crew has taken it already. Nothing was changed."))
    given = StepInput(Action.GRAB, case.version, facts=Facts(crew_id=crew_id))
    return cases.take_step(session, case, given, doer=staff(actor), now=now)


def _works_in(actor: Actor, crew_id: int) -> bool:
    return any(grant.unit_id == crew_id for grant in actor.grants_for(Permission.REPAIR_FIELD))


def hold_case(session: Session, case_id: int) -> Case:
    """The matter, locked and as it is now: whoever waited sees what the first one did."""
    wanted = (
        select(Case)
        .where(Case.id == case_id, Case.is_confidential.is_(False))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFoundError(mark("There is no such matter, or it is not yours to see."))
    return found


def _path(session: Session, case: Case) -> str:
    return departments.view_of(session, case.unit_id).path


def _unit_of(session: Session, crew_id: int) -> int:
    """The unit a crew gets its work from."""
    try:
        crew = departments.view_of(session, crew_id)
    except NotFoundError as error:
        raise InvalidError(fields={"crew_id": mark("Choose the crew.")}) from error
    if crew.kind is not UnitKind.CREW or crew.parent_id is None:
        raise InvalidError(fields={"crew_id": mark("Choose the crew.")})
    return crew.parent_id
