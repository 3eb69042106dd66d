"""Every look at the tree of units.

The tree is public within the administration: every member of staff may see all of it.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Row, Select, bindparam, func, or_, select
from sqlalchemy.orm import Session

from app.departments.models import Unit
from app.departments.rules import UnitKind, place_name
from app.kernel.db import rows
from app.kernel.errors import NotFoundError
from app.kernel.messages import mark

LIST_LIMIT: Final = 400
_DISTRICT_DIGITS: Final = 6

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


def list_choices(session: Session) -> list[tuple[str, str]]:
    """Active units as value and label, indented by depth, for a select."""
    rows = session.execute(_COLUMNS.where(Unit.is_active).order_by(Unit.path))
    return [(str(row.id), "　" * (row.path.count("/") - 2) + row.name) for row in rows]


def list_subtree_ids(session: Session, path: str) -> Sequence[int]:
    """The unit with this path and everything under it."""
    return session.scalars(select(Unit.id).where(Unit.path.startswith(path, autoescape=True))).all()


def longest_path_below(session: Session, path: str) -> int:
    """The length of the longest path in the subtree, in characters."""
    statement = select(func.max(func.length(Unit.path))).where(
        Unit.path.startswith(path, autoescape=True)
    )
    return session.scalar(statement) or 0


def region_name(session: Session, region_code: str) -> str:
    """What a district or street is called; its code where no such unit is known."""
    found = rows(session, _REGION_NAME, region_code=region_code)
    return found[0].name if found else region_code


_REGION_NAME: Final = (
    select(Unit.name)
    .where(
        Unit.region_code == bindparam("region_code"),
        Unit.kind.in_((UnitKind.DISTRICT, UnitKind.STREET)),
    )
    .order_by(Unit.id)
    .limit(1)
)


def list_regions(session: Session, *, language: str = "zh") -> list[tuple[str, str]]:
    """Districts and streets by region code, streets indented, for a select."""
    rows = session.execute(
        select(Unit.region_code, Unit.name, Unit.name_en)
        .where(Unit.kind.in_((UnitKind.DISTRICT, UnitKind.STREET)), Unit.is_active)
        .order_by(Unit.region_code, Unit.id)
    )
    return [
        (
            row.region_code,
            ("　" if len(row.region_code) > _DISTRICT_DIGITS else "")
            + place_name((language == "en" and row.name_en) or row.name),
        )
        for row in rows
    ]


def is_region(session: Session, region_code: str) -> bool:
    """Whether `list_regions` offers this code."""
    return bool(rows(session, _REGION, region_code=region_code))


_REGION: Final = (
    select(Unit.id)
    .where(
        Unit.kind.in_((UnitKind.DISTRICT, UnitKind.STREET)),
        Unit.is_active,
        Unit.region_code == bindparam("region_code"),
    )
    .limit(1)
)


def names_of(session: Session, unit_ids: Sequence[int]) -> dict[int, str]:
    """The names of these units, by id."""
    rows = session.execute(select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids)))
    return {row.id: row.name for row in rows}


def has_active_children(session: Session, unit_id: int) -> bool:
    """Whether an active unit stands directly under this one."""
    statement = select(Unit.id).where(Unit.parent_id == unit_id, Unit.is_active).limit(1)
    return session.scalar(statement) is not None


def home_region(session: Session) -> str:
    """The region code of the whole city, that of the root; "" before there is one."""
    found = rows(session, _HOME)
    return found[0].region_code if found else ""


_HOME: Final = select(Unit.region_code).where(Unit.parent_id.is_(None)).order_by(Unit.id).limit(1)


def intake_unit(session: Session, region_code: str) -> Unit:
    """Who takes in what no member of staff has taken in: the centre nearest to the place.

    The active centre with the longest region code that the place lies in; the city's
    centre for a place nobody closer serves. So that no matter is ever in nobody's hands.

    Raises:
        NotFoundError: there is no active unit at all.
    """
    centres = session.scalars(
        select(Unit).where(Unit.kind == UnitKind.CENTRE, Unit.is_active).order_by(Unit.id)
    ).all()
    serving = [unit for unit in centres if region_code.startswith(unit.region_code)]
    best = max(serving, key=lambda unit: len(unit.region_code), default=None)
    fallback = select(Unit).where(Unit.is_active).order_by(Unit.id).limit(1)
    unit = best or next(iter(centres), None) or session.scalar(fallback)
    if unit is None:
        raise NotFoundError(mark("There is no unit to take this in. Set up the units first."))
    return unit


def count_units(session: Session) -> int:
    """How many units there are, active or not."""
    return session.scalar(select(func.count()).select_from(Unit)) or 0


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
