"""Every look at staff, appointments and sessions.

Per-request statements are built once at import and bound at run time.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Appointment, Staff, StaffSession
from app.departments.models import Unit

_seat: Final = aliased(Unit)

# One row per appointment in force; at least one row while the session lives.
_SESSION: Final = (
    select(
        StaffSession.id.label("session_id"),
        StaffSession.last_seen_at,
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
