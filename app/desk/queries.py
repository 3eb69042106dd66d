"""What the desk itself looks up: the ids somebody may search among, and their named lists."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.cases.models import Case
from app.cases.queries import visible_clause
from app.desk.models import SavedFilter


def visible_ids(actor: Actor) -> Select[Any]:
    """The ids of every case this person may see, for a search to choose from."""
    return select(Case.id).where(visible_clause(actor))


def saved_filters(session: Session, actor: Actor) -> list[SavedFilter]:
    """The person's own named lists."""
    wanted = select(SavedFilter).where(SavedFilter.staff_id == actor.id).order_by(SavedFilter.name)
    return list(session.scalars(wanted))
