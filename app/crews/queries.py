"""Reads of crews: what they can do, where they are now, whose turn it is, how they drive today.

A position leaves here only for those who ask with the right to give work; a list of crews is
one statement, however many there are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Row, and_, bindparam, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.calendars import queries as calendars
from app.calendars.rules.hours import Span
from app.calendars.rules.opening import read_spans
from app.catalogue.rules.vocabulary import Named
from app.crews.models import CrewDay, CrewPool, CrewPresence, CrewProfile, CrewRoute
from app.crews.rules.profile import USUAL_CAPACITY, USUAL_WEEK, Shift, is_fresh, is_online
from app.crews.rules.routing import Method
from app.crews.rules.travel import LonLat
from app.departments import queries as departments
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.kernel.db import rows
from app.kernel.errors import ForbiddenError, NotFoundError
from app.kernel.messages import mark


@dataclass(frozen=True, slots=True)
class CrewView:
    """One crew as it stands now; `version` 0 means nobody has said anything about it yet."""

    id: int
    name: Named
    unit_id: int
    path: str
    phone: str
    region_code: str
    skills: tuple[str, ...]
    areas: tuple[str, ...]
    shift: Shift
    capacity: int
    online_until: datetime | None
    seen_at: datetime | None
    at: LonLat | None
    placed_at: datetime | None
    is_ending: bool
    version: int

    def is_online(self, now: datetime) -> bool:
        """Whether the crew says that it is there."""
        return is_online(self.online_until, now)

    def fresh_place(self, now: datetime) -> LonLat | None:
        """Where it is, if that is known well enough to reckon with."""
        return self.at if is_fresh(self.placed_at, now) else None


_CREWS: Final = (
    select(
        Unit.id,
        Unit.name,
        Unit.name_en,
        Unit.parent_id,
        Unit.path,
        Unit.phone,
        Unit.region_code,
        Unit.ending_since,
        CrewProfile.skills,
        CrewProfile.areas,
        CrewProfile.week,
        CrewProfile.capacity,
        CrewProfile.version,
        CrewPresence.online_until,
        CrewPresence.seen_at,
        CrewPresence.lon,
        CrewPresence.lat,
        CrewPresence.placed_at,
        CrewDay.hours.label("other_hours"),
    )
    .outerjoin(CrewProfile, CrewProfile.unit_id == Unit.id)
    .outerjoin(CrewPresence, CrewPresence.unit_id == Unit.id)
    .outerjoin(CrewDay, and_(CrewDay.unit_id == Unit.id, CrewDay.day == bindparam("today")))
    .where(Unit.kind == UnitKind.CREW, Unit.is_active, Unit.path.startswith(bindparam("path")))
    .order_by(Unit.path)
)


def list_crews(session: Session, *, path: str = "/", today: date) -> list[CrewView]:
    """The crews in use under a unit, in the order of the tree."""
    return [_view(row, today) for row in rows(session, _CREWS, path=path, today=today)]


def get_crew(session: Session, crew_id: int, *, today: date) -> CrewView:
    """One crew.

    Raises:
        NotFoundError: there is no such crew in use.
    """
    path = departments.view_of(session, crew_id).path
    found = next((one for one in list_crews(session, path=path, today=today)), None)
    if found is None or found.id != crew_id:
        raise NotFoundError(mark("There is no such crew."))
    return found


def _view(row: Row[*tuple[Any, ...]], today: date) -> CrewView:
    other = {today: read_spans(row.other_hours)} if row.other_hours is not None else {}
    return CrewView(
        id=row.id,
        name=Named(row.name, row.name_en),
        unit_id=row.parent_id or 0,
        path=row.path,
        phone=row.phone,
        region_code=row.region_code,
        skills=tuple(row.skills or ()),
        areas=tuple(row.areas or ()),
        shift=Shift(_week(row.week), other),
        capacity=row.capacity or USUAL_CAPACITY,
        online_until=row.online_until,
        seen_at=row.seen_at,
        at=(row.lon, row.lat) if row.lon is not None and row.lat is not None else None,
        placed_at=row.placed_at,
        is_ending=row.ending_since is not None,
        version=row.version or 0,
    )


def _week(lines: list[str] | None) -> tuple[tuple[Span, ...], ...]:
    return tuple(read_spans(line) for line in lines) if lines else USUAL_WEEK


_DAYS: Final = (
    select(CrewDay.day, CrewDay.hours, CrewDay.note)
    .where(CrewDay.unit_id == bindparam("unit_id"), CrewDay.day >= bindparam("today"))
    .order_by(CrewDay.day)
    .limit(60)
)


def list_days(session: Session, crew_id: int, *, today: date) -> list[tuple[date, str, str]]:
    """The dates from today on with other hours: date, hours and why."""
    return [
        (row.day, row.hours, row.note) for row in rows(session, _DAYS, unit_id=crew_id, today=today)
    ]


def pool_of(session: Session, unit_id: int) -> CrewPool:
    """How the unit shares repairs among its crews; the usual way where nobody has said anything."""
    return session.get(CrewPool, unit_id) or CrewPool(unit_id=unit_id, may_grab=False, version=0)


_POOLS: Final = select(CrewPool.unit_id).where(CrewPool.may_grab)


def open_pools(session: Session) -> frozenset[int]:
    """The units whose crews may take repairs by themselves (抢单)."""
    return frozenset(row.unit_id for row in rows(session, _POOLS))


@dataclass(frozen=True, slots=True)
class RouteView:
    """The stored order of one crew's day; version 0 means none was made yet."""

    stops: tuple[int, ...] = ()
    method: Method | None = None
    planned_at: datetime | None = None
    version: int = 0


