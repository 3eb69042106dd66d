"""Where a matter should go: the dispatch directory and its fallback.

Proposes and explains; a dispatcher decides. Rulebook §2.3.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.catalogue.rules.vocabulary import Explanation, Named, covers
from app.departments.rules import UnitKind, is_within
from app.kernel.messages import mark

_DISTRICT_DIGITS: Final = 6
_MOST_ALTERNATIVES: Final = 5

BY_RULE: Final = mark(
    "Directory line %(line)s: %(category)s in %(region)s is the duty of %(unit)s."
)
BY_RULE_ANYWHERE: Final = mark("Directory line %(line)s: %(category)s is the duty of %(unit)s.")
BY_PLACE: Final = mark(
    "No directory line names a unit for %(category)s in %(region)s, "
    "so the government of the district takes it."
)
ALSO_FITS: Final = mark("Directory line %(line)s fits as well.")
DISTRICT_OF_PLACE: Final = mark("Government of the district where it happened.")
UNIT_CLOSED: Final = mark(
    "Directory line %(line)s sends this to %(unit)s, which is closed. "
    "Please choose a unit and have the line mended."
)
UNIT_ACCUSED: Final = mark(
    "%(unit)s would be in charge, but the matter is about it. Please choose another unit."
)
NOWHERE: Final = mark(
    "No directory line fits %(category)s, and the place names no district. Please choose a unit."
)


@dataclass(frozen=True, slots=True)
class Place:
    """A region code and what people call it."""

    code: str
    name: Named


@dataclass(frozen=True, slots=True)
class DirectoryRule:
    """One line of the directory; `line` is what people see, counted from 1."""

    id: int
    line: int
    category_id: int | None
    region_code: str
    unit_id: int
    basis: str


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """What the directory must know of a unit."""

    id: int
    name: Named
    kind: UnitKind
    region_code: str
    path: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another unit a dispatcher may pick, and why it is offered."""

    unit_id: int
    unit: Named
    why: Explanation


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where a matter should go. Without a unit, `why` says what a person must settle.

    `alert` is set when the directory itself needs mending, with `broken_rule_id` where a line
    is at fault. `copy_to` are units told,
    not charged: the district, when a street gets the matter (rulebook §2.3.3).
    """

    unit_id: int | None
    unit: Named | None
    rule_id: int | None
    why: Explanation
    basis: str = ""
    alternatives: tuple[Alternative, ...] = ()
    copy_to: tuple[int, ...] = ()
    alert: Explanation | None = None
    broken_rule_id: int | None = None


@dataclass(frozen=True, slots=True)
class _Search:
    """One question to the directory, with everything it may look at."""

    units: Mapping[int, UnitFacts]
    category: Named
    place: Place
    accused_path: str
    matching: tuple[DirectoryRule, ...]

    @property
    def district(self) -> UnitFacts | None:
        return _district(self.units.values(), self.place.code)

    def is_accused(self, unit: UnitFacts) -> bool:
        return bool(self.accused_path) and is_within(unit.path, self.accused_path)


def propose(
    rules: Sequence[DirectoryRule],
    units: Mapping[int, UnitFacts],
    *,
    category: Named,
    category_path: tuple[int, ...],
    place: Place,
    accused_path: str = "",
) -> Proposal:
    """The unit of the first line that fits, else the district, else nobody and the reason.

    A line that points at a closed unit is not stepped over in silence: nobody is
    proposed, the fault is named, and what would come next is offered beside it.
    `accused_path` is the path of the unit a complaint is about; neither it nor anything
    under it is ever proposed (rulebook §2.3.6).
    """
    search = _Search(
        units=units,
        category=category,
        place=place,
        accused_path=accused_path,
        matching=fitting(rules, category_path, place.code),
    )
    for rule in search.matching:
        unit = units[rule.unit_id]
        if search.is_accused(unit):
            return _unsettled(search, Explanation(UNIT_ACCUSED, {"unit": unit.name}))
        if not unit.is_active:
            why = Explanation(UNIT_CLOSED, {"line": rule.line, "unit": unit.name})
            return _unsettled(search, why, alert=why, broken=rule.id)
        return _by_rule(search, rule, unit)
    return _by_place(search)


def revised(
    rules: Sequence[DirectoryRule], line: DirectoryRule, *, before_id: int | None = None
) -> tuple[DirectoryRule, ...]:
    """The lines as they would stand with this one changed in its place, or new in front of another.

    A line whose id is not among them is new; without one to stand before, it comes last.
    """
    kept = [line if rule.id == line.id else rule for rule in rules]
    if line not in kept:
        places = [place for place, rule in enumerate(kept) if rule.id == before_id]
        kept.insert(places[0] if places else len(kept), line)
    return tuple(replace(rule, line=number) for number, rule in enumerate(kept, start=1))


def fitting(
    rules: Sequence[DirectoryRule], category_path: tuple[int, ...], place_code: str
) -> tuple[DirectoryRule, ...]:
    """The lines that speak of this category in this place, in the directory's order."""
    return tuple(rule for rule in rules if _fits(rule, category_path, place_code))


