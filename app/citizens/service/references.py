"""Every way a row can point at a citizen, found in the schema itself so that none is forgotten.

Moves rows from one citizen to another and says which; keeps no record itself.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Enum,
    Table,
    UniqueConstraint,
    and_,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.orm import Session

from app.citizens.models import Citizen
from app.kernel.db import Model, UtcDateTime

Json = int | str | bool | None


class Way(StrEnum):
    """What a merge does with rows that point at the one that is merged."""

    MOVES = "moves"
    UNLESS_TWIN = "unless_twin"  # moves; what the survivor has the like of stays behind
    STAYS = "stays"  # says what was at its time, and is not rewritten
    DERIVED = "derived"  # worked out anew for both


# Whatever is not named here moves. A table where a citizen may have only one of something
# must be named, or moving would break its rule; a test reads the schema and says so.
DECLARED: Final[Mapping[str, Way]] = {
    "citizen_accesses.citizen_id": Way.STAYS,
    "citizen_merges.merged_id": Way.STAYS,
    "citizen_merges.survivor_id": Way.STAYS,
    "citizen_session_people.citizen_id": Way.UNLESS_TWIN,
    "consents.citizen_id": Way.STAYS,  # written once; read over all rows merged into one
    "duplicate_candidates.a_id": Way.DERIVED,
    "duplicate_candidates.b_id": Way.DERIVED,
    "linked_cases.citizen_id": Way.UNLESS_TWIN,
    "quality_issues.citizen_id": Way.DERIVED,
}


# Moves like the rest and is counted for nobody: who reported without a name stays unnamed,
# and what somebody asked about their own data is told to those alone who answer it.
UNTOLD: Final = frozenset({"linked_cases", "data_requests", "case_identities"})


@dataclass(frozen=True, slots=True)
class Reference:
    """One column that points at citizens."""

    table: Table
    column: Column[Any]
    way: Way

    @property
    def name(self) -> str:
        """As `DECLARED` names it."""
        return f"{self.table.name}.{self.column.name}"

    @property
    def unique_with(self) -> tuple[tuple[Column[Any], ...], ...]:
        """The other columns of each rule by which a citizen has only one of something."""
        return tuple(
            tuple(column for column in rule if column is not self.column)
            for rule in _unique_rules(self.table)
            if self.column in rule
        )


def references() -> tuple[Reference, ...]:
    """Every column of the whole schema that points at citizens."""
    return _references(len(Model.metadata.tables))


@cache
def _references(_tables: int) -> tuple[Reference, ...]:
    citizens = Citizen.metadata.tables[Citizen.__tablename__]
    return tuple(
        Reference(table, column, DECLARED.get(f"{table.name}.{column.name}", Way.MOVES))
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if any(key.column is citizens.c.id for key in column.foreign_keys)
    )


@dataclass(frozen=True, slots=True)
class Moved:
    """A row that now points elsewhere."""

    reference: Reference
    key: Mapping[str, Json]


def move(session: Session, *, from_id: int, to_id: int) -> Iterator[Moved]:
    """Point everything that may move at the other citizen; yields each row that did."""
    for reference in references():
        if reference.way in {Way.STAYS, Way.DERIVED}:
            continue
        table, column = reference.table, reference.column
        wanted = [column == from_id]
        if reference.way is Way.UNLESS_TWIN:
            wanted += [~_has_twin(reference, rule, to_id) for rule in reference.unique_with]
        keys = list(table.primary_key.columns)
        done = session.execute(
            update(table).where(*wanted).values({column: to_id}).returning(*keys)
        )
        for row in done.all():
            yield Moved(reference, {key.name: encoded(v) for key, v in zip(keys, row, strict=True)})


def held(session: Session, citizen_id: int) -> dict[str, int]:
    """How many rows of each table would move with this citizen, for people to read."""
    found: Counter[str] = Counter()
    for reference in references():
        is_told = reference.table.name not in UNTOLD
        if is_told and reference.way not in {Way.STAYS, Way.DERIVED}:
            mine = select(func.count()).where(reference.column == citizen_id)
            found[reference.table.name] += session.scalar(mine) or 0
    return {table: rows for table, rows in found.items() if rows}


def put(
    session: Session,
    *,
    table: str,
    column: str,
    key: Mapping[str, Json],
    seen: Json,
    value: Json,
) -> bool:
    """Write one cell if it still holds what was seen; False where it has changed or is gone."""
    of = Model.metadata.tables[table]
    cell = of.c[column]
    here = and_(*(of.c[name] == decoded(of.c[name], part) for name, part in key.items()))
    is_seen = cell.is_not_distinct_from(decoded(cell, seen))
    written = update(of).where(here, is_seen).values({cell: decoded(cell, value)})
    return bool(session.execute(written.returning(cell)).first())


def encoded(value: object) -> Json:
    """A cell's value as JSON knows values."""
    match value:
        case StrEnum():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case bytes():
            return value.hex()
        case None | int() | str():
            return value
    msg = f"no way to write down a {type(value).__name__}"
    raise TypeError(msg)


def decoded(column: Column[Any], value: Json) -> object:
    """The value again as the column's own type."""
    if value is None:
        return None
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(str(value))
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    wanted = kind.python_type
    if issubclass(wanted, date):
        return date.fromisoformat(str(value))
    return bytes.fromhex(str(value)) if issubclass(wanted, bytes) else value


def _has_twin(
    reference: Reference, rule: tuple[Column[Any], ...], to_id: int
) -> ColumnElement[bool]:
    twin = reference.table.alias()
    alike = [twin.c[column.name] == column for column in rule]
    return exists().where(twin.c[reference.column.name] == to_id, *alike)


def _unique_rules(table: Table) -> Iterator[frozenset[Column[Any]]]:
    yield frozenset(table.primary_key.columns)
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield frozenset(constraint.columns)
    for index in table.indexes:
        if index.unique:
            yield frozenset(index.columns)
