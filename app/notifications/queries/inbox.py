"""Every look at the inboxes of staff, and at who is meant by a unit and a right.

A person sees their own entries only: each statement asks for whose they are.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Appointment, Staff
from app.accounts.rules import GRANTS, Permission, Role, Scope
from app.departments.models import Unit
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.paging import Order, Page, list_page
from app.notifications.models import StaffEntry

_ORDER: Final = Order.by(StaffEntry.id, descending=True)
_ENTRIES: Final = select(
    StaffEntry.id,
    StaffEntry.msgid,
    StaffEntry.params,
    StaffEntry.link,
    StaffEntry.created_at,
    StaffEntry.read_at,
)
_UNREAD: Final = (
    select(func.count().label("unread"))
    .select_from(StaffEntry)
    .where(StaffEntry.staff_id == bindparam("staff_id"), StaffEntry.read_at.is_(None))
)


def list_entries(
    session: Session, staff_id: int, *, only_unread: bool, cursor: str | None
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of somebody's inbox, newest first."""
    statement = _ENTRIES.where(StaffEntry.staff_id == staff_id)
    if only_unread:
        statement = statement.where(StaffEntry.read_at.is_(None))
    return list_page(session, statement, _ORDER, cursor=cursor)


def count_unread(session: Session, staff_id: int) -> int:
    """How many entries somebody has not read."""
    return int(rows(session, _UNREAD, staff_id=staff_id)[0].unread)


def get_entry(session: Session, staff_id: int, entry_id: int) -> StaffEntry:
    """An entry of this person's own inbox.

    Raises:
        NotFoundError: there is none, or it is somebody else's.
    """
    entry = session.get(StaffEntry, entry_id)
    if entry is None or entry.staff_id != staff_id:
        raise NotFoundError(mark("There is no such entry in your inbox."))
    return entry


def unread_about(
    session: Session, staff_ids: Iterable[int], msgid: str, link: str
) -> Sequence[StaffEntry]:
    """The unread entries of these people that say this and lead there."""
    return session.scalars(
        select(StaffEntry).where(
            StaffEntry.staff_id.in_(set(staff_ids)),
            StaffEntry.read_at.is_(None),
            StaffEntry.link == link,
            StaffEntry.msgid == msgid,
        )
    ).all()


def active_among(session: Session, staff_ids: Iterable[int]) -> list[int]:
    """Those of these people who still have an account in use."""
    wanted = select(Staff.id).where(Staff.id.in_(set(staff_ids)), Staff.is_active)
    return list(session.scalars(wanted.order_by(Staff.id)))


def holders_near(session: Session, unit_id: int, permission: Permission, *, on: date) -> list[int]:
    """Who holds the right at this unit that day; where nobody does, at the nearest unit above.

    Where nobody does up to the top, it is whoever holds the right over all units: a city's
    supervisors sit in an office that stands beside the units, not above them.
    """
    unit = session.get_one(Unit, unit_id)
    line = [int(part) for part in unit.path.split("/") if part]
    found = session.execute(
        select(Appointment.unit_id, Appointment.staff_id, Appointment.scope)
        .join(Staff, Staff.id == Appointment.staff_id)
        .where(
            Staff.is_active,
            or_(Appointment.unit_id.in_(line), Appointment.scope == Scope.ALL),
            Appointment.role.in_(_carrying(permission)),
            Appointment.valid_from <= on,
            or_(Appointment.valid_to.is_(None), Appointment.valid_to >= on),
        )
    ).all()
    for near in reversed(line):
        if holders := sorted({row.staff_id for row in found if row.unit_id == near}):
            return holders
    if permission is Permission.UNIT_LEAD:  # a head reads far, but leads the own unit only
        return []
    return sorted({row.staff_id for row in found if row.scope == Scope.ALL})


def _carrying(permission: Permission) -> list[Role]:
    return [role for role, held in GRANTS.items() if permission in held]


def unread_up_to(session: Session, staff_id: int, entry_id: int) -> Sequence[StaffEntry]:
    """Somebody's unread entries up to this one."""
    return session.scalars(
        select(StaffEntry).where(
            StaffEntry.staff_id == staff_id,
            StaffEntry.read_at.is_(None),
            StaffEntry.id <= entry_id,
        )
    ).all()
