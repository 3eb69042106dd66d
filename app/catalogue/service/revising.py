"""The one way an edit of the catalogue is written down.

Guards permission and version, keeps both sides of the change, invalidates the snapshot.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, TypeAlias, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.rules import Actor, Permission
from app.catalogue.labels import FIELDS
from app.catalogue.models import (
    CatalogueSetting,
    Category,
    DispatchRule,
    ReplyText,
    ReviewItem,
    RevisedType,
    Revision,
    TimeLimit,
)
from app.catalogue.queries.shelf import REVISION_KEY, forget
from app.kernel import audit
from app.kernel.authors import MACHINE, Author
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.messages import mark

Revised: TypeAlias = Category | DispatchRule | TimeLimit | ReplyText | ReviewItem | CatalogueSetting
RevisedT = TypeVar("RevisedT", Category, DispatchRule, TimeLimit, ReplyText, ReviewItem)

MOST_NOTE: Final = 300
_TYPES: Final[dict[type[Any], RevisedType]] = {
    Category: RevisedType.CATEGORY,
    DispatchRule: RevisedType.DISPATCH_RULE,
    TimeLimit: RevisedType.TIME_LIMIT,
    ReplyText: RevisedType.REPLY_TEXT,
    ReviewItem: RevisedType.REVIEW_ITEM,
    CatalogueSetting: RevisedType.SETTING,
}
_NOT_KEPT: Final = frozenset({"id", "version"})
# What two people who meet on one entry are shown of it.
_COMPARED: Final = (
    "name",
    "name_en",
    "hint",
    "hint_en",
    "title",
    "body",
    "value",
    "basis_text",
    "region_code",
    "basis",
)


@dataclass(frozen=True, slots=True)
class Edit:
    """Who edits, when and why; the first filling has no actor."""

    now: datetime
    actor: Actor | None
    note: str = ""
    ip: str = ""

    @property
    def author(self) -> Author:
        """The editor as the audit log names them."""
        return self.actor.author(ip=self.ip) if self.actor else MACHINE


def get_for_edit(
    session: Session, table: type[RevisedT], object_id: int, version: int, edit: Edit
) -> RevisedT:
    """The row, if the editor may edit and saw its present state.

    Raises:
        ForbiddenError: the actor may not manage the catalogue.
        NotFoundError: there is no such row.
        ConflictError: somebody else changed it meanwhile.
    """
    require(edit)
    row = session.get(table, object_id, populate_existing=True)
    if row is None:
        raise NotFoundError(mark("There is no such entry in the catalogue."))
    if row.version != version:
        raise ConflictError(
            mark("Somebody else changed this entry while you were editing. Nothing was saved."),
            stored=_stored(row),
            fresh={"version": str(row.version)},
        )
    return row


def require(edit: Edit) -> None:
    """Refuse an editor without the right, or a note too long to keep.

    Raises:
        ForbiddenError: the actor may not manage the catalogue.
        InvalidError: the note is too long.
    """
    if edit.actor is not None:
        edit.actor.require(Permission.CATALOGUE_MANAGE)
    if len(edit.note) > MOST_NOTE:
        raise InvalidError(
            fields={"note": mark("This is too long. Please keep it under 300 characters.")}
        )


@contextmanager
def revising(session: Session, row: Revised, edit: Edit) -> Iterator[None]:
    """Change `row` inside the block; afterwards both sides stand in the history.

    A block that changes nothing writes nothing.
    """
    before = as_data(row)
    yield
    after = as_data(row)
    if before == after:
        return
    session.flush()
    _write(session, row, edit, before=before, after=after)


def created(session: Session, row: Revised, edit: Edit) -> None:
    """Add a new row with its first revision."""
    session.add(row)
    session.flush()
    _write(session, row, edit, before=None, after=as_data(row))


def as_data(row: Revised) -> dict[str, Any]:
    """Every column as JSON can hold it, without key and version."""
    return {
        column.key: _plain(getattr(row, column.key))
        for column in type(row).__table__.columns
        if column.key not in _NOT_KEPT
    }


def touch(session: Session) -> None:
    """Tell every process that its snapshot is out of date once this commits."""
    token = {"token": secrets.token_hex(8)}
    setting = session.scalar(
        select(CatalogueSetting).where(CatalogueSetting.key == REVISION_KEY).with_for_update()
    )
    if setting is None:
        session.add(CatalogueSetting(key=REVISION_KEY, value=token))
    else:
        setting.value = token
    session.flush()
    forget(session)


def _write(
    session: Session,
    row: Revised,
    edit: Edit,
    *,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    object_type = _TYPES[type(row)]
    number = 1 + (
        session.scalar(
            select(func.max(Revision.number)).where(
                Revision.object_type == object_type, Revision.object_id == row.id
            )
        )
        or 0
    )
    session.add(
        Revision(
            object_type=object_type,
            object_id=row.id,
            number=number,
            before=before,
            after=after,
            by=edit.author.id,
            by_name=edit.actor.name if edit.actor else "",
            at=edit.now,
            note=edit.note,
        )
    )
    audit.note(
        session,
        edit.author,
        "catalogue.change" if before else "catalogue.add",
        (object_type, row.id),
        at=edit.now,
        reason=edit.note,
        details={"number": number},
    )
    touch(session)


def _stored(row: Revised) -> dict[str, str]:
    data = as_data(row)
    return {FIELDS[name]: str(data[name]) for name in _COMPARED if data.get(name)}


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list):
        return list(value)
    return value
