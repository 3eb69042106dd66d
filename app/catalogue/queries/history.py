"""What was changed, by whom, when and why.

Reads the revisions of one object; compares the two sides of each.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.models import RevisedType, Revision


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field before and after, as stored."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class RevisionView:
    """One edit as the history page shows it."""

    number: int
    at: datetime
    by_name: str
    note: str
    changes: tuple[FieldChange, ...]


def list_revisions(
    session: Session, object_type: RevisedType, object_id: int, *, limit: int = 50
) -> list[RevisionView]:
    """The edits of one object, newest first."""
    statement = (
        select(Revision)
        .where(Revision.object_type == object_type, Revision.object_id == object_id)
        .order_by(Revision.number.desc())
        .limit(limit)
    )
    return [
        RevisionView(
            number=revision.number,
            at=revision.at,
            by_name=revision.by_name,
            note=revision.note,
            changes=_changes(revision.before or {}, revision.after or {}),
        )
        for revision in session.scalars(statement)
    ]


def _changes(before: dict[str, Any], after: dict[str, Any]) -> tuple[FieldChange, ...]:
    fields = dict.fromkeys((*before, *after))
    return tuple(
        FieldChange(field, before.get(field), after.get(field))
        for field in fields
        if before.get(field) != after.get(field)
    )
