"""Tries a change of the dispatch directory on last month's matters; shows what rulings teach it.

Changes nothing and shows nothing a matter says, so whoever keeps the catalogue may look.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from app.cases.queries.sent import Sent, Settled, sent_since, settled_since
from app.catalogue import queries
from app.catalogue.rules import DirectoryRule, revised
from app.catalogue.service import RuleDraft
from app.departments import queries as departments

WINDOW: Final = timedelta(days=30)
MEMORY: Final = timedelta(days=90)
_MOST: Final = 200
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Moved:
    """Matters of one category and place that would go to another unit; None is nobody."""

    category: str
    region: str
    now: str
    then: str
    how_many: int
    ended_there: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What the change would have done to the matters of the last month."""

    matters: int
    moved: int
    rows: tuple[Moved, ...]
    is_cut: bool


def try_line(
    session: Session,
    draft: RuleDraft,
    *,
    rule_id: int | None,
    before_id: int | None,
    language: str,
    now: datetime,
) -> Trial:
    """Propose every matter of the last month by the lines in force and by the changed ones."""
    rules = queries.snapshot(session).rules
    line = DirectoryRule(
        rule_id or 0, 0, draft.category_id, draft.region_code, draft.unit_id, draft.basis
    )
    changed = revised(rules, line, before_id=before_id)
    sent = sent_since(session, now - WINDOW)
    moves: Counter[tuple[int, str, int | None, int | None]] = Counter()
    ended: Counter[tuple[int, str, int | None, int | None]] = Counter()
    for one in sent:
        where = _unit_by(session, rules, one), _unit_by(session, changed, one)
        if where[0] != where[1]:
            key = (one.category_id, one.region_code, *where)
            moves[key] += one.how_many
            ended[key] += one.how_many if one.unit_id == where[1] else 0
    return Trial(
        matters=sum(one.how_many for one in sent),
        moved=moves.total(),
        rows=tuple(_rows(session, moves, ended, language)),
        is_cut=len(moves) > _MOST,
    )


def _unit_by(session: Session, rules: Sequence[DirectoryRule], one: Sent) -> int | None:
    return queries.propose_by(session, rules, one.category_id, one.region_code).unit_id


def _rows(
    session: Session,
    moves: Counter[tuple[int, str, int | None, int | None]],
    ended: Counter[tuple[int, str, int | None, int | None]],
    language: str,
) -> list[Moved]:
    most = moves.most_common(_MOST)
    units = {unit for (_, _, *both), _ in most for unit in both if unit is not None}
    names = departments.names_of(session, sorted(units))
    return [
        Moved(
            category=queries.get_category(session, category_id).name.within(language),
            region=departments.region_name(session, region),
            now=names[before] if before else "",
            then=names[after] if after else "",
            how_many=how_many,
            ended_there=ended[(category_id, region, before, after)],
        )
        for (category_id, region, before, after), how_many in most
    ]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What rulings and agreed returns say against the directory as it stands."""

    category_id: int
    category: str
    region_code: str
    region: str
    unit_id: int
    unit: str
    numbers: tuple[str, ...]
    how_many: int
    was_ruled: bool
    before: int | None  # the line that fits first today: behind it the new one would do nothing


def lessons(session: Session, *, language: str, now: datetime) -> list[Lesson]:
    """Where units settled a duty otherwise than the directory proposes; rulings first.

    What the directory has learnt since is not repeated: the list is asked of the lines in force.
    """
    rules = queries.snapshot(session).rules
    found: dict[tuple[int, str, int], list[Settled]] = {}
    for one in settled_since(session, now - MEMORY):
        found.setdefault((one.category_id, one.region_code, one.unit_id), []).append(one)
    today = {key: queries.propose_by(session, rules, key[0], key[1]) for key in found}
    open_ones = {key: cases for key, cases in found.items() if today[key].unit_id != key[2]}
    names = departments.names_of(session, sorted({unit for _, _, unit in open_ones}))
    return [
        Lesson(
            category_id=category_id,
            category=queries.get_category(session, category_id).name.within(language),
            region_code=region,
            region=departments.region_name(session, region),
            unit_id=unit_id,
            unit=names[unit_id],
            numbers=tuple(case.number for case in cases[:_NAMED]),
            how_many=len(cases),
            was_ruled=any(case.was_ruled for case in cases),
            before=today[category_id, region, unit_id].rule_id
            or today[category_id, region, unit_id].broken_rule_id,
        )
        for (category_id, region, unit_id), cases in open_ones.items()
    ]
