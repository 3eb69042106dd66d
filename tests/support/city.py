"""A small town for tests: units, staff with one appointment each, calendars, catalogue.

Built straight from models where a service would only slow every test down.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from app.accounts.models import Appointment, Staff
from app.accounts.rules import Actor, Grant, Role, Scope
from app.calendars import service as calendars
from app.cases import service as cases
from app.cases.kinds import Channel
from app.cases.models import Case
from app.cases.rules import CITIZEN, Doer
from app.cases.service import NewCase
from app.catalogue import queries as catalogue
from app.catalogue import service as catalogue_service
from app.catalogue.service.revising import touch
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.kernel.revisions import Revision, renew
from app.kernel.vault import Vault, info_with
from tests.support.clock import MONDAY_9AM
from tests.support.edges import a_vault
from tests.support.snapshots import filled

Db = sessionmaker[Session]
ROOT, CENTRE, WORKS, WATER = 1, 2, 3, 4
UNUSABLE = "!"
CITY_CODE, DISTRICT_CODE = "990100", "990101"

_SEATS: tuple[tuple[Role, int, Scope], ...] = (
    (Role.CLERK, CENTRE, Scope.ALL),
    (Role.DISPATCHER, CENTRE, Scope.ALL),
    (Role.HANDLER, WORKS, Scope.UNIT),
    (Role.UNIT_HEAD, WORKS, Scope.UNIT),
    (Role.REVIEWER, CENTRE, Scope.ALL),
    (Role.SUPERVISOR, ROOT, Scope.ALL),
    (Role.MANAGER, CENTRE, Scope.ALL),
    (Role.CREW, WORKS, Scope.SELF),
    (Role.ADMIN, ROOT, Scope.ALL),
    (Role.SECURITY, ROOT, Scope.ALL),
    (Role.AUDITOR, ROOT, Scope.ALL),
    (Role.PRIVACY, ROOT, Scope.ALL),
    (Role.INSPECTOR, CENTRE, Scope.ALL),
)
_UNITS: tuple[tuple[int, str, str, UnitKind, int | None, str, str], ...] = (
    (ROOT, "CITY", "示例市政务服务局", UnitKind.BUREAU, None, "/1/", CITY_CODE),
    (CENTRE, "C12345", "12345 中心", UnitKind.CENTRE, ROOT, "/1/2/", CITY_CODE),
    (WORKS, "WORKS", "市政工程局", UnitKind.BUREAU, ROOT, "/1/3/", CITY_CODE),
    (WATER, "WATER", "供水公司", UnitKind.ENTERPRISE, ROOT, "/1/4/", CITY_CODE),
)


@dataclass(frozen=True)
class City:
    """The town's people by role, and the way to its database with keys in hand."""

    db: Db
    people: dict[Role, Actor] = field(default_factory=dict)

    def __getitem__(self, role: Role) -> Actor:
        return self.people[role]


def with_vault(db: Db, vault: Vault | None = None) -> Db:
    """The same database, in sessions that hold the test's keys, or the application's."""
    info = info_with(vault or a_vault())
    return sessionmaker(db.kw["bind"], expire_on_commit=False, info=info)


def a_city(
    db: Db,
    *,
    now: datetime = MONDAY_9AM,
    password_hash: str = UNUSABLE,
    vault: Vault | None = None,
) -> City:
    """Found the town; usernames are the roles'."""
    db = with_vault(db, vault)
    city = City(db)
    with db.begin() as session:
        filled(session, partial(_found, now=now), name=("city", now))
        # A test may change rows behind the services' back: what is kept of this town is its own.
        touch(session)
        for name in session.scalars(select(Revision.name)).all():
            renew(session.connection(), name)
        for role, unit_id, scope in _SEATS:
            city.people[role] = seat(
                session, role.value, role, unit_id, scope, now=now, password_hash=password_hash
            )
    return city


def _found(session: Session, *, now: datetime) -> None:
    for unit_id, code, name, kind, parent, path, region in _UNITS:
        session.add(
            Unit(
                id=unit_id,
                code=code,
                name=name,
                name_en=code.title(),
                kind=kind,
                parent_id=parent,
                path=path,
                region_code=region,
            )
        )
        session.flush()
    calendars.seed(session, now=now)
    catalogue_service.seed(session, now=now)


def seat(
    session: Session,
    username: str,
    role: Role,
    unit_id: int,
    scope: Scope,
    *,
    now: datetime,
    password_hash: str = UNUSABLE,
) -> Actor:
    """Somebody of the town with one appointment."""
    path = next(row[5] for row in _UNITS if row[0] == unit_id)
    staff = Staff(
        username=username,
        display_name=username.title(),
        password_hash=password_hash,
        unit_id=unit_id,
        must_change_password=False,
        password_changed_at=now,
        created_at=now,
    )
    session.add(staff)
    session.flush()
    session.add(
        Appointment(
            staff_id=staff.id,
            role=role,
            unit_id=unit_id,
            scope=scope,
            valid_from=now.date(),
            granted_at=now,
        )
    )
    grant = Grant(role, unit_id, path, CITY_CODE, scope)
    return Actor(staff.id, staff.username, staff.display_name, unit_id, path, CITY_CODE, (grant,))


def first_category(session: Session) -> int:
    """The id of some second-level category."""
    return next(
        entry.id
        for first in catalogue.list_categories(session)
        for entry in catalogue.list_categories(session, parent_id=first.id)
        if not entry.confidential and entry.may_be_anonymous
    )


def a_case(
    session: Session, *, now: datetime = MONDAY_9AM, doer: Doer = CITIZEN, **given: object
) -> Case:
    """Open a case through the real service; keyword arguments are those of `NewCase`."""
    known: dict[str, object] = {
        "body": "门口路灯连续三晚不亮,请尽快修复。",
        "channel": Channel.PORTAL,
        "category_id": first_category(session),
        "region_code": DISTRICT_CODE,
        "place": "样板路 12 号对面",
        "is_anonymous": True,
    }
    return cases.open_case(session, NewCase(**{**known, **given}), doer=doer, now=now)  # type: ignore[arg-type]  # keywords are checked by NewCase itself
