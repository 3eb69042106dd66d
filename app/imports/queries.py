"""What an import looks up: which rows are here already, units, categories, uploaded lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.catalogue import queries as catalogue
from app.catalogue.models import Category
from app.catalogue.rules import CategoryEntry
from app.departments.models import Unit
from app.imports.models import PeopleList, PeopleListPart
from app.imports.people.fates import ListState
from app.kernel.errors import ConflictError, NotFoundError
from app.kernel.messages import mark
from app.kernel.paging import FirstPage, Order, Page, list_page


def known_ids(session: Session, source: str, ids: Sequence[str]) -> set[str]:
    """Those of the other system's keys that are matters here already."""
    wanted = select(Case.source_id).where(Case.source == source, Case.source_id.in_(ids))
    return {known for known in session.scalars(wanted) if known is not None}


def unit_ids(session: Session) -> dict[str, int]:
    """Every unit's key by its code, closed ones too: history happened there."""
    return {row.code: row.id for row in session.execute(select(Unit.code, Unit.id))}


def top_unit_id(session: Session) -> int | None:
    """The root of the city's tree, None before there is one."""
    wanted = select(Unit.id).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)
    return session.scalar(wanted)


def categories_by_code(session: Session) -> dict[str, CategoryEntry]:
    """Every category by its code, those in no use any more too."""
    ids = session.scalars(select(Category.id))
    entries = (catalogue.get_category(session, category_id) for category_id in ids)
    return {entry.code: entry for entry in entries}


_LISTS: Final = select(
    PeopleList.id,
    PeopleList.kind,
    PeopleList.state,
    PeopleList.rows,
    PeopleList.new,
    PeopleList.likely,
    PeopleList.updated,
    PeopleList.known,
    PeopleList.refused,
    PeopleList.created_at,
)
_ORDER: Final = Order.by(PeopleList.id, descending=True)
_FIRST: Final = FirstPage.of(_LISTS, _ORDER)


def list_lists(session: Session, *, cursor: str | None) -> Page[Row[*tuple[Any, ...]]]:
    """Uploaded lists of people, newest first."""
    return list_page(session, _LISTS, _ORDER, cursor=cursor) if cursor else _FIRST.read(session)


def get_list(session: Session, list_id: int) -> PeopleList:
    """An uploaded list.

    Raises:
        NotFoundError: there is none.
    """
    found = session.get(PeopleList, list_id)
    if found is None:
        raise NotFoundError(mark("There is nothing at this address."))
    return found


def waiting_list(session: Session, list_id: int) -> PeopleList:
    """An uploaded list that nobody has started yet, kept from others until the end.

    Raises:
        ConflictError: it is being taken over, or is through.
        NotFoundError: there is none.
    """
    found = session.get(PeopleList, list_id, with_for_update=True)
    if found is None:
        raise NotFoundError(mark("There is nothing at this address."))
    if found.state is not ListState.WAITING:
        raise ConflictError(mark("This list is being taken over already."))
    return found


def next_part(session: Session, list_id: int) -> PeopleListPart | None:
    """The first piece that still has its rows."""
    wanted = (
        select(PeopleListPart)
        .where(PeopleListPart.list_id == list_id, PeopleListPart.rows.is_not(None))
        .order_by(PeopleListPart.seq)
        .limit(1)
    )
    return session.scalar(wanted)


def parts_with_rejects(session: Session, list_id: int) -> Sequence[PeopleListPart]:
    """The pieces of which something was refused, in order."""
    wanted = (
        select(PeopleListPart)
        .where(PeopleListPart.list_id == list_id, PeopleListPart.rejects.is_not(None))
        .order_by(PeopleListPart.seq)
    )
    return session.scalars(wanted).all()


def old_lists(session: Session, before: datetime) -> Sequence[PeopleList]:
    """Lists that came before then and still hold something."""
    wanted = select(PeopleList).where(
        PeopleList.created_at < before, PeopleList.state.in_([ListState.WAITING, ListState.DONE])
    )
    return session.scalars(wanted).all()
