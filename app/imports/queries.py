"""What an import looks up before it writes: which rows are here already, units, categories."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cases.models import Case
from app.catalogue import queries as catalogue
from app.catalogue.models import Category
from app.catalogue.rules import CategoryEntry
from app.departments.models import Unit


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
