"""The tree of units as plain values, read once and kept until the next edit.

A copy belongs to one token (`kernel.revisions`), which every edit renews; without a token
nothing is kept.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.departments.models import TREE, Unit
from app.departments.rules import UnitKind, may_lead, place_name
from app.kernel import revisions
from app.kernel.db import rows

_KEPT: Final = 4
_DISTRICT_DIGITS: Final = 6
_PLACES: Final = (UnitKind.DISTRICT, UnitKind.STREET)
_UNITS: Final = select(
    Unit.id,
    Unit.code,
    Unit.name,
    Unit.name_en,
    Unit.kind,
    Unit.parent_id,
    Unit.path,
    Unit.region_code,
    Unit.phone,
    Unit.is_active,
    Unit.ending_since,
).order_by(Unit.id)

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class UnitView:
    """One unit to look at."""

    id: int
    code: str
    name: str
    name_en: str
    kind: UnitKind
    parent_id: int | None
    path: str
    region_code: str
    phone: str
    is_active: bool
    ending_since: datetime | None = None

    @property
    def is_ending(self) -> bool:
        """Whether it gets nothing new and what it has is given to others."""
        return self.ending_since is not None or not self.is_active


@dataclass(frozen=True, slots=True)
class Tree:
    """All units by id, in the order of their ids, and what selects are made of."""

    units: Mapping[int, UnitView]
    choices: Mapping[tuple[str, bool], Choices]  # by language, and whether only of leads
    regions: Choices
    regions_en: Choices
    region_codes: frozenset[str]
    place_names: Mapping[str, str]
    home_region: str


_trees: Final[OrderedDict[str, Tree]] = OrderedDict()
_lock: Final = Lock()


def tree(session: Session) -> Tree:
    """The tree as this transaction sees it."""
    token = revisions.token_of(session, TREE)
    with _lock:
        kept = _trees.get(token)
    if kept is None:
        kept = _read(session)
        if token:
            _keep(token, kept)
    return kept


def _keep(token: str, kept: Tree) -> None:
    with _lock:
        _trees[token] = kept
        while len(_trees) > _KEPT:
            _trees.popitem(last=False)


def _read(session: Session) -> Tree:
    units = [UnitView(*row) for row in rows(session, _UNITS)]
    places = [unit for unit in units if unit.kind in _PLACES]
    active = sorted(
        (unit for unit in places if unit.is_active), key=lambda unit: (unit.region_code, unit.id)
    )
    roots = (unit.region_code for unit in units if unit.parent_id is None)
    return Tree(
        units={unit.id: unit for unit in units},
        choices={
            (language, only_leads): _choices(units, language, only_leads=only_leads)
            for language in ("zh", "en")
            for only_leads in (False, True)
        },
        regions=tuple(_region(unit, unit.name) for unit in active),
        regions_en=tuple(_region(unit, unit.name_en or unit.name) for unit in active),
        region_codes=frozenset(unit.region_code for unit in active),
        place_names=_place_names(places),
        home_region=next(roots, ""),
    )


def _choices(units: Sequence[UnitView], language: str, *, only_leads: bool) -> Choices:
    leading = (u for u in units if may_lead(u.kind) and not u.is_ending)
    offered = leading if only_leads else (u for u in units if u.is_active)
    # By the bytes of the path, as the database sorts it: parents before what stands under them.
    shown = sorted(offered, key=lambda unit: unit.path)
    return tuple(
        (str(u.id), "　" * (u.path.count("/") - 2) + ((language == "en" and u.name_en) or u.name))
        for u in shown
    )


def _region(unit: UnitView, name: str) -> tuple[str, str]:
    indent = "　" if len(unit.region_code) > _DISTRICT_DIGITS else ""
    return unit.region_code, indent + place_name(name)


def _place_names(places: Iterable[UnitView]) -> dict[str, str]:
    found: dict[str, str] = {}
    for unit in places:  # the one founded first where two bear the same code
        found.setdefault(unit.region_code, place_name(unit.name))
    return found