def _fits(rule: DirectoryRule, category_path: tuple[int, ...], place_code: str) -> bool:
    fits_category = rule.category_id is None or rule.category_id in category_path
    return fits_category and covers(rule.region_code, place_code)


def _by_rule(search: _Search, rule: DirectoryRule, unit: UnitFacts) -> Proposal:
    district = search.district
    is_street = unit.kind in (UnitKind.STREET, UnitKind.COMMUNITY)
    return Proposal(
        unit_id=unit.id,
        unit=unit.name,
        rule_id=rule.id,
        why=Explanation(
            BY_RULE if search.place.code else BY_RULE_ANYWHERE,
            {
                "line": rule.line,
                "category": search.category,
                "region": search.place.name,
                "unit": unit.name,
            },
        ),
        basis=rule.basis,
        alternatives=_alternatives(search, unit.id),
        copy_to=(district.id,) if is_street and district is not None else (),
    )


def _by_place(search: _Search) -> Proposal:
    district = search.district
    if district is None:
        why = Explanation(NOWHERE, {"category": search.category})
        return _unsettled(search, why, alert=why)
    if search.is_accused(district):
        return _unsettled(search, Explanation(UNIT_ACCUSED, {"unit": district.name}))
    return Proposal(
        unit_id=district.id,
        unit=district.name,
        rule_id=None,
        why=Explanation(BY_PLACE, {"category": search.category, "region": search.place.name}),
    )


def _unsettled(
    search: _Search,
    why: Explanation,
    *,
    alert: Explanation | None = None,
    broken: int | None = None,
) -> Proposal:
    return Proposal(
        unit_id=None,
        unit=None,
        rule_id=None,
        why=why,
        alternatives=_alternatives(search, None),
        alert=alert,
        broken_rule_id=broken,
    )


def _alternatives(search: _Search, chosen: int | None) -> tuple[Alternative, ...]:
    found: dict[int, Alternative] = {}
    for unit, why in _candidates(search):
        if unit.id != chosen and unit.is_active and not search.is_accused(unit):
            found.setdefault(unit.id, Alternative(unit.id, unit.name, why))
    return tuple(found.values())[:_MOST_ALTERNATIVES]


def _candidates(search: _Search) -> Iterator[tuple[UnitFacts, Explanation]]:
    for rule in search.matching:
        yield search.units[rule.unit_id], Explanation(ALSO_FITS, {"line": rule.line})
    if search.district is not None:
        yield search.district, Explanation(DISTRICT_OF_PLACE)


def _district(units: Iterable[UnitFacts], place_code: str) -> UnitFacts | None:
    code = place_code[:_DISTRICT_DIGITS]
    fitting = [
        unit
        for unit in units
        if unit.kind is UnitKind.DISTRICT and unit.is_active and code and unit.region_code == code
    ]
    return min(fitting, key=lambda unit: (len(unit.path), unit.id), default=None)
