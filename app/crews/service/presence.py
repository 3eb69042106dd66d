"""Whether a crew is there, and where: said by the crew itself, and forgotten in time.

Only the last position is kept, only while the crew is on line, and for twelve hours at most:
whoever gives work needs to know who is near, and nobody needs to know where people were
(个人信息保护法 art. 6, 19).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.crews import queries
from app.crews.models import CrewPresence
from app.crews.queries import CrewView
from app.crews.rules.profile import KEPT_FOR, ONLINE_FOR
from app.crews.rules.travel import LonLat
from app.kernel.geo import is_plausible
from app.kernel.upsert import insert


def go_online(
    session: Session, crew: CrewView, *, actor: Actor, now: datetime, at: LonLat | None = None
) -> None:
    """The crew says that it is there; it lasts ten hours. A place the device gives is kept.

    Raises:
        ForbiddenError: the actor is not of this crew.
    """
    queries.check(queries.is_own(actor, crew))
    values = {"online_until": now + ONLINE_FOR, "seen_at": now, **_placed(at, now)}
    _write(session, crew.id, values)


def go_offline(session: Session, crew: CrewView, *, actor: Actor, now: datetime) -> None:
    """The crew says that it is gone; where it was is forgotten at once.

    Raises:
        ForbiddenError: the actor is neither of this crew nor its head.
    """
    queries.check(queries.is_own(actor, crew) or queries.leads(actor, crew))
    gone = {"online_until": None, "seen_at": now, "lon": None, "lat": None, "placed_at": None}
    _write(session, crew.id, gone)


def forget_old(session: Session, *, now: datetime) -> int:
    """Take away the positions that are too old to be kept; how many there were."""
    forgotten = session.execute(
        update(CrewPresence)
        .where(CrewPresence.placed_at < now - KEPT_FOR)
        .values(lon=None, lat=None, placed_at=None)
        .execution_options(synchronize_session=False)
    )
    return int(getattr(forgotten, "rowcount", 0))


def _placed(at: LonLat | None, now: datetime) -> Mapping[str, Any]:
    if at is None or not is_plausible(*at):
        return {}
    return {"lon": at[0], "lat": at[1], "placed_at": now}


def _write(session: Session, crew_id: int, values: Mapping[str, Any]) -> None:
    statement = insert(session, CrewPresence).values(unit_id=crew_id, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["unit_id"], set_=dict(values)))
