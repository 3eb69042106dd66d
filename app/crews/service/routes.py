"""The order in which a crew drives to its repairs today: planned, changed by hand, kept.

Planning takes a moment and needs no transaction: `prepare` and `solve` come before, `keep` after.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.crews import queries
from app.crews.models import CrewRoute
from app.crews.queries import CrewView
from app.crews.rules.routing import Method, Stop, Way, kept_order, moved
from app.kernel.errors import ConflictError
from app.kernel.messages import mark


def keep(
    session: Session,
    crew: CrewView,
    order: Sequence[int],
    method: Method,
    *,
    version: int,
    actor: Actor,
    now: datetime,
) -> CrewRoute:
    """Keep the order of a crew's day.

    Raises:
        ForbiddenError: the actor neither gives this crew work nor is of it.
        ConflictError: somebody changed the order since `version`.
    """
    queries.check(queries.gives_work_to(actor, crew) or queries.is_own(actor, crew))
    day = queries.today_of(session, now)
    route = session.get(CrewRoute, (crew.id, day))
    if (route.version if route else 0) != version:
        raise ConflictError(
            mark("Somebody else changed the order of this crew's day. Look at it again."),
            fresh={"version": str(route.version if route else 0)},
        )
    if route is None:
        route = CrewRoute(unit_id=crew.id, day=day)
        session.add(route)
    route.stops, route.method = list(order), method
    route.planned_at, route.planned_by = now, actor.id
    session.flush()
    return route


def move(
    session: Session,
    crew: CrewView,
    stops: Sequence[Stop],
    case_id: int,
    way: Way,
    *,
    version: int,
    actor: Actor,
    now: datetime,
) -> CrewRoute:
    """Move one stop a place up or down; what was begun and emergencies stay in front.

    Raises:
        ForbiddenError: the actor neither gives this crew work nor is of it.
        ConflictError: somebody changed the order since `version`.
    """
    stored = queries.route_of(session, crew.id, queries.today_of(session, now))
    order = moved(kept_order(stored.stops, stops), case_id, way)
    return keep(session, crew, order, Method.BY_HAND, version=version, actor=actor, now=now)


def forget_before(session: Session, day: date) -> None:
    """Take away the orders of days before this one."""
    session.execute(delete(CrewRoute).where(CrewRoute.day < day))
