"""Founding, changing, moving, closing and reopening units; each writes its audit row.

Asks nobody for permission: accounts stand above units, so the caller has
already required `unit:manage`.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, literal, select, update
from sqlalchemy.orm import Session

from app.departments import queries, rules
from app.departments.events import UnitClosing
from app.departments.models import Unit
from app.departments.rules import UnitKind
from app.kernel import audit, events
from app.kernel.authors import Author
from app.kernel.errors import ConflictError, InvalidError
from app.kernel.messages import mark

_MAX_PATH: Final = 255  # the width of the column
_ROOM_FOR_ID: Final = 20


@dataclass(frozen=True, slots=True)
class UnitDraft:
    """What a person says about a unit."""

    code: str
    name: str
    kind: UnitKind
    name_en: str = ""
    parent_id: int | None = None
    region_code: str = ""
    phone: str = ""


def found_unit(session: Session, draft: UnitDraft, *, by: Author, now: datetime) -> Unit:
    """Add a unit to the tree.

    Raises:
        InvalidError: a malformed or taken code, or a parent that is closed or too deep.
    """
    _check(session, draft, own_id=None)
    parent_path = _parent_path(session, draft.parent_id)
    unit = Unit(**asdict(draft), is_active=True)
    session.add(unit)
    session.flush()
    unit.path = rules.path_below(parent_path, unit.id)
    audit.note(
        session, by, "unit:found", ("unit", unit.id), at=now, details={"after": _told(draft)}
    )
    session.flush()
    return unit


def change_unit(
    session: Session, unit_id: int, version: int, draft: UnitDraft, *, by: Author, now: datetime
) -> Unit:
    """Change what is said about a unit; a new parent moves its whole subtree.

    Raises:
        ConflictError: somebody changed the unit since `version`.
        InvalidError: as for `found_unit`, or the parent lies under the unit itself.
    """
    unit = _at_version(session, unit_id, version)
    _check(session, draft, own_id=unit_id)
    before = _differences(unit, draft)
    if draft.parent_id != unit.parent_id:
        _move(session, unit, draft.parent_id)
    for name, value in asdict(draft).items():
        setattr(unit, name, value)
    if before:
        after = {name: asdict(draft)[name] for name in before}
        audit.note(
            session,
            by,
            "unit:change",
            ("unit", unit_id),
            at=now,
            details={"before": before, "after": after},
        )
    session.flush()
    return unit


def close_unit(session: Session, unit_id: int, version: int, *, by: Author, now: datetime) -> Unit:
    """Take a unit out of use; its history stays.

    Raises:
        ConflictError: it changed since `version`, or still has units, staff or work.
    """
    unit = _at_version(session, unit_id, version)
    if not unit.is_active:
        return unit
    if queries.has_active_children(session, unit_id):
        raise ConflictError(mark("Close or move the units under it first."))
    events.publish(session, UnitClosing(unit_id, now))
    unit.is_active = False
    audit.note(session, by, "unit:close", ("unit", unit_id), at=now)
    session.flush()
    return unit


def announce_closing(
    session: Session, unit_id: int, version: int, *, by: Author, now: datetime
) -> Unit:
    """Say that a unit is to be closed: it gets nothing new, and what it has goes to others.

    Raises:
        ConflictError: it changed since `version`, or is closed already.
    """
    unit = _at_version(session, unit_id, version)
    if not unit.is_active:
        raise ConflictError(mark("This unit is closed."))
    if unit.ending_since is None:
        unit.ending_since = now
        audit.note(session, by, "unit:announce_closing", ("unit", unit_id), at=now)
    session.flush()
    return unit


def keep_open(session: Session, unit_id: int, version: int, *, by: Author, now: datetime) -> Unit:
    """Take the announcement back: the unit gets work again.

    Raises:
        ConflictError: it changed since `version`.
    """
    unit = _at_version(session, unit_id, version)
    if unit.ending_since is not None:
        unit.ending_since = None
        audit.note(session, by, "unit:keep_open", ("unit", unit_id), at=now)
    session.flush()
    return unit


def reopen_unit(session: Session, unit_id: int, version: int, *, by: Author, now: datetime) -> Unit:
    """Take a closed unit into use again.

    Raises:
        ConflictError: it changed since `version`, or the unit above it is closed.
    """
    unit = _at_version(session, unit_id, version)
    if unit.is_active:
        return unit
    if unit.parent_id is not None and not queries.get_unit(session, unit.parent_id).is_active:
        raise ConflictError(mark("Reopen the unit above it first."))
    unit.is_active, unit.ending_since = True, None
    audit.note(session, by, "unit:reopen", ("unit", unit_id), at=now)
    session.flush()
    return unit


def _at_version(session: Session, unit_id: int, version: int) -> Unit:
    # Every writer locks the whole small tree in one order, so that two moves at
    # once cannot build a ring; on SQLite writers queue anyway.
    session.execute(select(Unit.id).order_by(Unit.id).with_for_update())
    unit = queries.get_unit(session, unit_id)
    if unit.version != version:
        raise ConflictError(
            mark("Somebody else changed this while you were working on it."),
            stored=_shown(unit),
            fresh={"version": str(unit.version)},
        )
    return unit


def _shown(unit: Unit) -> dict[str, str]:
    return {
        mark("Code"): unit.code,
        mark("Unit name"): unit.name,
        mark("English name"): unit.name_en,
        mark("Region code"): unit.region_code,
        mark("Phone number"): unit.phone,
    }


def _check(session: Session, draft: UnitDraft, *, own_id: int | None) -> None:
    problems: dict[str, str] = {}
    if not rules.is_unit_code(draft.code):
        problems["code"] = mark("Use 2 to 32 capital letters, digits or hyphens.")
    else:
        holder = queries.find_by_code(session, draft.code)
        if holder is not None and holder.id != own_id:
            problems["code"] = mark("Another unit already has this code.")
    if not draft.name:
        problems["name"] = mark("Enter a name.")
    if not rules.is_region_code(draft.region_code):
        problems["region_code"] = mark("A region code has 2, 4, 6, 9 or 12 digits.")
    if problems:
        raise InvalidError(fields=problems)


def _parent_path(session: Session, parent_id: int | None) -> str:
    if parent_id is None:
        return ""
    parent = session.scalar(select(Unit).where(Unit.id == parent_id).with_for_update())
    if parent is None or not parent.is_active:
        raise InvalidError(fields={"parent_id": mark("Choose a unit that is in use.")})
    if len(parent.path) > _MAX_PATH - _ROOM_FOR_ID:
        raise InvalidError(fields={"parent_id": mark("The tree would become too deep.")})
    return parent.path


def _move(session: Session, unit: Unit, parent_id: int | None) -> None:
    parent_path = _parent_path(session, parent_id)
    if rules.is_within(parent_path, unit.path):
        raise InvalidError(
            fields={"parent_id": mark("A unit cannot stand under itself or under its own units.")}
        )
    old, new = unit.path, rules.path_below(parent_path, unit.id)
    deepest = queries.longest_path_below(session, old)
    if deepest - len(old) + len(new) > _MAX_PATH:
        raise InvalidError(fields={"parent_id": mark("The tree would become too deep.")})
    session.flush()
    session.execute(
        update(Unit)
        .where(Unit.path.startswith(old, autoescape=True), Unit.id != unit.id)
        .values(path=literal(new) + func.substr(Unit.path, len(old) + 1))
        .execution_options(synchronize_session=False)
    )
    unit.path = new
    session.flush()
    # Other units already loaded still carry their old path.
    for other in session.identity_map.values():
        if isinstance(other, Unit) and other is not unit:
            session.expire(other, ["path"])


def _differences(unit: Unit, draft: UnitDraft) -> dict[str, Any]:
    return {
        name: getattr(unit, name)
        for name, value in asdict(draft).items()
        if getattr(unit, name) != value
    }


def _told(draft: UnitDraft) -> Mapping[str, Any]:
    return {name: value for name, value in asdict(draft).items() if value not in ("", None)}
