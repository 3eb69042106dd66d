"""Whose turn it is in a unit (轮派), and the lock under which a crew's room is counted.

Turns stand in the database, so that a restart changes nothing and two dispatchers share one row.
"""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.crews.models import CrewPool, CrewProfile
from app.crews.rules.turns import next_in_turn
from app.departments.models import Unit
from app.kernel.upsert import insert


def next_crew(session: Session, unit_id: int, able: Iterable[int]) -> int | None:
    """The next of these crews of the unit; None where none is able. Changes nothing."""
    pool = session.get(CrewPool, unit_id)
    return next_in_turn(able, pool.last_crew_id if pool else None)


def pass_turn(session: Session, unit_id: int, crew_id: int) -> None:
    """This crew got something in turn: the next one is behind it."""
    first = insert(session, CrewPool).values(unit_id=unit_id, may_grab=False, version=1)
    session.execute(first.on_conflict_do_nothing(index_elements=["unit_id"]))
    locked = select(CrewPool).where(CrewPool.unit_id == unit_id).with_for_update()
    pool = session.scalars(locked.execution_options(populate_existing=True)).one()
    pool.last_crew_id = crew_id
    session.flush()


def hold(session: Session, crew_id: int) -> None:
    """Keep everybody else from giving to this crew until the end of the transaction.

    So two dispatchers who see one free place do not both fill it.
    """
    session.execute(select(Unit.id).where(Unit.id == crew_id).with_for_update())
    session.execute(
        select(CrewProfile.unit_id).where(CrewProfile.unit_id == crew_id).with_for_update()
    )
