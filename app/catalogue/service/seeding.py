"""The first filling of the catalogue from the files shipped beside it.

Adds what is missing by code and changes nothing that is there, so it may run at every start.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars.rules import LimitUnit
from app.catalogue.models import (
    CatalogueSetting,
    Category,
    DispatchRule,
    ReplyText,
    RevisedType,
    Revision,
    TimeLimit,
)
from app.catalogue.queries.shelf import DEFAULT_PROFILE, PROFILE_KEY
from app.catalogue.rules import BasisLevel, CaseKind, ReplyPurpose, Urgency
from app.catalogue.service.revising import Revised, as_data, touch
from app.departments.models import Unit

_DATA: Final = "app.catalogue.data"
_NOTE: Final = "shipped"
_TYPES: Final[dict[type[Any], RevisedType]] = {
    Category: RevisedType.CATEGORY,
    DispatchRule: RevisedType.DISPATCH_RULE,
    TimeLimit: RevisedType.TIME_LIMIT,
    ReplyText: RevisedType.REPLY_TEXT,
}


@dataclass(frozen=True, slots=True)
class Seeded:
    """How many rows a filling added; all zero when everything was there."""

    categories: int = 0
    limits: int = 0
    replies: int = 0
    rules: int = 0


def seed(session: Session, *, now: datetime) -> Seeded:
    """Add the shipped categories, both limit profiles and the reply texts where missing."""
    categories = _seed_categories(session)
    limits = _seed_limits(session)
    replies = _seed_replies(session)
    added: list[Revised] = [*categories, *limits, *replies]
    if added:
        record(session, added, now)
    return Seeded(categories=len(categories), limits=len(limits), replies=len(replies))


def seed_directory(
    session: Session, lines: Sequence[Mapping[str, str]], *, now: datetime
) -> Seeded:
    """Fill an empty directory; a directory that has a line is left alone.

    A line names `category` (code, "" for all), `region` (code, "" for everywhere),
    `unit` (code) and `basis`.

    Raises:
        KeyError: a line names a category or unit that does not exist.
    """
    if session.scalar(select(DispatchRule.id).limit(1)) is not None:
        return Seeded()
    categories = {row.code: row.id for row in session.execute(select(Category.code, Category.id))}
    units = {row.code: row.id for row in session.execute(select(Unit.code, Unit.id))}
    rules = [
        DispatchRule(
            position=position,
            category_id=categories[line["category"]] if line["category"] else None,
            region_code=line["region"],
            unit_id=units[line["unit"]],
            basis=line["basis"],
        )
        for position, line in enumerate(lines, start=1)
    ]
    session.add_all(rules)
    record(session, rules, now)
    return Seeded(rules=len(rules))


def _read(name: str) -> Any:  # noqa: ANN401  # a JSON document of our own
    return json.loads(files(_DATA).joinpath(name).read_text(encoding="utf-8"))


def _seed_categories(session: Session) -> list[Category]:
    known = {category.code: category for category in session.scalars(select(Category))}
    added: list[Category] = []
    for place, first in enumerate(_read("categories.json")["categories"], start=1):
        parent = known.get(first["code"])
        if parent is None:
            parent = _category(first, None, place)
            session.add(parent)
            session.flush()
            added.append(parent)
        for position, second in enumerate(first["children"], start=1):
            if second["code"] not in known:
                added.append(_category(second, parent, position))
    session.add_all(added)
    return added


def _category(entry: Mapping[str, Any], parent: Category | None, position: int) -> Category:
    return Category(
        code=entry["code"],
        parent_id=parent.id if parent else None,
        level=2 if parent else 1,
        position=position,
        name=entry["name"],
        name_en=entry["name_en"],
        hint=entry["hint"],
        hint_en=entry["hint_en"],
        initials=entry["initials"],
        pinyin=entry["pinyin"],
        kinds=[CaseKind(kind) for kind in entry["kinds"]],
        may_be_anonymous=entry["anonymous"],
        on_portal=entry["portal"],
        confidential=entry["confidential"],
        default_urgency=Urgency(entry["urgency"]),
    )


def _seed_limits(session: Session) -> list[TimeLimit]:
    known = {(row.profile, row.code) for row in session.scalars(select(TimeLimit))}
    session.flush()
    categories = {row.code: row.id for row in session.execute(select(Category.code, Category.id))}
    added = [
        TimeLimit(
            profile=entry["profile"],
            code=entry["code"],
            clock_kind=entry["clock"],
            case_kind=CaseKind(entry["kind"]) if entry.get("kind") else None,
            category_id=categories[entry["category"]] if entry.get("category") else None,
            urgency=Urgency(entry["urgency"]) if entry.get("urgency") else None,
            unit=LimitUnit(entry["unit"]),
            value=entry["value"],
            minutes=entry.get("minutes", 0),
            basis_text=entry["basis"],
            basis_level=BasisLevel(entry["level"]),
            is_sample=entry["sample"],
            valid_from=date.fromisoformat(entry["from"]) if entry.get("from") else None,
        )
        for entry in _read("limits.json")["limits"]
        if (entry["profile"], entry["code"]) not in known
    ]
    session.add_all(added)
    if session.scalar(select(CatalogueSetting).where(CatalogueSetting.key == PROFILE_KEY)) is None:
        session.add(CatalogueSetting(key=PROFILE_KEY, value={"profile": DEFAULT_PROFILE}))
    return added


def _seed_replies(session: Session) -> list[ReplyText]:
    known = set(session.scalars(select(ReplyText.code)))
    added = [
        ReplyText(
            code=entry["code"],
            title=entry["title"],
            body=entry["body"],
            purpose=ReplyPurpose(entry["purpose"]),
        )
        for entry in _read("reply_texts.json")["texts"]
        if entry["code"] not in known
    ]
    session.add_all(added)
    return added


def record(session: Session, rows: Sequence[Revised], now: datetime) -> None:
    """Write rows that were shipped into the history; also for what stands above the catalogue."""
    session.flush()
    session.add_all(
        Revision(
            object_type=_TYPES[type(row)],
            object_id=row.id,
            number=1,
            before=None,
            after=as_data(row),
            at=now,
            note=_NOTE,
        )
        for row in rows
    )
    touch(session)
