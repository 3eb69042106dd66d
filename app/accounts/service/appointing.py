"""Appointing people to roles and ending appointments.

Holds the separation of the three administrators: nobody holds two of system,
security and audit administration, and nobody appoints themself.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.models import Appointment, Staff
from app.accounts.rules import APPOINTABLE, Actor, Permission, Role, Scope, split_roles_clash
from app.kernel import audit
from app.kernel.authors import Author
from app.kernel.errors import ForbiddenError, InvalidError, NotFoundError
from app.kernel.messages import mark

_FOR_EVER: Final = date.max


@dataclass(frozen=True, slots=True)
class AppointmentDraft:
    """A role at a unit, how far it reaches, and its first and last day (local dates)."""

    role: Role
    unit_id: int
    scope: Scope
    valid_from: date
    valid_to: date | None = None
    may_see_confidential: bool = False


def appoint(
    session: Session,
    actor: Actor,
    staff_id: int,
    draft: AppointmentDraft,
    *,
    by: Author,
    now: datetime,
) -> Appointment:
    """Give somebody a role.

    Raises:
        ForbiddenError: the actor may not manage accounts, or means themself.
        InvalidError: the days or the unit are wrong, the role is held already, or
            it may not be held together with another (GB/T 22239-2019, 三权分立).
    """
    actor.require(Permission.ACCOUNT_MANAGE)
    if actor.id == staff_id:
        raise ForbiddenError(mark("Nobody can appoint themself."))
    # Two appointments of one person at once must see each other.
    session.execute(select(Staff.id).where(Staff.id == staff_id).with_for_update())
    queries.get_staff(session, staff_id)
    _check(session, staff_id, draft)
    return add_appointment(session, staff_id, draft, by=by, now=now)


def add_appointment(
    session: Session, staff_id: int, draft: AppointmentDraft, *, by: Author, now: datetime
) -> Appointment:
    """The row and its audit entry, without right or check; for `appoint`, first start, demo."""
    appointment = Appointment(
        staff_id=staff_id,
        role=draft.role,
        unit_id=draft.unit_id,
        scope=draft.scope,
        may_see_confidential=draft.may_see_confidential,
        valid_from=draft.valid_from,
        valid_to=draft.valid_to,
        granted_by=by.id,
        granted_at=now,
    )
    session.add(appointment)
    session.flush()
    audit.note(
        session,
        by,
        "role:grant",
        ("staff", staff_id),
        at=now,
        details={
            "appointment_id": appointment.id,
            "role": str(draft.role),
            "unit_id": draft.unit_id,
            "scope": str(draft.scope),
            "may_see_confidential": draft.may_see_confidential,
            "valid_from": draft.valid_from.isoformat(),
            "valid_to": draft.valid_to.isoformat() if draft.valid_to else None,
        },
    )
    return appointment


def end_appointment(
    session: Session,
    actor: Actor,
    appointment_id: int,
    *,
    today: date,
    by: Author,
    now: datetime,
) -> Appointment:
    """End an appointment at once: yesterday becomes its last day.

    Raises:
        ForbiddenError: the actor may not manage accounts, or it is their own.
        NotFoundError: there is no such appointment.
    """
    actor.require(Permission.ACCOUNT_MANAGE)
    appointment = session.get(Appointment, appointment_id, with_for_update=True)
    if appointment is None:
        raise NotFoundError(mark("There is no such appointment."))
    if appointment.staff_id == actor.id:
        raise ForbiddenError(mark("Another security administrator must do this for you."))
    yesterday = today - timedelta(days=1)
    if appointment.valid_to is None or appointment.valid_to > yesterday:
        appointment.valid_to = yesterday
        audit.note(
            session,
            by,
            "role:end",
            ("staff", appointment.staff_id),
            at=now,
            details={"appointment_id": appointment_id, "role": str(appointment.role)},
        )
        session.flush()
    return appointment


def _check(session: Session, staff_id: int, draft: AppointmentDraft) -> None:
    problems: dict[str, str] = {}
    if draft.role not in APPOINTABLE:
        problems["role"] = mark("Nobody can be appointed to this role.")
    if not queries.is_open_unit(session, draft.unit_id):
        problems["unit_id"] = mark("Choose a unit that is in use.")
    if draft.valid_to is not None and draft.valid_to < draft.valid_from:
        problems["valid_to"] = mark("The last day lies before the first.")
    if problems:
        raise InvalidError(fields=problems)
    overlapping = [
        held
        for held in queries.list_appointments(session, staff_id)
        if held.valid_from <= (draft.valid_to or _FOR_EVER)
        and (held.valid_to or _FOR_EVER) >= max(draft.valid_from, held.valid_from)
    ]
    if any(held.role is draft.role and held.unit_id == draft.unit_id for held in overlapping):
        raise InvalidError(fields={"role": mark("This role is already held at this unit.")})
    if split_roles_clash(frozenset(held.role for held in overlapping) | {draft.role}):
        raise InvalidError(
            fields={
                "role": mark(
                    "System, security and audit administration must be three different people."
                )
            }
        )
