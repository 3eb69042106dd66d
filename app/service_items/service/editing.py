"""Adding items and writing their drafts; a published version is never written again.

Each part of a draft is checked when it is saved; all of them together when it is published.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.catalogue.service.revising import Edit, require
from app.departments import queries as departments
from app.kernel import audit
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.service_items.models import (
    ServiceItem,
    ServiceItemVersion,
    ServiceMaterial,
    ServiceQuestion,
)
from app.service_items.queries import get_version
from app.service_items.rules import (
    CODE,
    Content,
    check_content,
    check_fields,
    check_materials,
    check_questions,
)
from app.service_items.service.writing import fill, write_parts


class Part(StrEnum):
    """What of a draft is saved, and therefore checked."""

    FIELDS = "fields"
    MATERIALS = "materials"
    QUESTIONS = "questions"


_CHECKS: Final[Mapping[Part, Callable[[Content], dict[str, str]]]] = {
    Part.FIELDS: check_fields,
    Part.MATERIALS: check_materials,
    Part.QUESTIONS: check_questions,
}


def add_item(
    session: Session,
    content: Content,
    *,
    code: str,
    basic_code: str,
    edit: Edit,
    is_sample: bool = False,
) -> int:
    """A new item with its first draft; gives the draft's key.

    Raises:
        ForbiddenError: the editor may not manage the catalogue.
        InvalidError: a code is none or taken, or a field cannot be accepted.
    """
    require(edit)
    if errors := check_new(session, content, code, basic_code, None):
        raise InvalidError(fields=errors)
    item = ServiceItem(code=code, basic_code=basic_code, is_sample=is_sample)
    session.add(item)
    session.flush()
    return _add_version(session, item.id, 1, content, edit)


def open_draft(session: Session, item_id: int, *, edit: Edit) -> int:
    """The draft of an item: the one there is, or a copy of its newest version.

    Raises:
        ForbiddenError, NotFoundError: may not; there is no such item.
    """
    require(edit)
    newest = session.scalar(
        select(ServiceItemVersion)
        .where(ServiceItemVersion.item_id == item_id)
        .order_by(ServiceItemVersion.number.desc())
        .limit(1)
    )
    if newest is None:
        raise NotFoundError(mark("There is no such service item."))
    if newest.valid_from is None:
        return newest.id
    content = get_version(session, newest.id).content
    return _add_version(session, item_id, newest.number + 1, content, edit)


def save_draft(
    session: Session, version_id: int, content: Content, *, part: Part, lock: int, edit: Edit
) -> None:
    """Write a part of a draft; `lock` is the state the editor saw.

    Raises:
        ForbiddenError, NotFoundError: may not; there is no such version.
        ConflictError: it changed meanwhile, or was published.
        InvalidError: a field cannot be accepted.
    """
    row = draft_for_edit(session, version_id, lock, edit)
    errors = _CHECKS[part](content)
    if part is Part.FIELDS:
        errors |= _check_unit(session, content)
    if errors:
        raise InvalidError(fields=errors)
    fill(session, row, content)
    # Materials and questions belong to the same state of the draft.
    row.version += 1
    session.flush()
    if part is not Part.FIELDS:
        write_parts(session, version_id, content)
    note(session, row, "service_item.draft", edit)


def discard_draft(session: Session, version_id: int, *, lock: int, edit: Edit) -> int | None:
    """Throw a draft away; gives the key of the item, or none if nothing is left of it.

    Raises:
        ForbiddenError, NotFoundError, ConflictError: as `save_draft`.
    """
    row = draft_for_edit(session, version_id, lock, edit)
    item_id = row.item_id
    note(session, row, "service_item.discard", edit)
    for table in (ServiceMaterial, ServiceQuestion):
        session.execute(delete(table).where(table.version_id == version_id))
    session.delete(row)
    session.flush()
    count = select(func.count()).where(ServiceItemVersion.item_id == item_id)
    if session.scalar(count):
        return item_id
    session.delete(session.get_one(ServiceItem, item_id))
    session.flush()
    return None


def draft_for_edit(session: Session, version_id: int, lock: int, edit: Edit) -> ServiceItemVersion:
    """The draft, if the editor may edit and saw its present state.

    Raises:
        ForbiddenError, NotFoundError, ConflictError: as `save_draft`.
    """
    require(edit)
    row = session.get(ServiceItemVersion, version_id, populate_existing=True)
    if row is None:
        raise NotFoundError(mark("There is no such service item."))
    if row.valid_from is not None:
        raise ConflictError(
            mark("This version was published and can no longer be changed. Make a new version.")
        )
    if row.version != lock:
        raise ConflictError(
            mark("Somebody else changed this entry while you were editing. Nothing was saved."),
            fresh={"version": str(row.version)},
        )
    return row


def note(session: Session, row: ServiceItemVersion, action: str, edit: Edit) -> None:
    """One line in the audit log about a version."""
    audit.note(
        session,
        edit.author,
        action,
        ("service_item", row.item_id),
        at=edit.now,
        reason=edit.note,
        details={"number": row.number},
    )


def _add_version(session: Session, item_id: int, number: int, content: Content, edit: Edit) -> int:
    row = ServiceItemVersion(item_id=item_id, number=number)
    fill(session, row, content)
    session.add(row)
    session.flush()
    write_parts(session, row.id, content)
    note(session, row, "service_item.draft", edit)
    return row.id


def check_new(
    session: Session, content: Content, code: str, basic_code: str, item_id: int | None
) -> dict[str, str]:
    """What keeps a new item, or a new version of the item with this key, from being added."""
    errors = {
        name: mark("A code has 4 to 48 capital letters, digits and hyphens.")
        for name, text in (("code", code), ("basic_code", basic_code))
        if not CODE.fullmatch(text)
    }
    taken = select(ServiceItem.id).where(ServiceItem.code == code)
    if item_id is None and "code" not in errors and session.scalar(taken) is not None:
        errors["code"] = mark("Another item has this code.")
    return errors | check_content(content) | _check_unit(session, content)


def _check_unit(session: Session, content: Content) -> dict[str, str]:
    unit = departments.find_by_code(session, content.unit_code) if content.unit_code else None
    if content.unit_code and (unit is None or not unit.is_active):
        return {"unit_code": mark("There is no such unit.")}
    return {}
