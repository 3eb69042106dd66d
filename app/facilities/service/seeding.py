"""The first filling of facility types from the file shipped beside them.

Adds what is missing by code and changes nothing that is there. Their categories, sample limits
and, where the units exist, lines of the dispatch directory come along.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.calendars.rules import LimitUnit
from app.catalogue.models import Category, DispatchRule, TimeLimit
from app.catalogue.rules import COMMON_PROFILE, BasisLevel, CaseKind, Urgency
from app.catalogue.service.categories import spell
from app.catalogue.service.seeding import record
from app.departments.queries import find_by_code
from app.facilities.models import FacilityType
from app.facilities.rules import category_code, class_of, family_of, read_questions
from app.facilities.rules.content import question_rows

_DATA: Final = "app.facilities.data"
_FIRST_POSITION: Final = 101  # behind the categories of other matters
_CLOCK: Final = "resolve"
_DIRECTORY_BASIS: Final = "部件事件分类的通常权属（示例）"
_BASES: Final[Mapping[str, str]] = {
    "sample": "系统示例值，未引用任何规定，请按本市规定修改",
    "covers": "参照广州、南宁公开的井盖处置时限，尚待本市规定确认",
    "events": "参照若干城市数字城管公开的处置时限，尚待本市规定确认",
}
_KNOWN: Final = select(FacilityType.code, FacilityType.category_id)
_EMERGENCIES: Final = (Urgency.CRITICAL, Urgency.URGENT)


def seed(session: Session, *, now: datetime) -> int:
    """Add the shipped types whose codes are missing; gives how many were added."""
    known = set(session.scalars(select(FacilityType.code)))
    shipped = _read()
    missing = [entry for entry in shipped["types"] if entry["code"] not in known]
    if not missing:
        return 0
    categories = _categories(session, shipped["classes"], missing)
    limits = [limit for entry in missing for limit in _limits(entry, categories[entry["code"]].id)]
    session.add_all(limits)
    session.add_all(_type(entry, categories[entry["code"]].id) for entry in missing)
    record(session, [*categories.values(), *limits], now)
    return len(missing)


def seed_directory(session: Session, *, now: datetime) -> int:
    """Lines of the dispatch directory for types without one, where their usual owner is a unit.

    Gives how many lines were added; to be called when the units stand.
    """
    led = set(session.scalars(select(DispatchRule.category_id)))
    types = {row.code: row.category_id for row in session.execute(_KNOWN)}
    last = session.scalar(select(func.max(DispatchRule.position))) or 0
    units = {entry["code"]: find_by_code(session, entry["unit"]) for entry in _read()["types"]}
    wanted = [
        (types[code], unit.id)
        for code, unit in units.items()
        if unit is not None and code in types and types[code] not in led
    ]
    rules = [
        DispatchRule(
            position=position, category_id=category_id, unit_id=unit_id, basis=_DIRECTORY_BASIS
        )
        for position, (category_id, unit_id) in enumerate(wanted, start=last + 1)
    ]
    session.add_all(rules)
    record(session, rules, now)
    return len(rules)


def _read() -> Any:  # noqa: ANN401  # a JSON document of our own
    return json.loads(files(_DATA).joinpath("types.json").read_text(encoding="utf-8"))


def _categories(
    session: Session,
    classes: Sequence[Mapping[str, str]],
    entries: Sequence[Mapping[str, Any]],
) -> dict[str, Category]:
    """The categories of classes and of types by their codes; those that are missing are made."""
    known = {row.code: row for row in session.scalars(select(Category))}
    found: dict[str, Category] = {}
    for position, entry in enumerate((*classes, *entries), start=_FIRST_POSITION):
        code = category_code(entry["code"])
        parent = found.get(class_of(entry["code"]))
        if code not in known:
            session.add(known.setdefault(code, _entry(entry, parent, position)))
            session.flush()
        found[entry["code"]] = known[code]
    return found


def _entry(entry: Mapping[str, Any], parent: Category | None, position: int) -> Category:
    initials, pinyin = spell(entry["name"])
    return Category(
        code=category_code(entry["code"]),
        parent_id=parent.id if parent else None,
        level=2 if parent else 1,
        position=position,
        name=entry["name"],
        name_en=entry["name_en"],
        hint=entry.get("hint", ""),
        hint_en=entry.get("hint_en", ""),
        initials=initials,
        pinyin=pinyin,
        kinds=[CaseKind.REPAIR],
        may_be_anonymous=True,
        on_portal=False,  # the form for other matters does not offer them; the repair form does
        default_urgency=Urgency(entry.get("urgency", Urgency.NORMAL)),
    )


def _limits(entry: Mapping[str, Any], category_id: int) -> Iterator[TimeLimit]:
    for urgency, limit in _graded(entry):
        unit, value, *minutes = limit
        yield TimeLimit(
            profile=COMMON_PROFILE,
            code=f"facility.{entry['code']}.{urgency}",
            clock_kind=_CLOCK,
            case_kind=CaseKind.REPAIR,
            category_id=category_id,
            urgency=urgency,
            unit=LimitUnit(unit),
            value=value,
            minutes=sum(minutes),
            basis_text=_BASES[entry["basis"]],
            basis_level=BasisLevel.SYSTEM,
            is_sample=True,
        )


def _graded(entry: Mapping[str, Any]) -> Iterator[tuple[Urgency, Sequence[Any]]]:
    """The limits of a type by grade; a grade it does not name has the general one."""
    if entry["urgent"]:
        for urgency in _EMERGENCIES:
            yield urgency, entry["urgent"]
    if entry["normal"]:
        yield Urgency.NORMAL, entry["normal"]
        yield Urgency.COMPLEX, entry["complex"] or entry["normal"]


def _type(entry: Mapping[str, Any], category_id: int) -> FacilityType:
    count, days = entry["repeat"]
    return FacilityType(
        category_id=category_id,
        code=entry["code"],
        family=family_of(entry["code"]),
        owner=entry["owner"],
        owner_en=entry["owner_en"],
        filing=entry["filing"],
        filing_en=entry["filing_en"],
        forms=entry["forms"],
        dangers=entry["dangers"],
        questions=question_rows(read_questions(entry["questions"])),
        near_radius_m=entry["near"],
        needs_before=entry["before"],
        needs_after=entry["after"],
        safety_minutes=entry["safety"],
        repeat_count=count,
        repeat_days=days,
        is_home=entry.get("home", False),
        is_filed_by_rule=entry.get("by_rule", False),
        is_sample=True,
    )
