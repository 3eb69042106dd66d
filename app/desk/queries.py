"""What the desk itself looks up: ids to search among, named lists, open matters of a citizen."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.models import Case
from app.cases.queries import visible_clause
from app.citizens.models import CitizenAccess
from app.citizens.rules import number_of
from app.desk.models import SavedFilter
from app.kernel.db import rows


@lru_cache(maxsize=256)
def visible_ids(actor: Actor) -> Select[Any]:
    """The ids of every case this person may see, for a search to choose from."""
    return select(Case.id).where(visible_clause(actor))


@lru_cache(maxsize=256)
def people_in_hand(actor: Actor) -> Select[Any]:
    """Whose matters, not ended yet, this person may see."""
    return select(Case.citizen_id).where(
        visible_clause(actor), Case.closed_at.is_(None), Case.citizen_id.is_not(None)
    )


_SAVED: Final = (
    select(
        SavedFilter.id,
        SavedFilter.name,
        SavedFilter.query,
        SavedFilter.staff_id,
        SavedFilter.unit_id,
    )
    .where(
        or_(
            SavedFilter.staff_id == bindparam("staff_id"),
            SavedFilter.unit_id.in_(bindparam("units", expanding=True)),
        )
    )
    .order_by(SavedFilter.name, SavedFilter.id)
    .limit(60)
)


def saved_filters(session: Session, actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """The named lists of this person and of the units they stand in."""
    return rows(session, _SAVED, staff_id=actor.id, units=list(actor.line_ids))


_OPEN_OF_CITIZEN: Final = (
    select(Case.id)
    .where(Case.citizen_id == bindparam("citizen_id"), Case.closed_at.is_(None))
    .limit(1)
)
_ACCESS: Final = (
    select(CitizenAccess.citizen_id, Case.number)
    .outerjoin(Case, Case.id == CitizenAccess.case_id)
    .where(CitizenAccess.id == bindparam("access_id"))
)


def has_open_case(session: Session, citizen_id: int) -> bool:
    """Whether any matter of the citizen is not ended yet, whoever handles it."""
    return bool(rows(session, _OPEN_OF_CITIZEN, citizen_id=citizen_id))


def place_of_access(session: Session, access_id: int) -> str:
    """The masked page from which somebody looked: the matter's, or the citizen's."""
    found = rows(session, _ACCESS, access_id=access_id)[0]
    return f"/cases/{found.number}" if found.number else f"/citizens/{number_of(found.citizen_id)}"
