"""What other features ask: which version holds today, which item was meant.

Short entries come from a kept copy; a whole version is read by its key.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy.orm import Session

from app.kernel.errors import InvalidError, NotFoundError
from app.kernel.messages import mark
from app.service_items.queries.reading import get_version, get_versions
from app.service_items.queries.shelf import shelf
from app.service_items.rules import ItemEntry, ItemVersion, find, in_force


def version_on(session: Session, code_or_id: str | int, day: date) -> ItemVersion:
    """The version an application of this (local) day is made by; by code or key of the item.

    Raises:
        NotFoundError: there is no such published item.
        InvalidError: none of its versions holds on this day; the sentence says why.
    """
    return get_version(session, entry_on(session, code_or_id, day).version_id)


def entry_on(session: Session, code_or_id: str | int, day: date) -> ItemEntry:
    """As `version_on`, without materials and questions.

    Raises:
        NotFoundError, InvalidError: as there.
    """
    entries = [
        entry for entry in shelf(session).entries if code_or_id in (entry.item_id, entry.code)
    ]
    if not entries:
        raise NotFoundError(mark("There is no such service item."))
    for entry in in_force(entries, day):
        return entry
    raise _ended(entries, day)


def require_in_force(session: Session, version_id: int, day: date) -> ItemEntry:
    """The version with this key, if applications may still be made by it on this day.

    For whoever opened an application earlier: papers and limits may have changed since.

    Raises:
        NotFoundError: there is no such published version.
        InvalidError: it ended, has not begun, or the item is no longer offered.
    """
    entry = shelf(session).by_version.get(version_id)
    if entry is None:
        raise NotFoundError(mark("There is no such service item."))
    if in_force([entry], day):
        return entry
    siblings = [one for one in shelf(session).entries if one.item_id == entry.item_id]
    if entry.valid_to is not None and entry.valid_to < day and in_force(siblings, day):
        raise InvalidError(
            mark(
                "This version of the item ended on %(day)s. A newer version is in force: open the "
                "item again and check the papers against it. What was typed is kept."
            ),
            day=f"{entry.valid_to}",
        )
    raise _ended([entry], day)


def refusal_of(session: Session, version_id: int, day: date) -> InvalidError | None:
    """Why nothing can be applied for by this version on this day; None if it can.

    Raises:
        NotFoundError: there is no such published version.
    """
    try:
        require_in_force(session, version_id, day)
    except InvalidError as refusal:
        return refusal
    return None


def latest_by_code(session: Session, code: str, *, day: date) -> ItemEntry:
    """The version of this day, or the newest one where none holds: to look at.

    Raises:
        NotFoundError: there is no such published item.
    """
    entries = [entry for entry in shelf(session).entries if entry.code == code]
    if not entries:
        raise NotFoundError(mark("There is no such service item."))
    return next(iter(in_force(entries, day)), entries[-1])


def find_items(
    session: Session,
    text: str,
    *,
    day: date,
    limit: int = 20,
    unit_ids: Collection[int] | None = None,
) -> list[ItemEntry]:
    """The items of this day that fit code, pinyin initials or words, best first.

    `unit_ids` keeps to the items of these units.
    """
    entries = in_force(shelf(session).entries, day)
    if unit_ids is not None:
        entries = [entry for entry in entries if entry.unit_id in unit_ids]
    return find(entries, text, limit=limit)


def list_in_force(session: Session, *, day: date) -> list[ItemEntry]:
    """All items of this day, by code."""
    return in_force(shelf(session).entries, day)


def list_newest(session: Session) -> list[ItemEntry]:
    """The newest published version of every item, ended or not, by code."""
    return list({entry.item_id: entry for entry in shelf(session).entries}.values())


def newest_versions(session: Session) -> list[ItemVersion]:
    """As `list_newest`, whole: for a file that is given out."""
    return get_versions(session, [entry.version_id for entry in list_newest(session)])


def entries_of(session: Session, version_ids: Collection[int]) -> dict[int, ItemEntry]:
    """The published versions with these keys, by key: for lists that name them."""
    kept = shelf(session).by_version
    return {key: kept[key] for key in version_ids if key in kept}


def _ended(entries: list[ItemEntry], day: date) -> InvalidError:
    coming = min((e.valid_from for e in entries if e.valid_from > day), default=None)
    if not any(entry.is_active for entry in entries):
        return InvalidError(mark("This item is no longer offered."))
    if coming is not None:
        return InvalidError(
            mark("This item is offered from %(day)s on. Nothing can be applied for before."),
            day=f"{coming}",
        )
    last = max(entry.valid_to for entry in entries if entry.valid_to is not None)
    return InvalidError(
        mark(
            "This item ended on %(day)s and has no newer version. "
            "Ask the body responsible what applies now."
        ),
        day=f"{last}",
    )
