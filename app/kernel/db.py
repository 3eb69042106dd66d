"""Engine, sessions and the column types every table shares.

The same code runs on SQLite and on PostgreSQL; what differs is held here.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Engine,
    Enum,
    Executable,
    Integer,
    MetaData,
    Row,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column
from sqlalchemy.pool import ConnectionPoolEntry

POOL_SIZE = 16  # equal to the threads of one web process (stack.md §2)

_NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite gives its rowid only to INTEGER keys.
BigInt = BigInteger().with_variant(Integer, "sqlite")
Key = Annotated[int, mapped_column(BigInt, primary_key=True, autoincrement=True)]
Ref = Annotated[int, mapped_column(BigInt)]
JsonDict = Annotated[dict[str, Any], mapped_column(JSON().with_variant(JSONB, "postgresql"))]
StringList = JSON().with_variant(JSONB, "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Refuses naive values; always comes back aware, in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            msg = f"naive datetime refused: {value!r}"
            raise ValueError(msg)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite hands back naive values; they were written in UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def result_processor(
        self, dialect: Dialect, coltype: object
    ) -> Callable[[Any], datetime | None] | None:
        # A list reads two hundred instants: one call each instead of three.
        if dialect.name == "sqlite":
            return _read_sqlite
        return super().result_processor(dialect, coltype)


def _read_sqlite(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


def _values(enum: type[StrEnum]) -> list[str]:
    return [str(member) for member in enum]


class Model(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=_NAMING)
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it as a plain class attribute
        datetime: UtcDateTime,
        # By value, as text; and read back as the enum, not as str. No CHECK: a new
        # state must not need a table rebuild of ten million cases.
        StrEnum: Enum(StrEnum, native_enum=False, length=24, values_callable=_values),
    }


def rows(
    session: Session, statement: Executable, **params: object
) -> Sequence[Row[*tuple[Any, ...]]]:
    """All rows of a statement that was built once, for the paths every request takes.

    Goes past the ORM, which costs three times as much as the rest of a small query; so
    the statement selects columns, not entities. Sees what the session still has to write.
    """
    session.flush()
    return session.connection().execute(statement, params).all()


def make_engine(url: str, *, pool_size: int = POOL_SIZE) -> Engine:
    """An engine that behaves the same on SQLite and PostgreSQL."""
    # A server may have gone away between two requests; a file does not.
    is_server = not url.startswith("sqlite")
    engine = create_engine(url, pool_size=pool_size, max_overflow=0, pool_pre_ping=is_server)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # an acknowledged submission survives a power cut
        "foreign_keys=ON",
        "busy_timeout=5000",
        "cache_size=-2000",  # each of 17 connections keeps its own; the system keeps the file
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A read that later upgrades to a write fails at once under WAL, whatever
    # the timeout; so writers queue for the lock before their first read.
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
