"""Every look at the tree of units.

The tree is public within the administration: every member of staff may see all of it.
What pages ask all the time comes from a copy kept until the next edit (`shelf`).
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session

from app.departments.models import Unit
from app.departments.queries.shelf import UnitView, tree
from app.departments.rules import UnitKind
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark

LIST_LIMIT: Final = 400

_COLUMNS: Final = select(
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
)


def get_unit(session: Session, unit_id: int) -> Unit:
    """The unit, active or not.

    Raises:
        NotFoundError: there is no such unit.
    """
    unit = session.get(Unit, unit_id)
    if unit is None:
        raise NotFoundError(mark("There is no such unit."))
    return unit


def find_by_code(session: Session, code: str) -> Unit | None:
    """The unit with this code, active or not."""
    return session.scalar(select(Unit).where(Unit.code == code))


def list_tree(
    session: Session, *, words: str = "", only_active: bool = False, limit: int = LIST_LIMIT
) -> Sequence[Row[*tuple[Any, ...]]]:
    """Units in the order of the tree, parents before children; `words` matches code or name."""
    statement = _matching(_COLUMNS, words=words, only_active=only_active)
    return session.execute(statement.order_by(Unit.path).limit(limit)).all()


def list_choices(
    session: Session, *, language: str = "zh", only_leads: bool = False
) -> list[tuple[str, str]]:
    """Active units as value and label, indented by depth, for a select.

    `only_leads` leaves out those no matter is sent to.
    """
    return list(tree(session).choices["en" if language == "en" else "zh", only_leads])


def view_of(session: Session, unit_id: int) -> UnitView:
    """The unit to look at, active or not; for what changes it there is `get_unit`.

    Raises:
        NotFoundError: there is no such unit.
    """
    unit = tree(session).units.get(unit_id)
    if unit is None:
        raise NotFoundError(mark("There is no such unit."))
    return unit


def views_of(
    session: Session, unit_ids: Iterable[int], region_codes: Iterable[str] = ()
) -> list[UnitView]:
    """The units with these ids or these region codes, by id."""
    ids, codes = set(unit_ids), set(region_codes)
    units = tree(session).units.values()
    return [unit for unit in units if unit.id in ids or unit.region_code in codes]


def longest_path_below(session: Session, path: str) -> int:
    """The length of the longest path in the subtree, in characters."""
    statement = select(func.max(func.length(Unit.path))).where(
        Unit.path.startswith(path, autoescape=True)
    )
    return session.scalar(statement) or 0


def crews_under(
    session: Session, path: str, *, language: str = "zh"
) -> tuple[tuple[str, str], ...]:
    """The active crews under a unit as value and label, for a select."""
    return tuple(
        (str(unit.id), unit.name_en if language == "en" and unit.name_en else unit.name)
        for unit in tree(session).units.values()
        if unit.kind is UnitKind.CREW and not unit.is_ending and unit.path.startswith(path)
    )


def shelves_under(
    session: Session, path: str, *, language: str = "zh"
) -> tuple[tuple[str, str], ...]:
    """A unit and all active ones under it as value and label: each can keep a stock."""
    return tuple(
        (str(unit.id), unit.name_en if language == "en" and unit.name_en else unit.name)
        for unit in tree(session).units.values()
        if not unit.is_ending and unit.path.startswith(path)
    )


def region_name(session: Session, region_code: str) -> str:
    """What a district or street is called; its code where no such unit is known."""
    return tree(session).place_names.get(region_code, region_code)


def list_regions(session: Session, *, language: str = "zh") -> list[tuple[str, str]]:
    """Districts and streets by region code, streets indented, for a select."""
    kept = tree(session)
    return list(kept.regions_en if language == "en" else kept.regions)


def is_region(session: Session, region_code: str) -> bool:
    """Whether `list_regions` offers this code."""
    return region_code in tree(session).region_codes


def names_of(session: Session, unit_ids: Sequence[int]) -> dict[int, str]:
    """The names of these units, by id."""
    units = tree(session).units
    return {unit_id: units[unit_id].name for unit_id in unit_ids if unit_id in units}


def has_active_children(session: Session, unit_id: int) -> bool:
    """Whether an active unit stands directly under this one."""
    statement = select(Unit.id).where(Unit.parent_id == unit_id, Unit.is_active).limit(1)
    return session.scalar(statement) is not None


def home_region(session: Session) -> str:
    """The region code of the whole city, that of the root; "" before there is one."""
    return tree(session).home_region


def intake_unit(session: Session, region_code: str) -> UnitView:
    """Who takes in what no member of staff has taken in: the centre nearest to the place.

    The active centre with the longest region code that the place lies in; the city's
    centre for a place nobody closer serves. So that no matter is ever in nobody's hands.

    Raises:
        NotFoundError: there is no active unit at all.
    """
    active = [unit for unit in tree(session).units.values() if not unit.is_ending]
    centres = [unit for unit in active if unit.kind is UnitKind.CENTRE]
    serving = [unit for unit in centres if region_code.startswith(unit.region_code)]
    best = max(serving, key=lambda unit: len(unit.region_code), default=None)
    unit = best or next(iter(centres), None) or next(iter(active), None)
    if unit is None:
        raise NotFoundError(mark("There is no unit to take this in. Set up the units first."))
    return unit


def _matching(
    statement: Select[*tuple[Any, ...]], *, words: str, only_active: bool
) -> Select[*tuple[Any, ...]]:
    if only_active:
        statement = statement.where(Unit.is_active)
    if words:
        statement = statement.where(
            or_(
                Unit.code.istartswith(words, autoescape=True),
                Unit.name.contains(words, autoescape=True),
                Unit.name_en.icontains(words, autoescape=True),
                Unit.region_code.startswith(words, autoescape=True),
            )
        )
    return statement
