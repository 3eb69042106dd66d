"""Units, people and appointments for tests, with everything overridable by keyword."""

from datetime import date
from functools import cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Staff
from app.accounts.rules import Actor, Grant, Role, Scope
from app.accounts.service import hashing
from app.accounts.service.appointing import AppointmentDraft, add_appointment
from app.accounts.service.staff import NewPassword, StaffDraft, add_staff
from app.departments import service as departments
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.departments.service import UnitDraft
from app.kernel.authors import MACHINE
from tests.support.clock import MONDAY_9AM
from tests.support.pages import PASSWORD

LONG_AGO = date(2020, 1, 1)


@cache
def _hash(password: str) -> str:
    return hashing.hash_password(password)


def a_unit(
    session: Session, code: str = "HALL", *, parent: Unit | None = None, region_code: str = "990101"
) -> Unit:
    draft = UnitDraft(
        code=code,
        name=f"单位{code}",
        kind=UnitKind.BUREAU,
        parent_id=parent.id if parent else None,
        region_code=region_code,
    )
    return departments.found_unit(session, draft, by=MACHINE, now=MONDAY_9AM)


def a_person(
    session: Session,
    username: str = "clerk",
    *roles: Role,
    unit: Unit | None = None,
    scope: Scope = Scope.UNIT,
    password: str = PASSWORD,
    must_change: bool = False,
) -> Staff:
    """Somebody who has chosen their password and holds these roles at their unit."""
    unit = unit or session.scalar(select(Unit).order_by(Unit.id)) or a_unit(session)
    staff = add_staff(
        session,
        StaffDraft(username, f"{username}姓名", unit.id),
        NewPassword(password, _hash(password)),
        now=MONDAY_9AM,
    )
    staff.must_change_password = must_change
    for role in roles:
        seat = AppointmentDraft(role, unit.id, scope, valid_from=LONG_AGO)
        add_appointment(session, staff.id, seat, by=MACHINE, now=MONDAY_9AM)
    session.flush()
    return staff


def an_actor(*roles: Role, staff_id: int = 900, unit_id: int = 1) -> Actor:
    """Somebody holding these roles, who need not exist in the database."""
    grants = tuple(Grant(role, unit_id, f"/{unit_id}/", "990101", Scope.UNIT) for role in roles)
    return Actor(staff_id, "somebody", "某人", unit_id, f"/{unit_id}/", "990101", grants)
