"""Every look at staff, appointments and sessions.

Per-request statements are built once at import and bound at run time.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, String, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Appointment, KnownDevice, SignInFailure, Staff, StaffSession
from app.accounts.rules import APPOINTABLE, GRANTS, Permission, Reach, Role, Scope
from app.departments.models import Unit
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark
from app.kernel.paging import Order, Page, list_page

_seat: Final = aliased(Unit)

_PERSON: Final = (
    Staff.id.label("staff_id"),
    Staff.username,
    Staff.display_name,
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
_IN_FORCE: Final = and_(
    Appointment.staff_id == Staff.id,
    Appointment.valid_from <= bindparam("today"),
    or_(Appointment.valid_to.is_(None), Appointment.valid_to >= bindparam("today")),
)

# One row per appointment in force; at least one row while the session lives.
_SESSION: Final = (
    select(
        StaffSession.id.label("session_id"),
        StaffSession.last_seen_at,
        StaffSession.expires_at,
        Staff.must_change_password,
        Staff.prefs,
        *_PERSON,
    )
    .select_from(StaffSession)
    .join(Staff, Staff.id == StaffSession.staff_id)
    .join(Unit, Unit.id == Staff.unit_id)
    .outerjoin(Appointment, _IN_FORCE)
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
    return rows(
        session, _SESSION, token_digest=token_digest, now=now, idle_since=idle_since, today=today
    )


_ACTOR: Final = (
    select(*_PERSON)
    .select_from(Staff)
    .join(Unit, Unit.id == Staff.unit_id)
    .outerjoin(Appointment, _IN_FORCE)
    .outerjoin(_seat, _seat.id == Appointment.unit_id)
    .where(Staff.id == bindparam("staff_id"), Staff.is_active)
    .order_by(Appointment.id)
)


def actor_rows(session: Session, staff_id: int, *, today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """An active member of staff, once per appointment in force; empty if there is none."""
    return rows(session, _ACTOR, staff_id=staff_id, today=today)


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


def list_handlers(session: Session, unit_id: int) -> list[tuple[str, str]]:
    """Active staff of this unit and of those under it, as value and label, for a select."""
    return [(str(key), name) for key, name in rows(session, _HANDLERS, unit_id=unit_id)]


_HANDLERS: Final = (
    select(Staff.id, Staff.display_name)
    .join(Unit, Unit.id == Staff.unit_id)
    .where(
        Staff.is_active,
        Unit.path.startswith(
            select(_seat.path).where(_seat.id == bindparam("unit_id")).scalar_subquery()
        ),
    )
    .order_by(Staff.display_name)
)


def list_who_may(
    session: Session, rights: Sequence[Permission], reach: Reach, *, is_cleared: bool, on: date
) -> list[tuple[int, str]]:
    """Key and name of the active people whose appointment that day carries all these rights.

    `reach` is where the matter stands; `is_cleared` asks only for those who see what is
    confidential. The nearest unit's people come first.
    """
    roles = [role for role in APPOINTABLE if GRANTS[role].issuperset(rights)]
    statement = _WHO_MAY.where(Appointment.may_see_confidential) if is_cleared else _WHO_MAY
    found = rows(
        session,
        statement,
        roles=roles,
        unit_id=reach.unit_id,
        unit_path=reach.unit_path,
        region_code=reach.region_code,
        today=on,
    )
    return [(row.id, row.display_name) for row in found]


_WHO_MAY: Final = (
    select(Staff.id, Staff.display_name)
    .join(Appointment, _IN_FORCE)
    .join(_seat, _seat.id == Appointment.unit_id)
    .where(
        Staff.is_active,
        Appointment.role.in_(bindparam("roles", expanding=True)),
        or_(
            Appointment.scope == Scope.ALL,
            and_(
                Appointment.scope == Scope.REGION,
                bindparam("region_code", type_=String).startswith(_seat.region_code),
            ),
            and_(
                Appointment.scope == Scope.SUBTREE,
                bindparam("unit_path", type_=String).startswith(_seat.path),
            ),
            and_(Appointment.scope == Scope.UNIT, _seat.id == bindparam("unit_id")),
        ),
    )
    .group_by(Staff.id, Staff.display_name)
    .order_by(func.max(func.length(_seat.path)).desc(), Staff.id)
)


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


STAFF_ORDER: Final = Order.by(Staff.username)

_STAFF_LIST: Final = select(
    Staff.id,
    Staff.username,
    Staff.display_name,
    Staff.is_active,
    Staff.last_sign_in_at,
    Unit.name.label("unit"),
).join(Unit, Unit.id == Staff.unit_id)


def list_staff(
    session: Session, *, unit_id: int | None = None, only_active: bool, cursor: str | None
) -> Page[Row[*tuple[Any, ...]]]:
    """One page of accounts, by account name."""
    statement = _STAFF_LIST
    if only_active:
        statement = statement.where(Staff.is_active)
    if unit_id is not None:
        statement = statement.where(Staff.unit_id == unit_id)
    return list_page(session, statement, STAFF_ORDER, cursor=cursor, size=50)


def search_staff(
    session: Session, words: str, *, limit: int = 50
) -> Sequence[Row[*tuple[Any, ...]]]:
    """The accounts whose name or account name holds these words."""
    return session.execute(
        _STAFF_LIST.where(
            or_(
                Staff.username.startswith(words.lower(), autoescape=True),
                Staff.display_name.contains(words, autoescape=True),
            )
        )
        .order_by(Staff.username)
        .limit(limit)
    ).all()


def roles_of(session: Session, staff_ids: Sequence[int], *, on: date) -> dict[int, list[Role]]:
    """The roles in force that day, by person."""
    rows = session.execute(
        select(Appointment.staff_id, Appointment.role)
        .where(
            Appointment.staff_id.in_(staff_ids),
            Appointment.valid_from <= on,
            or_(Appointment.valid_to.is_(None), Appointment.valid_to >= on),
        )
        .order_by(Appointment.id)
    )
    held: dict[int, list[Role]] = {}
    for row in rows:
        held.setdefault(row.staff_id, []).append(row.role)
    return held


def holders_by_role(session: Session, *, on: date) -> dict[Role, int]:
    """How many active people hold each role that day."""
    rows = session.execute(
        select(Appointment.role, func.count(Appointment.staff_id.distinct()).label("people"))
        .join(Staff, Staff.id == Appointment.staff_id)
        .where(
            Staff.is_active,
            Appointment.valid_from <= on,
            or_(Appointment.valid_to.is_(None), Appointment.valid_to >= on),
        )
        .group_by(Appointment.role)
    )
    return {row.role: row.people for row in rows}


def list_living_sessions(
    session: Session, *, now: datetime, idle_since: datetime, limit: int = 200
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Who is signed in just now, last used first."""
    return session.execute(
        select(
            StaffSession.id,
            StaffSession.staff_id,
            StaffSession.ip,
            StaffSession.device,
            StaffSession.created_at,
            StaffSession.last_seen_at,
            Staff.username,
            Staff.display_name,
        )
        .join(Staff, Staff.id == StaffSession.staff_id)
        .where(
            StaffSession.revoked_at.is_(None),
            StaffSession.expires_at > now,
            StaffSession.last_seen_at > idle_since,
        )
        .order_by(StaffSession.last_seen_at.desc(), StaffSession.id.desc())
        .limit(limit)
    ).all()


def list_blocks(session: Session, *, now: datetime, limit: int = 200) -> Sequence[SignInFailure]:
    """The names and sources whose next attempt must wait, longest first."""
    return session.scalars(
        select(SignInFailure)
        .where(SignInFailure.blocked_until > now)
        .order_by(SignInFailure.blocked_until.desc(), SignInFailure.id)
        .limit(limit)
    ).all()


def list_usernames(session: Session) -> Sequence[Row[*tuple[Any, ...]]]:
    """Key and account name of every active account."""
    return session.execute(select(Staff.id, Staff.username).where(Staff.is_active)).all()


def usernames_of(session: Session, staff_ids: Sequence[int]) -> dict[int, str]:
    """The account names of these people, by key."""
    rows = session.execute(select(Staff.id, Staff.username).where(Staff.id.in_(set(staff_ids))))
    return {row.id: row.username for row in rows}
