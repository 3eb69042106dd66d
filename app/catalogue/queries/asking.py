"""What other features ask: which category, which unit, which limit, which text.

Answers with frozen values to copy; hands out no rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy.orm import Session

from app.catalogue.queries.shelf import ReplyTextView, Snapshot, snapshot
from app.catalogue.rules import (
    CaseKind,
    CategoryEntry,
    ChosenLimit,
    DirectoryRule,
    LimitQuestion,
    Named,
    Place,
    Proposal,
    ReplyPurpose,
    UnitFacts,
    Urgency,
    choose,
    find,
    fitting,
    propose,
)
from app.departments import queries as departments
from app.departments.rules import UnitKind
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark

_DISTRICT_DIGITS = 6


@dataclass(frozen=True, slots=True, eq=False)  # as the copy it is made of
class PickerList:
    """All active categories for the desk's picker; `etag` changes with every edit."""

    etag: str
    entries: tuple[dict[str, object], ...]


def get_category(session: Session, category_id: int) -> CategoryEntry:
    """One category, active or not.

    Raises:
        NotFoundError: there is none with this id.
    """
    entry = snapshot(session).categories.get(category_id)
    if entry is None:
        raise NotFoundError(mark("There is no such category."))
    return entry


def get_category_by_code(session: Session, code: str) -> CategoryEntry:
    """One category by its code.

    Raises:
        NotFoundError: there is none with this code.
    """
    for entry in snapshot(session).categories.values():
        if entry.code == code:
            return entry
    raise NotFoundError(mark("There is no such category."))


def find_by_code(session: Session, code: str) -> CategoryEntry | None:
    """The active second-level entry with this code, as `find_categories` would put it first."""
    wanted = code.strip().casefold()
    for entry in snapshot(session).categories.values():
        is_offered = entry.is_active and entry.parent_id is not None and not entry.is_facility
        if entry.code.casefold() == wanted and is_offered:
            return entry
    return None


def list_categories(
    session: Session,
    *,
    parent_id: int | None = None,
    kind: CaseKind | None = None,
    portal_only: bool = False,
) -> tuple[CategoryEntry, ...]:
    """The active entries directly under one, in their order."""
    return tuple(
        entry
        for entry in snapshot(session).children(parent_id)
        if entry.is_active and entry.serves(kind) and (entry.on_portal or not portal_only)
    )


def find_categories(
    session: Session,
    text: str,
    *,
    kind: CaseKind | None = None,
    portal_only: bool = False,
    limit: int = 20,
) -> list[CategoryEntry]:
    """Active second-level entries that fit code, pinyin initials or words, best first.

    Facilities are found only for repairs: no other matter is filed under them.
    """
    entries = (
        entry
        for entry in snapshot(session).categories.values()
        if entry.is_active
        and entry.parent_id is not None
        and entry.serves(kind)
        and (kind is not None or not entry.is_facility)
        and (entry.on_portal or not portal_only)
    )
    return find(entries, text, limit=limit)


def picker(session: Session, language: str) -> PickerList:
    """Everything a browser needs to pick a category by typing, in one list; no facilities."""
    return _picker(snapshot(session), language)


@lru_cache(maxsize=4)
def _picker(kept: Snapshot, language: str) -> PickerList:
    return PickerList(
        etag=f"{kept.token}-{language}",
        entries=tuple(
            {
                "id": entry.id,
                "code": entry.code,
                "name": entry.name.within(language),
                "parent": entry.parent_name.within(language) if entry.parent_name else "",
                "initials": entry.initials,
                "pinyin": entry.pinyin,
                "hint": entry.hint.within(language),
                "kinds": [str(kind) for kind in entry.kinds],
                "urgency": str(entry.default_urgency),
            }
            for entry in kept.categories.values()
            if entry.is_active and entry.parent_id is not None and not entry.is_facility
        ),
    )


def propose_unit(
    session: Session,
    category_id: int,
    region_code: str,
    *,
    accused_unit_id: int | None = None,
) -> Proposal:
    """Where a matter of this category in this place should go, and why.

    `accused_unit_id` is the unit a complaint or tip is about: neither it nor any unit
    under it is proposed (rulebook §2.3.6).

    Raises:
        NotFoundError: there is no such category.
    """
    return propose_by(
        session, snapshot(session).rules, category_id, region_code, accused_unit_id=accused_unit_id
    )


def propose_by(
    session: Session,
    rules: Sequence[DirectoryRule],
    category_id: int,
    region_code: str,
    *,
    accused_unit_id: int | None = None,
) -> Proposal:
    """As `propose_unit`, by other lines than those in force: what would a change do?

    Raises:
        NotFoundError: there is no such category.
    """
    entry = get_category(session, category_id)
    matching = fitting(rules, entry.path, region_code)
    units = _units_for(session, matching, region_code, accused_unit_id)
    accused = units.get(accused_unit_id) if accused_unit_id is not None else None
    return propose(
        matching,
        units,
        category=entry.name,
        category_path=entry.path,
        place=Place(region_code, _place_name(units, region_code)),
        accused_path=accused.path if accused else "",
    )


def choose_limit(
    session: Session,
    *,
    clock_kind: str,
    case_kind: CaseKind | None,
    category_id: int | None,
    urgency: Urgency,
    region_code: str,
    on: date,
) -> ChosenLimit:
    """The limit a clock that starts on this (local) day gets under the active profile.

    Raises:
        NotFoundError: no limit is set for such a clock.
    """
    kept = snapshot(session)
    entry = kept.categories.get(category_id) if category_id is not None else None
    question = LimitQuestion(
        clock_kind=clock_kind,
        case_kind=case_kind,
        category_path=entry.path if entry else (),
        urgency=urgency,
        region_code=region_code,
        on=on,
    )
    row = choose(kept.limits, question, profile=kept.profile)
    if row is None:
        raise NotFoundError(
            mark("No time limit is set for this step. Please ask an administrator to add one.")
        )
    return row.limit


def list_reply_texts(
    session: Session, *, purpose: ReplyPurpose | None = None, unit_path: str = ""
) -> list[ReplyTextView]:
    """The active texts for everybody and for the units on this path, sorted by title."""
    own_units = {int(part) for part in unit_path.split("/") if part}
    return [
        text
        for text in snapshot(session).texts
        if purpose in (None, text.purpose) and (text.unit_id is None or text.unit_id in own_units)
    ]


def _units_for(
    session: Session,
    matching: tuple[DirectoryRule, ...],
    region_code: str,
    accused_unit_id: int | None,
) -> dict[int, UnitFacts]:
    ids = {rule.unit_id for rule in matching}
    if accused_unit_id is not None:
        ids.add(accused_unit_id)
    codes = {region_code, region_code[:_DISTRICT_DIGITS]} if region_code else ()
    return {
        unit.id: UnitFacts(
            id=unit.id,
            name=Named(unit.name, unit.name_en),
            kind=unit.kind,
            region_code=unit.region_code,
            path=unit.path,
            is_active=not unit.is_ending,
        )
        for unit in departments.views_of(session, ids, codes)
    }


def _place_name(units: dict[int, UnitFacts], region_code: str) -> Named:
    territorial = (UnitKind.DISTRICT, UnitKind.STREET, UnitKind.COMMUNITY)
    for unit in units.values():
        if unit.region_code == region_code and unit.kind in territorial:
            return unit.name
    return Named(region_code)
