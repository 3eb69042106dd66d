"""Setting versions in force, ending them, switching items off and on.

Days are local; what was in force yesterday stays as it was.
"""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.catalogue.service.revising import Edit, require
from app.kernel import audit
from app.kernel.errors import ConflictError, InvalidError, NotFoundError
from app.kernel.messages import mark
from app.service_items.models import ServiceItem, ServiceItemVersion
from app.service_items.queries import get_version, last_published
from app.service_items.rules import check_content
from app.service_items.service.editing import draft_for_edit, note

_DAY = timedelta(days=1)


def publish(
    session: Session,
    version_id: int,
    *,
    valid_from: date,
    valid_to: date | None = None,
    today: date,
    lock: int,
    edit: Edit,
) -> None:
    """Set a draft in force from a day on; the version before it ends the day before.

    Applications already made keep the version they were made by.

    Raises:
        ForbiddenError, NotFoundError, ConflictError: may not; no such draft; changed meanwhile.
        InvalidError: the days cannot be, or something in the version keeps it from standing.
    """
    row = draft_for_edit(session, version_id, lock, edit)
    before = _published(session, row.item_id)
    days = last_published(session, row.item_id)
    errors = check_days(valid_from, valid_to, days, today)
    errors |= check_content(get_version(session, version_id).content)
    if errors:
        raise InvalidError(fields=errors)
    if before is not None and (before.valid_to is None or before.valid_to >= valid_from):
        before.valid_to = valid_from - _DAY
    row.valid_from, row.valid_to = valid_from, valid_to
    row.published_at, row.published_by = edit.now, edit.author.id
    session.flush()
    note(session, row, "service_item.publish", edit)


def set_end(
    session: Session,
    version_id: int,
    last_day: date | None,
    *,
    today: date,
    lock: int,
    edit: Edit,
) -> None:
    """Set or take away the last day of the newest published version.

    Raises:
        ForbiddenError, NotFoundError, ConflictError: may not; no such version; changed
            meanwhile, or a newer version follows it.
        InvalidError: the day lies before today or before the first.
    """
    require(edit)
    row = session.get(ServiceItemVersion, version_id, populate_existing=True)
    if row is None or row.valid_from is None:
        raise NotFoundError(mark("There is no such service item."))
    newest = _published(session, row.item_id)
    if row.version != lock or newest is not row:
        raise ConflictError(
            mark("Somebody else changed this entry while you were editing. Nothing was saved."),
            fresh={"version": str(row.version)},
        )
    if last_day is not None and last_day < max(today - _DAY, row.valid_from):
        raise InvalidError(
            fields={"valid_to": mark("The last day cannot lie before yesterday or the first day.")}
        )
    row.valid_to = last_day
    session.flush()
    note(session, row, "service_item.end", edit)


def set_active(
    session: Session, item_id: int, *, is_active: bool, version: int, edit: Edit
) -> None:
    """Offer an item no longer, or again; applications that run are not touched.

    Raises:
        ForbiddenError, NotFoundError, ConflictError: may not; no such item; changed meanwhile.
    """
    require(edit)
    item = session.get(ServiceItem, item_id, populate_existing=True)
    if item is None:
        raise NotFoundError(mark("There is no such service item."))
    if item.version != version:
        raise ConflictError(
            mark("Somebody else changed this entry while you were editing. Nothing was saved."),
            fresh={"version": str(item.version)},
        )
    item.is_active = is_active
    session.flush()
    audit.note(
        session,
        edit.author,
        "service_item.offer" if is_active else "service_item.withdraw",
        ("service_item", item_id),
        at=edit.now,
        reason=edit.note,
    )


def _published(session: Session, item_id: int) -> ServiceItemVersion | None:
    return session.scalar(
        select(ServiceItemVersion)
        .where(ServiceItemVersion.item_id == item_id, ServiceItemVersion.valid_from.is_not(None))
        .order_by(ServiceItemVersion.number.desc())
        .limit(1)
    )


def check_days(
    first: date, last: date | None, before: tuple[date, date | None] | None, today: date
) -> dict[str, str]:
    """What is wrong with the days of a version that follows one valid on these days."""
    if before is not None:
        if first < today:
            return {"valid_from": mark("A version that follows another begins today or later.")}
        if first <= before[0]:
            return {"valid_from": mark("The version before it begins only on that day or later.")}
    if last is not None and last < first:
        return {"valid_to": mark("The last day lies before the first.")}
    return {}
