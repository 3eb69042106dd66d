"""Rows written once by slow services and put into later databases of a test process as they are.

Knows how SQLite and PostgreSQL take many rows at once; knows nothing of what the rows mean.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Connection, func, inspect, literal, select, union_all
from sqlalchemy.orm import Session

from app import tables

_NUMBERS: Final = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
_SET: Final = "SELECT setval(quote_ident(%s)::regclass, %s)"


@dataclass(frozen=True)
class _Rows:
    """By table, parents first; what SQLite calls rows, PostgreSQL a copy; and the last numbers.

    `begun` are the tables in which migrations have written a first line.
    """

    by_table: dict[str, Any] = field(default_factory=dict)
    begun: frozenset[str] = frozenset()
    numbers: list[tuple[str, int]] = field(default_factory=list)


_BEGUN: Final = {"revisions": 1}  # rows migrations write in tables that grow
_kept: dict[Hashable, _Rows] = {}


def filled(session: Session, fill: Callable[[Session], None], *, name: Hashable) -> None:
    """Do what `fill` does: in the first empty database by calling it, then by copying its rows.

    `name` stands for everything that `fill` makes its rows of.
    """
    connection = session.connection()
    key = (connection.dialect.name, name)
    if key in _kept:
        _put(connection, _kept[key])
        return
    before = _counts(connection)
    fill(session)
    session.flush()
    grown = {table for table, rows in _counts(connection).items() if rows != before[table]}
    begun = {table: before[table] for table in grown if before[table]}
    if begun in ({}, _BEGUN):
        _kept[key] = _taken(connection, grown, frozenset(begun))


def _counts(connection: Connection) -> dict[str, int]:
    there = set(inspect(connection).get_table_names())
    counted = [
        select(literal(table.name), func.count()).select_from(table)
        for table in tables.metadata.sorted_tables
        if table.name in there  # one whose migration is still being written is not
    ]
    return {name: rows for name, rows in connection.execute(union_all(*counted))}  # noqa: C416  # typed


def _taken(connection: Connection, grown: set[str], begun: frozenset[str]) -> _Rows:
    names = [table.name for table in tables.metadata.sorted_tables if table.name in grown]
    cursor = connection.connection.cursor()
    if connection.dialect.name == "sqlite":
        return _Rows({name: cursor.execute(_all(name)).fetchall() for name in names}, begun)
    copies = {}
    for name in names:
        with cursor.copy(f"COPY {name} TO STDOUT") as copy:
            copies[name] = b"".join(bytes(piece) for piece in copy)
    return _Rows(copies, begun, list(cursor.execute(_NUMBERS).fetchall()))


def _all(name: str) -> str:
    return f"SELECT * FROM {name}"  # noqa: S608  # a table of ours


def _put(connection: Connection, kept: _Rows) -> None:
    cursor = connection.connection.cursor()
    for name in reversed([name for name in kept.by_table if name in kept.begun]):
        cursor.execute(f"DELETE FROM {name}")  # noqa: S608  # a table of ours
    for name, rows in kept.by_table.items():
        if connection.dialect.name == "sqlite":
            marks = ",".join("?" * len(rows[0]))
            cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608  # ours
        else:
            with cursor.copy(f"COPY {name} FROM STDIN") as copy:
                copy.write(rows)
    if kept.numbers:
        cursor.executemany(_SET, kept.numbers)