NO_ROUTE: Final = RouteView()
_ROUTES: Final = select(
    CrewRoute.unit_id,
    CrewRoute.stops,
    CrewRoute.method,
    CrewRoute.planned_at,
    CrewRoute.version,
).where(CrewRoute.unit_id.in_(bindparam("ids", expanding=True)), CrewRoute.day == bindparam("day"))


def routes_of(session: Session, crew_ids: Iterable[int], day: date) -> Mapping[int, RouteView]:
    """The stored orders of these crews for one day, by crew."""
    found = rows(session, _ROUTES, ids=sorted(crew_ids), day=day)
    return {
        row.unit_id: RouteView(tuple(row.stops), row.method, row.planned_at, row.version)
        for row in found
    }


def route_of(session: Session, crew_id: int, day: date) -> RouteView:
    """The stored order of one crew for one day."""
    return routes_of(session, [crew_id], day).get(crew_id, NO_ROUTE)


def is_own(actor: Actor, crew: CrewView) -> bool:
    """Whether the actor works in this crew."""
    return any(grant.unit_id == crew.id for grant in actor.grants_for(Permission.REPAIR_FIELD))


def gives_work_to(actor: Actor, crew: CrewView) -> bool:
    """Whether the actor gives work to this crew, and so may see where it is."""
    return _covers(actor, Permission.REPAIR_ASSIGN, crew)


def leads(actor: Actor, crew: CrewView) -> bool:
    """Whether the actor settles what this crew can do, where and when."""
    return actor.may(Permission.UNIT_MANAGE) or _covers(actor, Permission.WORK_SHARE, crew)


def _covers(actor: Actor, permission: Permission, crew: CrewView) -> bool:
    # A crew gets its work from the unit above it, so whoever has that unit has its crews.
    return actor.covers(
        permission,
        unit_id=crew.unit_id,
        unit_path=crew.path,
        region_code=crew.region_code,
        handler_id=None,
    )


def check(is_allowed: bool) -> None:  # noqa: FBT001  # reads as a sentence where it is called
    """Refuse what is not theirs.

    Raises:
        ForbiddenError: it is not.
    """
    if not is_allowed:
        raise ForbiddenError(mark("Your role does not include this."))


def today_of(session: Session, now: datetime) -> date:
    """The date on the wall."""
    return calendars.load(session).statutory.local_date(now)


def local_of(session: Session, now: datetime) -> datetime:
    """The time on the wall."""
    return now.astimezone(calendars.load(session).statutory.zone)
