"""What the desk itself looks up: the ids somebody may search among, and their named lists."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.models import Case
from app.cases.queries import visible_clause
from app.desk.models import SavedFilter
from app.kernel.db import rows


@lru_cache(maxsize=256)
def visible_ids(actor: Actor) -> Select[Any]:
    """The ids of every case this person may see, for a search to choose from."""
    return select(Case.id).where(visible_clause(actor))


_SAVED: Final = (
    select(SavedFilter.id, SavedFilter.name, SavedFilter.query)
    .where(SavedFilter.staff_id == bindparam("staff_id"))
    .order_by(SavedFilter.name)
)


def saved_filters(session: Session, actor: Actor) -> Sequence[Row[*tuple[Any, ...]]]:
    """The person's own named lists: id, name and query."""
    return rows(session, _SAVED, staff_id=actor.id)
