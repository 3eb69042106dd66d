"""One row for every table, so that a migration is tried on tables with something in them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Column, Connection, Enum, LargeBinary, MetaData, Table
from sqlalchemy.sql.type_api import TypeEngine

from app.kernel.db import UtcDateTime

_SAMPLES: Mapping[type, object] = {
    bool: True,
    int: 1,
    float: 1.5,
    Decimal: Decimal("1.5"),
    str: "x",
    date: date(2026, 3, 2),
    time: time(9),
}


def fill(connection: Connection, metadata: MetaData) -> None:
    """Insert a row into each table, parents first; every key is 1."""
    for table in metadata.sorted_tables:
        connection.execute(table.insert().values(a_row_of(table)))


def a_row_of(table: Table) -> dict[str, object]:
    """Something for every column of a table."""
    return {
        column.name: 1 if column.primary_key and _is_number(column) else _sample(column.type)
        for column in table.columns
        if not (column.nullable and column.foreign_keys)
    }


def _is_number(column: Column[Any]) -> bool:
    return not isinstance(column.type, UtcDateTime) and column.type.python_type is int


def _sample(kind: TypeEngine[Any]) -> object:
    if isinstance(kind, UtcDateTime):
        return datetime(2026, 3, 2, 1, tzinfo=UTC)
    if isinstance(kind, Enum):
        return next(iter(kind.enum_class)) if kind.enum_class else kind.enums[0]
    if isinstance(kind, LargeBinary):
        return b"x"
    return {} if isinstance(kind, JSON) else _SAMPLES[kind.python_type]
