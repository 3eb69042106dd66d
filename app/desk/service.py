"""What staff keep at the desk: named filters, their own or shared with their unit."""

from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor
from app.desk.bulk.macros import leads
from app.desk.models import SavedFilter
from app.kernel.errors import InvalidError
from app.kernel.messages import mark

MOST: Final = 12
_LONGEST_NAME: Final = 30
_LONGEST_QUERY: Final = 600


def save_filter(
    session: Session, actor: Actor, name: str, query: str, *, is_shared: bool = False
) -> SavedFilter:
    """Keep a list under a name, shared with one's unit if asked; the same name again replaces it.

    Raises:
        InvalidError: the name is empty or too long, or there are too many lists.
    """
    name = name.strip()
    if not name or len(name) > _LONGEST_NAME or len(query) > _LONGEST_QUERY:
        raise InvalidError(fields={"name": mark("Give the list a name of up to 30 characters.")})
    own = select(SavedFilter).where(SavedFilter.staff_id == actor.id)
    saved = session.scalars(own.where(SavedFilter.name == name)).one_or_none()
    if saved is None:
        held = session.scalar(select(func.count()).select_from(own.subquery())) or 0
        if held >= MOST:
            raise InvalidError(fields={"name": mark("Remove a list first; twelve can be kept.")})
        saved = SavedFilter(staff_id=actor.id, name=name, query=query)
        session.add(saved)
    saved.query = query
    saved.unit_id = actor.unit_id if is_shared else None
    session.flush()
    return saved


def remove_filter(session: Session, actor: Actor, filter_id: int) -> None:
    """Forget a list of one's own, or one shared with a unit one leads; others stay."""
    saved = session.get(SavedFilter, filter_id)
    if saved is not None and may_remove(session, actor, saved.staff_id, saved.unit_id):
        session.delete(saved)


def may_remove(session: Session, actor: Actor, staff_id: int, unit_id: int | None) -> bool:
    """Whether a kept list is this person's to forget: their own, or of a unit they lead."""
    return staff_id == actor.id or (unit_id is not None and leads(session, unit_id, actor))
