"""Every look at staff, appointments and sessions.

Per-request statements are built once at import and bound at run time.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Appointment, KnownDevice, SignInFailure, Staff, StaffSession
from app.departments.models import Unit
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark

_seat: Final = aliased(Unit)

# One row per appointment in force; at least one row while the session lives.
_SESSION: Final = (
    select(
        StaffSession.id.label("session_id"),
        StaffSession.last_seen_at,
        StaffSession.expires_at,
        Staff.id.label("staff_id"),
        Staff.username,
        Staff.display_name,
        Staff.must_change_password,
        Staff.prefs,
        Staff.unit_id,
        Unit.path.label("unit_path"),
        Unit.region_code,
        Appointment.role,
        Appointment.scope,
        Appointment.may_see_confidential,
        _seat.id.label("grant_unit_id"),
        _seat.path.label("grant_unit_path"),
        _seat.region_code.label("grant_region_code"),
    )
    .select_from(StaffSession)
    .join(Staff, Staff.id == StaffSession.staff_id)
    .join(Unit, Unit.id == Staff.unit_id)
    .outerjoin(
        Appointment,
        and_(
            Appointment.staff_id == Staff.id,
            Appointment.valid_from <= bindparam("today"),
            or_(Appointment.valid_to.is_(None), Appointment.valid_to >= bindparam("today")),
        ),
    )
    .outerjoin(_seat, _seat.id == Appointment.unit_id)
    .where(
        StaffSession.token_digest == bindparam("token_digest"),
        StaffSession.revoked_at.is_(None),
        StaffSession.expires_at > bindparam("now"),
        StaffSession.last_seen_at > bindparam("idle_since"),
        Staff.is_active,
    )
    .order_by(Appointment.id)
)


def session_rows(
    session: Session, *, token_digest: bytes, now: datetime, idle_since: datetime, today: date
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The living session with this digest, once per appointment in force; empty if none."""
    return session.execute(
        _SESSION,
        {"token_digest": token_digest, "now": now, "idle_since": idle_since, "today": today},
    ).all()


def get_staff(session: Session, staff_id: int) -> Staff:
    """The member of staff, active or not.

    Raises:
        NotFoundError: there is nobody with this key.
    """
    staff = session.get(Staff, staff_id)
    if staff is None:
        raise NotFoundError(mark("There is no such account."))
    return staff


def find_staff_for_sign_in(session: Session, username: str) -> Staff | None:
    """The active account of this name."""
    return session.scalar(select(Staff).where(Staff.username == username, Staff.is_active))


def find_device(session: Session, staff_id: int, token_digest: bytes) -> KnownDevice | None:
    """The browser this person has signed in from before."""
    return session.scalar(
        select(KnownDevice).where(
            KnownDevice.staff_id == staff_id, KnownDevice.token_digest == token_digest
        )
    )


def knows(session: Session, staff_id: int, token_digest: bytes) -> bool:
    """Whether this person has signed in from this browser before."""
    return find_device(session, staff_id, token_digest) is not None


def find_by_username(session: Session, username: str) -> Staff | None:
    """The account of this name, active or not."""
    return session.scalar(select(Staff).where(Staff.username == username))


def list_appointments(session: Session, staff_id: int) -> Sequence[Appointment]:
    """All appointments somebody holds, held or will hold, newest first."""
    return session.scalars(
        select(Appointment)
        .where(Appointment.staff_id == staff_id)
        .order_by(Appointment.valid_from.desc(), Appointment.id.desc())
    ).all()


def list_sessions(
    session: Session, staff_id: int, *, now: datetime, idle_since: datetime
) -> Sequence[StaffSession]:
    """The living sessions of somebody, last used first."""
    return session.scalars(
        select(StaffSession)
        .where(
            StaffSession.staff_id == staff_id,
            StaffSession.revoked_at.is_(None),
            StaffSession.expires_at > now,
            StaffSession.last_seen_at > idle_since,
        )
        .order_by(StaffSession.last_seen_at.desc(), StaffSession.id.desc())
        .limit(50)
    ).all()


def is_blocked(session: Session, name_digest: bytes, *, now: datetime) -> bool:
    """Whether attempts at this name wait anywhere just now."""
    statement = select(SignInFailure.id).where(
        SignInFailure.name_digest == name_digest, SignInFailure.blocked_until > now
    )
    return session.scalar(statement.limit(1)) is not None


def is_open_unit(session: Session, unit_id: int) -> bool:
    """Whether there is such a unit and it is in use."""
    statement = select(Unit.id).where(Unit.id == unit_id, Unit.is_active)
    return session.scalar(statement) is not None


def is_staffed(session: Session, unit_id: int, *, on: date) -> bool:
    """Whether an active account belongs to the unit or is appointed there on or after that day."""
    member = exists().where(Staff.unit_id == unit_id, Staff.is_active)
    seated = exists().where(
        Appointment.unit_id == unit_id,
        Appointment.staff_id == Staff.id,
        Staff.is_active,
        or_(Appointment.valid_to.is_(None), Appointment.valid_to >= on),
    )
    return bool(session.scalar(select(or_(member, seated))))


def count_staff(session: Session) -> int:
    """How many accounts there are, active or not."""
    return session.scalar(select(func.count()).select_from(Staff)) or 0
