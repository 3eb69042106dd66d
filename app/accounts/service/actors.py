"""Makes a person with their rights out of rows; also for jobs that act for somebody.

Rights are those of the day asked for, never those of the day something was ordered.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.accounts import queries
from app.accounts.rules import Actor, Grant


def find_actor(session: Session, staff_id: int, *, today: date) -> Actor | None:
    """The member of staff with the appointments in force; None for one who has left."""
    rows = queries.actor_rows(session, staff_id, today=today)
    return actor_from(rows, session_id=None) if rows else None


def actor_from(rows: Sequence[Row[*tuple[Any, ...]]], *, session_id: int | None) -> Actor:
    """The person of these rows, one for each appointment in force."""
    first = rows[0]
    grants = tuple(
        Grant(
            row.role,
            row.grant_unit_id,
            row.grant_unit_path,
            row.grant_region_code,
            row.scope,
            may_see_confidential=row.may_see_confidential,
        )
        for row in rows
        if row.role is not None
    )
    return Actor(
        first.staff_id,
        first.username,
        first.display_name,
        first.unit_id,
        first.unit_path,
        first.region_code,
        grants,
        session_id=session_id,
    )
